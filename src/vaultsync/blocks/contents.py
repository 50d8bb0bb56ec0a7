"""What a note holds besides its claim, as parts that can stand in another note."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from vaultsync.blocks.context import Context, bullets, literal
from vaultsync.core.config import Section
from vaultsync.notes.body import Relation
from vaultsync.notes.note import Note


class Part(msgspec.Struct, frozen=True):
    """A part of a note: paragraphs under no heading, a property, or the items of a section."""

    name: str
    text: str
    is_list: bool = False
    is_property: bool = False


def contents(note: Note, context: Context) -> Iterator[Part]:
    """Yield the caveat, more prose, the properties that the settings name, and the sections."""
    if note.body.caveat:
        name = note.type.body.caveat.rstrip(":")
        yield Part(name, context.quote(note.body.caveat.text, note))
    if note.body.prose:
        yield Part("notes", "\n\n".join(context.quote(part.text, note) for part in note.body.prose))
    for name in context.config.publish.details:
        values = [literal(value) for value in note.document.list_property(name)]
        if values:
            label = label_of(name)
            yield Part(label, f"{label}: {', '.join(values)}", is_property=True)
    for name, section in note.type.body.sections.items():
        items = list(_items(note, name, section, context))
        if items:
            yield Part(name, bullets(items), is_list=True)


def label_of(name: str) -> str:
    """Return the name of a property as readers see it."""
    return name.replace("_", " ").capitalize()


def _items(note: Note, name: str, section: Section, context: Context) -> Iterator[str]:
    if section.items == "relation":
        yield from relations(note, context)
        return
    found = note.body.sections.get(name)
    items = (context.item(item, note) for item in (found.items if found else ()))
    yield from filter(None, items)


def relations(note: Note, context: Context) -> Iterator[str]:
    """Yield a line for each related note that readers see, whichever side names the relation."""
    for other, source, relation in context.related.get(note.path, ()):
        reason = context.quote(_reason(relation), source)
        yield f"{context.link(other)}: {reason}".removesuffix(": ")


def _reason(relation: Relation) -> str:
    tension = "tension: " if relation.tension else ""
    crux = f" (crux: {relation.crux})" if relation.crux else ""
    return f"{tension}{relation.reason}{crux}"

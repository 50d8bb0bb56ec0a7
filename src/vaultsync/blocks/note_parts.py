"""What a note holds besides its claim, in parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from vaultsync.blocks.context import Context, bullet_list, escape_markdown
from vaultsync.core.config import Section
from vaultsync.notes.body import Item, Paragraph, Relation
from vaultsync.notes.note import Note

# The name of what the author wrote under no heading of the type.
_NOTES = "notes"
_LINE = re.compile(r"^(?=.)", re.MULTILINE)


class NotePart(msgspec.Struct, frozen=True):
    """A part of a note: paragraphs under no heading, a property, or the items of a section."""

    name: str
    text: str
    is_list: bool = False
    is_property: bool = False


def note_parts(note: Note, context: Context) -> Iterator[NotePart]:
    """Yield the caveat, more prose, the properties that the settings name, and the sections.

    Together they hold all that the author wrote in the note besides the claim, but for relations to
    notes that readers do not see.
    """
    if note.body.caveat:
        name = note.type.body.caveat.rstrip(":")
        yield NotePart(name, context.quote(note.body.caveat.text, note))
    if note.body.prose:
        yield NotePart(_NOTES, _blocks(note.body.prose, note, context))
    for name in context.config.publish.details:
        values = [escape_markdown(value) for value in note.document.list_property(name)]
        if values:
            label = property_label(name)
            yield NotePart(label, f"{label}: {', '.join(values)}", is_property=True)
    for name, section in note.type.body.sections.items():
        if text := _section_text(note, name, section, context):
            yield NotePart(name, text, is_list=True)
    if note.body.others:
        yield NotePart(_NOTES, _blocks(note.body.others, note, context))


def property_label(name: str) -> str:
    """Return the name of a property as readers see it."""
    return name.replace("_", " ").capitalize()


def _blocks(blocks: Iterable[Paragraph], note: Note, context: Context) -> str:
    return "\n\n".join(context.quote(block.text, note) for block in blocks)


def _section_text(note: Note, name: str, section: Section, context: Context) -> str:
    """Return a section with its items as list items; those that relate notes come first, once."""
    found = note.body.sections.get(name)
    parts: list[Item | Paragraph] = [*found.items, *found.others] if found else []
    text = bullet_list(related_notes(note, context)) if section.items == "relation" else ""
    was_item = bool(text)
    for part in sorted(parts, key=lambda part: part.span):
        if isinstance(part, Item):
            shown, gap = _item(part, note, context), "\n" if was_item else "\n\n"
        else:
            shown, gap = context.quote(part.text, note), "\n\n"
        if shown:
            text = f"{text}{gap}{shown}" if text else shown
            was_item = isinstance(part, Item)
    return text


def _item(item: Item, note: Note, context: Context) -> str:
    """Return an item with what is nested in it; of a relation, which both ends list, that alone."""
    text = "" if isinstance(item.value, Relation) else context.item(item, note) or ""
    more = _LINE.sub("  ", context.quote(item.more, note))
    if not text:
        return f"- {more.lstrip()}" if more else ""
    gap = "\n\n" if item.more.startswith("\n\n") else "\n"
    return f"- {text}{gap}{more}" if more else f"- {text}"


def related_notes(note: Note, context: Context) -> Iterator[str]:
    """Yield a line for each related note that readers see, whichever side names the relation."""
    for other, source, relation in context.related.get(note.path, ()):
        tension = "tension: " if relation.tension else ""
        crux = f" (crux: {relation.crux})" if relation.crux else ""
        own = relation.reason_at(its_own_note=source is note)
        reason = context.quote(f"{tension}{own}{crux}", source)
        yield f"{context.link(other)}: {reason}".removesuffix(": ")

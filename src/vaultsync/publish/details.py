"""What a note holds besides its claim, folded under its bullet."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.blocks import Context, literal
from vaultsync.body import Relation
from vaultsync.config import Section
from vaultsync.notes import Note


def details(note: Note, context: Context) -> str:
    """Return a folded part in Markdown, indented to belong to a list item; "" if there is none."""
    parts = list(_parts(note, context))
    if not parts:
        return ""
    names = ", ".join(name for name, _ in parts)
    summary = names[:1].upper() + names[1:].lower()
    opening = f"<details>\n<summary>{summary}</summary>"
    text = "\n\n".join([opening, *(text for _, text in parts), "</details>"])
    return "\n\n" + "\n".join(f"  {line}" if line else "" for line in text.split("\n"))


def _parts(note: Note, context: Context) -> Iterator[tuple[str, str]]:
    if note.body.caveat:
        yield note.type.body.caveat.rstrip(":"), context.quote(note.body.caveat.text, note)
    if note.body.prose:
        yield "notes", "\n\n".join(context.quote(part.text, note) for part in note.body.prose)
    for name in context.config.publish.details:
        values = [literal(value) for value in note.document.list_property(name)]
        if values:
            label = name.replace("_", " ").capitalize()
            yield label, f"{label}: {', '.join(values)}"
    for name, section in note.type.body.sections.items():
        items = list(_items(note, name, section, context))
        if items:
            listed = "\n".join(f"- {item}" for item in items)
            yield name, f"{name}\n\n{listed}"


def _items(note: Note, name: str, section: Section, context: Context) -> Iterator[str]:
    if section.items == "relation":
        yield from relations(note, context)
        return
    found = note.body.sections.get(name)
    items = (context.item(item, note) for item in (found.items if found else ()))
    yield from filter(None, items)


def relations(note: Note, context: Context) -> Iterator[str]:
    """Yield a line for each related note that readers see, whichever side names the relation."""
    for other in (other for other in context.published if other is not note):
        for source, target in ((note, other), (other, note)):
            for relation in source.relations():
                if context.index.resolve(relation.target, source.path)[:1] == (target.path,):
                    reason = context.quote(_reason(relation), source)
                    yield f"{context.link(other)}: {reason}".removesuffix(": ")


def _reason(relation: Relation) -> str:
    tension = "tension: " if relation.tension else ""
    crux = f" (crux: {relation.crux})" if relation.crux else ""
    return f"{tension}{relation.reason}{crux}"

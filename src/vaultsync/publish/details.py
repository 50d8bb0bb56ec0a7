"""What a note holds besides its claim, folded under its bullet."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from vaultsync.blocks import Context, Part, bullets, contents, day_name
from vaultsync.notes.link_index import wikilink
from vaultsync.notes.note import Note

_UNCHECKED = "not checked yet"


def details(note: Note, context: Context, history: Iterable[str] = ()) -> str:
    """Return a folded part in Markdown, indented to belong to a list item; "" if there is none.

    `history` are lines of Markdown.
    """
    parts = list(contents(note, context))
    days = list(history)
    parts += [Part("History", bullets(days), is_list=True)] if days else []
    checked = _checked(note)
    if not parts and not checked:
        return ""
    link = wikilink(note.path, context.index, f"Link to this {note.type_name}")
    foot = " ".join(filter(None, [checked, link]))
    text = "\n\n".join([f"<details>\n{_summary(parts, note)}", *_texts(parts), foot, "</details>"])
    return "\n\n" + "\n".join(f"  {line}" if line else "" for line in text.split("\n"))


def more(note: Note, history: Iterable[str]) -> str:
    """Return what stands behind a note that is shown unfolded, as Markdown."""
    days = bullets(history)
    return "\n\n".join(filter(None, [days and f"History:\n\n{days}", _checked(note)]))


def _texts(parts: Iterable[Part]) -> Iterator[str]:
    """Yield the text of each part, properties together as the lines of one paragraph."""
    for are_properties, together in itertools.groupby(parts, key=lambda part: part.is_property):
        if are_properties:
            yield "\\\n".join(part.text for part in together)
        else:
            yield from (_titled(part) for part in together)


def _titled(part: Part) -> str:
    return f"{part.name}\n\n{part.text}" if part.is_list else part.text


def _summary(parts: Iterable[Part], note: Note) -> str:
    """Return the summary: what can be unfolded, and whether a person has checked the claim."""
    names = ", ".join(part.name for part in parts if not part.is_property)
    shown = names[:1].upper() + names[1:].lower() or "More"
    mark = f" <small>{_UNCHECKED}</small>" if is_checked(note) is False else ""
    return f"<summary>{shown}{mark}</summary>"


def is_checked(note: Note) -> bool | None:
    """Whether a person compared the note with its source; None where its type does not ask."""
    return _day(note) != "" if note.type.checked else None


def _checked(note: Note) -> str:
    """Return a sentence on whether a person compared the note with its source."""
    if not note.type.checked:
        return ""
    if day := _day(note):
        return f"Checked against its source on {day_name(day, with_year=True)}."
    return "No person has checked this against its source yet."


def _day(note: Note) -> str:
    return note.document.text_property(note.type.checked) or ""

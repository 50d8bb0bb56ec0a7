"""What a note has in addition to its claim, folded under its bullet, and its history."""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Iterable, Iterator, Mapping

import msgspec

from vaultsync.blocks.context import Context, bullet_list
from vaultsync.blocks.journal import (
    WIKILINK,
    Sentence,
    dated_lines,
    format_day,
    journal_in,
    read_sentence,
)
from vaultsync.blocks.list_blocks import NotePart, note_parts
from vaultsync.blocks.quote import find_blocks, uncommented
from vaultsync.notes.link_index import wikilink
from vaultsync.notes.note import Note, stem

_UNCHECKED = "not checked yet"
_RENAMED = re.compile(r", before: (?P<name>.+)")
_OF_THE_NOTE = re.compile(rf"(?: in| from| into)? {WIKILINK}")
# Their lines reveal internals of the vault: values of any property, names of folders.
_QUIET = frozenset({"changed", "removed", "refiled"})


def details(note: Note, context: Context, history: Iterable[str] = ()) -> str:
    """Return a folded part in Markdown, indented to belong to a list item; "" if there is none.

    `history` are lines of Markdown.
    """
    parts = list(note_parts(note, context))
    days = list(history)
    parts += [NotePart("History", bullet_list(days), is_list=True)] if days else []
    checked = _checked(note)
    if not parts and not checked:
        return ""
    link = wikilink(note.path, context.index, f"Link to this {note.type_name}")
    foot = " ".join(filter(None, [checked, link]))
    text = "\n\n".join([f"<details>\n{_summary(parts, note)}", *_texts(parts), foot, "</details>"])
    return "\n\n" + "\n".join(f"  {line}" if line else "" for line in text.split("\n"))


def more(note: Note, history: Iterable[str]) -> str:
    """Return what follows a note that is shown unfolded, as Markdown."""
    days = bullet_list(history)
    return "\n\n".join(filter(None, [days and f"History:\n\n{days}", _checked(note)]))


def _texts(parts: Iterable[NotePart]) -> Iterator[str]:
    """Yield the text of each part, properties together as the lines of one paragraph."""
    for are_properties, together in itertools.groupby(parts, key=lambda part: part.is_property):
        if are_properties:
            yield "\\\n".join(part.text for part in together)
        else:
            yield from (_titled(part) for part in together)


def _titled(part: NotePart) -> str:
    return f"{part.name}\n\n{part.text}" if part.is_list else part.text


def _summary(parts: Iterable[NotePart], note: Note) -> str:
    """Return the summary: what can be unfolded, and whether a person has checked the claim."""
    names = ", ".join(part.name for part in parts if not part.is_property)
    shown = names[:1].upper() + names[1:].lower() or "More"
    mark = f" <small>{_UNCHECKED}</small>" if is_checked(note) is False else ""
    return f"<summary>{shown}{mark}</summary>"


def is_checked(note: Note) -> bool | None:
    """Whether a person compared the note with its source; None where its type does not need it."""
    return _day(note) != "" if note.type.checked else None


def _checked(note: Note) -> str:
    """Return a sentence on whether a person compared the note with its source."""
    if not note.type.checked:
        return ""
    if day := _day(note):
        return f"Checked against its source on {format_day(day, with_year=True)}."
    return "No person has checked this against its source yet."


def _day(note: Note) -> str:
    return note.document.text_property(note.type.checked) or ""


class HistoryEntry(msgspec.Struct, frozen=True):
    """A line of the journal on a note: a day as YYYY-MM-DD, Markdown without that note's name.

    `about` is the property whose values it shows, "" for none.
    """

    date: str
    text: str
    about: str = ""


class NoteHistory(msgspec.Struct, frozen=True):
    """By a note's path: its entries, the newest first, and the names it had before."""

    entries: Mapping[str, tuple[HistoryEntry, ...]] = {}
    names: Mapping[str, tuple[str, ...]] = {}

    def of(self, path: str, shown: Container[str]) -> tuple[HistoryEntry, ...]:
        """Return the entries of a note, values of properties only where those are shown."""
        entries = self.entries.get(path, ())
        return tuple(one for one in entries if not one.about or one.about in shown)


def note_history(context: Context) -> NoteHistory:
    """Return the history of the notes that readers see, the newest day first.

    There is none unless the post shows the changelog: a journal might be the author's alone.
    """
    post = uncommented(context.vault.documents[context.config.publish.post])
    if all(block.kind != "changelog" for block in find_blocks(post)[0]):
        return NoteHistory()
    entries: dict[str, dict[HistoryEntry, None]] = {}
    names: dict[str, dict[str, None]] = {}
    note, seen = context.config.changelog.note, {note.path for note in context.published}
    lines = dated_lines(journal_in(context.vault.documents.get(note)))
    for date, line in sorted(lines, key=lambda dated: dated[0], reverse=True):
        about = context.linked(line, note)
        entry = read_sentence(line)
        if about and seen.issuperset(about):
            shown = entry.extra if entry and entry.kind == "moved" else ""
            for path, text in _texts_by_note(line, entry, about):
                entries.setdefault(path, {})[HistoryEntry(date, text, shown)] = None
        renamed = _RENAMED.search(line) if entry and entry.kind == "renamed" else None
        if renamed and about:
            names.setdefault(about[0], {})[stem(renamed["name"])] = None
    return NoteHistory(
        {path: tuple(found) for path, found in entries.items()},
        {path: tuple(found) for path, found in names.items()},
    )


def _texts_by_note(
    line: str, entry: Sentence | None, about: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Yield a line as a text on each note that it is about, by path, without that note's name."""
    if entry is None:
        yield from ((path, line) for path in dict.fromkeys(about))
    elif entry.kind == "linked":
        one, other = entry.links
        yield from ((about[0], f"Linked with {other}"), (about[1], f"Linked with {one}"))
    elif entry.kind == "renamed":
        yield about[0], entry.verb
    elif entry.kind not in _QUIET:
        yield about[0], _OF_THE_NOTE.sub("", line, count=1)

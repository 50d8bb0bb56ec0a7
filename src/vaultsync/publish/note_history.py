"""What the journal says of single notes, as their history."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping

import msgspec

from vaultsync.blocks import (
    WIKILINK,
    Context,
    Entry,
    find_blocks,
    journal_of,
    lines_of_days,
    read_entry,
    uncommented,
)
from vaultsync.notes.note import stem

_RENAMED = re.compile(r", before: (?P<name>.+)")
_OF_THE_NOTE = re.compile(rf"(?: in| from| into)? {WIKILINK}")
# What they tell besides is a matter of the vault: values of any property, names of folders.
_QUIET = frozenset({"changed", "removed", "refiled"})


class Told(msgspec.Struct, frozen=True):
    """What the journal says of a note: a day as YYYY-MM-DD, and Markdown without that note's name.

    `about` is the property whose values it tells, "" for none.
    """

    date: str
    text: str
    about: str = ""


class NoteDays(msgspec.Struct, frozen=True):
    """By a note's path: what is told of it, the newest first, and the names it had before."""

    told: Mapping[str, tuple[Told, ...]] = {}
    names: Mapping[str, tuple[str, ...]] = {}

    def of(self, path: str, shown: Container[str]) -> tuple[Told, ...]:
        """Return what is told of a note, values of properties only where those are shown."""
        told = self.told.get(path, ())
        return tuple(one for one in told if not one.about or one.about in shown)


def note_days(context: Context) -> NoteDays:
    """Return the history of the notes that readers see, the newest day first.

    There is none unless the post shows the changelog: a journal might be the author's alone.
    """
    post = uncommented(context.vault.documents[context.config.publish.post])
    if all(block.kind != "changelog" for block in find_blocks(post)[0]):
        return NoteDays()
    told: dict[str, dict[Told, None]] = {}
    names: dict[str, dict[str, None]] = {}
    note, seen = context.config.changelog.note, {note.path for note in context.published}
    lines = lines_of_days(journal_of(context.vault.documents.get(note)))
    for date, line in sorted(lines, key=lambda dated: dated[0], reverse=True):
        about = context.linked(line, note)
        entry = read_entry(line)
        if about and seen.issuperset(about):
            shown = entry.extra if entry and entry.kind == "moved" else ""
            for path, said in _said(line, entry, about):
                told.setdefault(path, {})[Told(date, said, shown)] = None
        renamed = _RENAMED.search(line) if entry and entry.kind == "renamed" else None
        if renamed and about:
            names.setdefault(about[0], {})[stem(renamed["name"])] = None
    return NoteDays(
        {path: tuple(found) for path, found in told.items()},
        {path: tuple(found) for path, found in names.items()},
    )


def _said(line: str, entry: Entry | None, about: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield what a line says of each note it is about, by path, without naming that note."""
    if entry is None:
        yield from ((path, line) for path in dict.fromkeys(about))
    elif entry.kind == "linked":
        one, other = entry.links
        yield from ((about[0], f"Linked with {other}"), (about[1], f"Linked with {one}"))
    elif entry.kind == "renamed":
        yield about[0], entry.verb
    elif entry.kind not in _QUIET:
        yield about[0], _OF_THE_NOTE.sub("", line, count=1)

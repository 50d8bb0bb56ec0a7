"""What the journal says of single notes, as their history on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from vaultsync.blocks import (
    WIKILINK,
    Context,
    Entry,
    day_entries,
    find_blocks,
    journal_of,
    read_entry,
    uncommented,
)
from vaultsync.notes import stem

_RENAMED = re.compile(r", before: (?P<name>.+)")
_OF_THE_NOTE = re.compile(rf"(?: in| from| into)? {WIKILINK}")
# What they tell besides is a matter of the vault: values of any property, names of folders.
_QUIET = frozenset({"changed", "removed", "refiled"})


class NoteDays(msgspec.Struct, frozen=True):
    """By a note's path: the lines of its history as Markdown, and the names it had before."""

    lines: Mapping[str, tuple[str, ...]] = {}
    names: Mapping[str, tuple[str, ...]] = {}


def note_days(context: Context) -> NoteDays:
    """Return the history of the notes that readers see, the newest day first.

    There is none unless the post shows the changelog: a journal might be the author's alone. A
    property's values are told where the settings show that property.
    """
    post = uncommented(context.vault.documents[context.config.publish.post])
    if all(block.kind != "changelog" for block in find_blocks(post)[0]):
        return NoteDays()
    lines: dict[str, dict[str, None]] = {}
    names: dict[str, dict[str, None]] = {}
    note, seen = context.config.changelog.note, {note.path for note in context.published}
    for day in day_entries(journal_of(context.vault.documents.get(note))):
        for line in day.lines:
            about = context.linked(line, note)
            entry = read_entry(line)
            if about and seen.issuperset(about):
                for path, said in _said(line, entry, about, context):
                    lines.setdefault(path, {})[f"{day.title}: {said}"] = None
            renamed = _RENAMED.search(line) if entry and entry.kind == "renamed" else None
            if renamed and about:
                names.setdefault(about[0], {})[stem(renamed["name"])] = None
    return NoteDays(_frozen(lines), _frozen(names))


def _said(
    line: str, entry: Entry | None, about: tuple[str, ...], context: Context
) -> Iterator[tuple[str, str]]:
    """Yield what a line says of each note it is about, by path, without naming that note."""
    if entry is None:
        yield from ((path, line) for path in dict.fromkeys(about))
    elif entry.kind == "linked":
        one, other = entry.links
        yield from ((about[0], f"Linked with {other}"), (about[1], f"Linked with {one}"))
    elif entry.kind == "renamed":
        yield about[0], entry.verb
    elif entry.kind not in _QUIET and (entry.kind != "moved" or _is_shown(entry.extra, context)):
        yield about[0], _OF_THE_NOTE.sub("", line, count=1)


def _is_shown(name: str, context: Context) -> bool:
    settings = context.config.publish
    return name in {*settings.details, *settings.filters, settings.map}


def _frozen(found: Mapping[str, Mapping[str, None]]) -> Mapping[str, tuple[str, ...]]:
    return {path: tuple(values) for path, values in found.items()}

"""Record what is new in the journal, and refresh the blocks that are made of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import msgspec

from vaultsync.blocks import WIKILINK, Context, Journal, journal_in, read_sentence
from vaultsync.changelog.compare import Change, Surroundings, compare
from vaultsync.changelog.journal import derived, keeper, outputs, with_days
from vaultsync.changelog.note_state import (
    Version,
    is_indeterminate,
    published_versions,
    read_version,
)
from vaultsync.changelog.render import Line, first_line, lines_of
from vaultsync.changelog.timeline import Day
from vaultsync.core.model import Document
from vaultsync.core.output import Output
from vaultsync.markdown.links import split_wikilink
from vaultsync.notes.link_index import linktext, wikilink
from vaultsync.notes.note import stem

_LINK = re.compile(WIKILINK)
_Key = tuple[str, ...]


class Base(msgspec.Struct, frozen=True, eq=False):
    """The last commit that wrote the journal.

    `before` are its published notes among those that changed since, by path, and `now` what these
    have become, as far as git tracks it; `journal` is the one in it and `day` that of the commit.
    `committed` is the journal of the last commit of all, into which a merge may have brought more.
    `moves` are the renames since then, old path to new; `dates` is the day of the last commit since
    then for each path that one changed; `lines` are the texts of `Changelog:` trailers since then,
    each with its day. Days are YYYY-MM-DD. `history` returns all days, the newest first; it takes
    long.
    """

    before: Mapping[str, Version]
    now: Mapping[str, Document]
    journal: Journal
    committed: Journal
    day: str
    moves: Mapping[str, str]
    dates: Mapping[str, str]
    lines: tuple[tuple[str, str], ...]
    history: Callable[[], Iterable[Day]]


def record(context: Context, base: Base | None, today: str) -> list[Output]:
    """Return the notes that change when the journal takes in what is new.

    Without a `base` the journal was never committed: an empty one gets its first entry. Raises
    `VaultError` where the vault has no journal.
    """
    document = keeper(context)
    journal = journal_in(document)
    if base is None:
        journal = _begun(context, journal, today)
    else:
        journal = _Record(context, base, journal).brought_up(today)
    return outputs(context, document, with_days(context, journal))


def _begun(context: Context, journal: Journal, today: str) -> Journal:
    """Give a journal without lines its first entry; count again in one that is not committed."""
    first = context.config.changelog.first
    notes = published_versions(context.vault, context.config)
    line = first_line(first, (note.type for note in notes.values()))
    entry = re.compile(rf"{re.escape(first)}: \d+ .+")
    entries = {(date, text) for date, text in journal.lines if entry.fullmatch(text)}
    known = any(text == line for _, text in entries)
    # A journal that was made from the whole history has lines after its first entry.
    has_changes = any(read_sentence(text) for _, text in journal.lines)
    if not line or known or has_changes or (journal.lines and not entries):
        return journal
    date = min((date for date, _ in entries), default=today)
    return journal.without(frozenset(entries)).add(date, (line,))


class _Record:
    """What is new since the base, beside what the journal already records of it."""

    def __init__(self, context: Context, base: Base, journal: Journal) -> None:
        self.context, self.base = context, base
        config, now = context.config, base.now
        # What happened to a note that cannot be read is not known.
        lost = {path for path in base.before if path in now and is_indeterminate(now[path], config)}
        before = {path: old for path, old in base.before.items() if path not in lost}
        read = {path: read_version(document, config) for path, document in now.items()}
        after = {path: new for path, new in read.items() if new and path not in lost}
        around = Surroundings(self._resolve, context.vault.files, self._unchanged)
        changes = compare(before, after, base.moves, around)
        lines = lines_of(changes, lambda path, title: wikilink(path, context.index, title))
        self.wanted = {self._key(line.text): line for line in lines}
        self.journal = _relinked(context, journal, changes)
        self.published = _relinked(context, base.journal, changes).lines
        self.committed = _relinked(context, base.committed, changes).lines

    def _unchanged(self, path: str) -> Version | None:
        document = self.context.vault.documents.get(path)
        return read_version(document, self.context.config) if document else None

    def _resolve(self, target: str, source: str) -> str | None:
        return next(iter(self.context.index.resolve(target, source)), None)

    def brought_up(self, today: str) -> Journal:
        """Add the changes without a line written since the base; drop what no longer holds."""
        pending = self._pending()
        dropped = self._stale(pending - self.committed)
        journal = self.journal.without(frozenset(dropped))
        recorded = {self._key(line) for _, line in pending - dropped}
        others = [line for _, line in pending if not read_sentence(line)]
        own = {name for line in others for name in self._names(line)}
        new: dict[str, list[str]] = {}
        for key, line in self.wanted.items():
            date = self._date(line, today)
            if (
                key not in recorded
                and own.isdisjoint(line.paths)
                and (date, line.text) not in (journal.lines)
            ):
                new.setdefault(date, []).append(line.text)
        for date, text in self.base.lines:
            if (date, text) not in journal.lines and text not in new.get(date, ()):
                new.setdefault(date, []).append(text)
        for date in sorted(new):
            journal = journal.add(date, tuple(new[date]))
        return journal

    def _date(self, line: Line, today: str) -> str:
        return next((self.base.dates[p] for p in line.paths if p in self.base.dates), today)

    def _pending(self) -> set[tuple[str, str]]:
        """Return the lines not yet published, but for those that are a published one rewritten."""
        changed = self.published - self.journal.lines
        keys = {self._key(line) for _, line in changed if read_sentence(line)}
        places = {(date, name) for date, line in changed for name in self._names(line)}
        return {
            (date, line)
            for date, line in self.journal.lines - self.published
            if self._key(line) not in keys
            and not any((date, name) in places for name in self._names(line))
        }

    def _stale(self, pending: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return the lines of ours that are not yet committed and no longer so.

        A line before the last day published, or the day of the base, is the author's: we add none
        there. A line that is there twice, or beside the line that adds its note, comes from a
        branch that is being merged.
        """
        last = max((self.base.day, *(date for date, _ in self.published)))
        times = Counter(self._key(line) for _, line in pending)
        found = {
            (date, line)
            for date, line in pending
            if times[self._key(line)] == 1 and self._is_untrue(line, recent=date >= last)
        }
        return found - self._history() if any(date == self.base.day for date, _ in found) else found

    def _history(self) -> frozenset[tuple[str, str]]:
        """Return the lines of a rebuilt journal: an author may have rebuilt it."""
        return derived(self.context, self.base.history(), {}).lines

    def _is_untrue(self, line: str, *, recent: bool) -> bool:
        entry, key = read_sentence(line), self._key(line)
        if entry is None:
            return False
        if key not in self.wanted:
            return recent and ("added", key[1]) not in {known[:2] for known in self.wanted}
        return entry.detail not in self.wanted[key].text

    def _key(self, line: str) -> _Key:
        """Return what identifies one of our lines: its kind, its notes and the rest of its text."""
        entry = read_sentence(line)
        if entry is None:
            return ("", line)
        paths = map(self._path, entry.links)
        return (entry.kind, *paths, entry.extra)

    def _names(self, line: str) -> list[str]:
        """Return the paths of the notes that a line links to; targets where there is no note."""
        return [self._path(found[0]) for found in _LINK.finditer(line)]

    def _path(self, link: str) -> str:
        target = split_wikilink(link[2:-2])[0]
        return self._resolve(target, self.context.config.changelog.note) or target


def _relinked(context: Context, journal: Journal, changes: tuple[Change, ...]) -> Journal:
    """Let older lines lead to renamed notes by their new name, and to removed ones not at all."""
    names: dict[str, str | None] = {}
    for change in changes:
        if change.kind in {"renamed", "merged"}:
            new = linktext(change.path, context.index)
            names |= {stem(change.before): new, change.before.removesuffix(".md"): new}
        elif change.kind == "removed":
            names |= {stem(change.path): None, change.path.removesuffix(".md"): None}
    if not names:
        return journal

    def relink(found: re.Match[str]) -> str:
        target, _, display = split_wikilink(found[0][2:-2])
        if target not in names or context.index.resolve(target, context.config.changelog.note):
            return found[0]
        new = names[target]
        return display or stem(target) if new is None else found[0].replace(target, new, 1)

    days = (msgspec.structs.replace(day, text=_LINK.sub(relink, day.text)) for day in journal.days)
    return Journal(journal.head, tuple(days))

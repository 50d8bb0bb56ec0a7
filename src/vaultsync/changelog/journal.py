"""The note that contains the journal: record what is new in it, or make it from the history."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import msgspec

from vaultsync.blocks.context import Context
from vaultsync.blocks.fill import refresh_blocks, replace_contents
from vaultsync.blocks.journal import (
    WIKILINK,
    Journal,
    build_journal,
    journal_block,
    journal_in,
    read_sentence,
)
from vaultsync.changelog import note_state
from vaultsync.changelog.compare import Change, Surroundings, compare
from vaultsync.changelog.render import first_line, lines_of
from vaultsync.changelog.timeline import Day
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.core.output import Output
from vaultsync.markdown.links import split_wikilink
from vaultsync.notes.link_index import linktext, wikilink
from vaultsync.notes.note import stem

_LINK = re.compile(WIKILINK)


def keeper(context: Context) -> Document:
    """Return the note that contains the journal; raise `VaultError` where there is none."""
    path = context.config.changelog.note
    document = context.vault.documents.get(path)
    if document is None:
        raise VaultError(
            f"{path}: there is no such note: make it, with a `changelog` block, or name another "
            "as `changelog.note` in vaultsync.toml"
        )
    if document.error:
        raise VaultError(f"{path}: {document.error}")
    if journal_block(document) is None:
        raise VaultError(
            f"{path}: there is no `changelog` block in this note: add "
            '`<!-- vaultsync:changelog style="full" -->` and `<!-- /vaultsync -->`, each on a '
            "line of its own with a blank line between"
        )
    return document


def outputs(context: Context, document: Document, journal: Journal) -> list[Output]:
    """Return the notes that change when `document` contains the journal.

    The days that the settings name and the journal does not have are added to it.
    """
    written, block = {day.date for day in journal.days}, journal_block(document)
    for date, line in sorted(context.config.changelog.days.items()):
        if date not in written:
            journal = journal.add(date, line)
    text = replace_contents(document, lambda one: journal.text() if one == block else None)
    vault = context.vault.with_document(note_state.properties_of(document.path, text.encode()))
    return refresh_blocks(Context(vault, context.config), "history", before=context.vault)


def rebuild(context: Context, days: Iterable[Day]) -> list[Output]:
    """Return the notes that change when the journal is made of `days`, the newest first.

    The text before the first day stays; the days themselves are replaced. Raises
    `VaultError` where the vault has no journal.
    """
    document, own = keeper(context), context.config.changelog.days
    return outputs(context, document, derived(context, days, own, journal_in(document).head))


def derived(
    context: Context, days: Iterable[Day], own: Mapping[str, str], head: str = ""
) -> Journal:
    """Return the journal of days, the newest first.

    A day that is among `own` has that line alone. Links lead to a note's present name; of a note
    that is gone only the title is shown.
    """
    names: dict[str, str] = {}

    def link(path: str, title: str) -> str:
        found = context.index.resolve(f"/{names.get(path, path)}", "")
        return wikilink(found[0], context.index, title) if found else " ".join(title.split())

    written = []
    for day in days:
        began = first_line(context.config.changelog.first, day.types)
        changed = [began] if began else [line.text for line in lines_of(day.changes, link)]
        lines = [own[day.date]] if day.date in own else [*day.lines, *changed]
        written.append((day.date, dict.fromkeys(lines)))
        for change in day.changes:
            if change.kind == "renamed":
                names[change.before] = names.pop(change.path, change.path)
    return build_journal(head, written)


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

    before: Mapping[str, note_state.Version]
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
        return outputs(context, document, _begun(context, journal, today))
    return outputs(context, document, _Record(context, base, journal).brought_up(today))


def _begun(context: Context, journal: Journal, today: str) -> Journal:
    """Give a journal without lines its first entry; count again in one that is not committed."""
    first = context.config.changelog.first
    notes = note_state.published_versions(context.vault, context.config)
    line = first_line(first, (note.type for note in notes.values()))
    entry = re.compile(rf"{re.escape(first)}: \d+ .+")
    entries = {(date, text) for date, text in journal.lines if entry.fullmatch(text)}
    known = any(text == line for _, text in entries)
    # A journal that was made from the whole history has lines after its first entry.
    has_changes = any(read_sentence(text) for _, text in journal.lines)
    if not line or known or has_changes or (journal.lines and not entries):
        return journal
    date = min((date for date, _ in entries), default=today)
    return journal.without(frozenset(entries)).add(date, line)


class _Record:
    """What is new since the base, beside what the journal already records of it."""

    def __init__(self, context: Context, base: Base, journal: Journal) -> None:
        self.context, self.base, config = context, base, context.config
        now = {path: note_state.read_state(found, config) for path, found in base.now.items()}
        # What happened to a note that cannot be read is not known.
        lost = {path for path in base.before if path in now and now[path].indeterminate}
        before = {path: old for path, old in base.before.items() if path not in lost}
        after = {p: new.version for p, new in now.items() if new.version and p not in lost}
        around = Surroundings(context.index.resolve, context.vault.files, self._unchanged)
        changes = compare(before, after, base.moves, around)
        lines = lines_of(changes, lambda path, title: wikilink(path, context.index, title))
        self.wanted = {self._key(line.text): line for line in lines}
        self.journal = _relinked(context, journal, changes)
        self.published = _relinked(context, base.journal, changes).lines
        self.committed = _relinked(context, base.committed, changes).lines

    def _unchanged(self, path: str) -> note_state.Version | None:
        document = self.context.vault.documents.get(path)
        return note_state.read_version(document, self.context.config) if document else None

    def brought_up(self, today: str) -> Journal:
        """Add the changes without a line written since the base; drop what no longer holds."""
        pending = self._pending()
        dropped = self._stale(pending - self.committed)
        journal = self.journal.without(frozenset(dropped))
        recorded = {self._key(line) for _, line in pending - dropped}
        others = (line for _, line in pending if not read_sentence(line))
        own = {name for line in others for name in self._names(line)}
        dates = self.base.dates
        new = [
            (next((dates[path] for path in line.paths if path in dates), today), line.text)
            for key, line in self.wanted.items()
            if key not in recorded and own.isdisjoint(line.paths)
        ]
        known = journal.lines
        for date, text in dict.fromkeys([*new, *self.base.lines]):
            if (date, text) not in known:
                journal = journal.add(date, text)
        return journal

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
        if any(date == self.base.day for date, _ in found):
            # An author may have rebuilt the journal from the history.
            found -= derived(self.context, self.base.history(), {}).lines
        return found

    def _is_untrue(self, line: str, *, recent: bool) -> bool:
        entry, key = read_sentence(line), self._key(line)
        if entry is None:
            return False
        if key not in self.wanted:
            return recent and ("added", key[1]) not in {known[:2] for known in self.wanted}
        return entry.detail not in self.wanted[key].text

    def _key(self, line: str) -> tuple[str, ...]:
        """Return what identifies one of our lines: its kind, its notes and the rest of its text."""
        entry = read_sentence(line)
        return (entry.kind, *map(self._path, entry.links), entry.extra) if entry else ("", line)

    def _names(self, line: str) -> list[str]:
        """Return the paths of the notes that a line links to; targets where there is no note."""
        return [self._path(found[0]) for found in _LINK.finditer(line)]

    def _path(self, link: str) -> str:
        target = split_wikilink(link[2:-2])[0]
        found = self.context.index.resolve(target, self.context.config.changelog.note)
        return found[0] if found else target


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

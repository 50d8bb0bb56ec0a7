"""Record what is new in the journal, and refresh the blocks that are made of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import msgspec

from vaultsync.blocks import (
    WIKILINK,
    Context,
    Journal,
    counted,
    fill,
    journal_block,
    journal_of,
    plain,
    replace_content,
)
from vaultsync.errors import VaultError
from vaultsync.history import Change, Snapshot, compare, snapshot
from vaultsync.links import linktext, wikilink
from vaultsync.linktext import split_wikilink
from vaultsync.model import Document
from vaultsync.notes import is_readable, stem
from vaultsync.output import Output, replaced
from vaultsync.parse import parse
from vaultsync.text import apply_edits

_WORDS_SHOWN = 12
_LINK = re.compile(WIKILINK)
# The lines that `_said` writes. Whatever else a line says, its words are the author's.
_OURS = re.compile(
    rf"(?:(?:Added|Answered|Retired|Reworded) {WIKILINK}|Removed “.+”"
    rf"|Answered in {WIKILINK}: “(?P<question>.+)”"
    rf"|Reworded {WIKILINK}(?P<words>: “.*” → “.*”)"
    rf"|Renamed {WIKILINK}, before: .+|Linked {WIKILINK} with {WIKILINK})"
)
_Key = tuple[str, ...]


class Base(msgspec.Struct, frozen=True, eq=False):
    """The last commit that wrote the journal: its published notes and the journal in it.

    `moves` are the renames since then, old path to new; `dates` tell for each path that commits
    have changed since the day of the last of them, YYYY-MM-DD.
    """

    snapshot: Snapshot
    journal: Journal
    moves: Mapping[str, str]
    dates: Mapping[str, str]


def record(context: Context, base: Base | None, today: str) -> list[Output]:
    """Return the notes that change when the journal takes in what is new.

    Without a `base` the journal was never committed: an empty one gets its first entry. Raises
    `VaultError` where the vault keeps no journal.
    """
    document = _keeper(context)
    journal = journal_of(document)
    if base is None:
        journal = _begun(context, journal, today)
    else:
        journal = _Record(context, base, journal).brought_up(today)
    return _outputs(context, document, _with_days(context, journal))


def _keeper(context: Context) -> Document:
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


def _begun(context: Context, journal: Journal, today: str) -> Journal:
    """Give a journal without lines its first entry; count anew in one that is not committed."""
    first = context.config.changelog.first
    kinds = Counter(note.type_name for note in context.published)
    counts = ", ".join(counted(number, name) for name, number in sorted(kinds.items()))
    line = f"{first}: {counts}"
    entry = re.compile(rf"{re.escape(first)}: \d+ .+")
    entries = {(date, said) for date, said in journal.lines if entry.fullmatch(said)}
    known = any(said == line for _, said in entries)
    if not counts or known or (journal.lines and not entries):
        return journal
    date = min((date for date, _ in entries), default=today)
    return journal.without(frozenset(entries)).add(date, (line,))


def _with_days(context: Context, journal: Journal) -> Journal:
    """Put in the days that the settings name and the journal does not have."""
    written = {day.date for day in journal.days}
    for date, line in sorted(context.config.changelog.days.items()):
        if date not in written:
            journal = journal.add(date, (line,))
    return journal


class _Record:
    """What is new since the base, and what the journal already says of it."""

    def __init__(self, context: Context, base: Base, journal: Journal) -> None:
        self.context, self.base = context, base
        before = {p: v for p, v in base.snapshot.items() if not _is_unreadable(context, p)}
        changes = compare(before, snapshot(context), base.moves, context.vault.files)
        self.said = {self._key(line): (line, change.path) for line, change in self._lines(changes)}
        self.journal = _relinked(context, journal, changes)
        self.published = _relinked(context, base.journal, changes).lines

    def _lines(self, changes: tuple[Change, ...]) -> list[tuple[str, Change]]:
        return [(_said(self.context, change), change) for change in changes]

    def brought_up(self, today: str) -> Journal:
        """Add the changes that no line written since the base tells; drop what no longer holds."""
        pending = self._pending()
        dropped = self._stale(pending)
        journal = self.journal.without(frozenset(dropped))
        told = {self._key(line) for _, line in pending - dropped}
        others = [line for _, line in pending if not _OURS.fullmatch(line)]
        own = {name for line in others for name in self._names(line)}
        new: dict[str, list[str]] = {}
        for key, (line, path) in self.said.items():
            date = self.base.dates.get(path, today)
            if key not in told and path not in own and (date, line) not in journal.lines:
                new.setdefault(date, []).append(line)
        for date in sorted(new):
            journal = journal.add(date, tuple(new[date]))
        return journal

    def _pending(self) -> set[tuple[str, str]]:
        """Return the lines not yet published, but for those that are a published one rewritten."""
        changed = self.published - self.journal.lines
        keys = {self._key(line) for _, line in changed if _OURS.fullmatch(line)}
        places = {(date, name) for date, line in changed for name in self._names(line)}
        return {
            (date, line)
            for date, line in self.journal.lines - self.published
            if self._key(line) not in keys
            and not any((date, name) in places for name in self._names(line))
        }

    def _stale(self, pending: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Return the lines of ours that are not yet published and no longer so.

        A line before the last day published is the author's: we add none there. What is told
        twice, or besides its note's addition, was committed on a branch that is being merged.
        """
        last = max((date for date, _ in self.published), default="")
        times = Counter(self._key(line) for _, line in pending)
        return {
            (date, line)
            for date, line in pending
            if times[self._key(line)] == 1 and self._is_untrue(line, recent=date >= last)
        }

    def _is_untrue(self, line: str, *, recent: bool) -> bool:
        ours, key = _OURS.fullmatch(line), self._key(line)
        if ours is None:
            return False
        if key not in self.said:
            return recent and ("Added", key[1]) not in self.said
        return bool(ours["words"]) and not self.said[key][0].endswith(ours["words"])

    def _key(self, line: str) -> _Key:
        """Return what tells one of our lines from the others: its verb, notes and question."""
        ours = _OURS.fullmatch(line)
        question = ours["question"] or "" if ours else ""
        return (line.partition(" ")[0], *(self._names(line) or [line]), question)

    def _names(self, line: str) -> list[str]:
        """Return the paths of the notes that a line links to; targets where there is no note."""
        targets = [split_wikilink(found[0][2:-2])[0] for found in _LINK.finditer(line)]
        index, source = self.context.index, self.context.config.changelog.note
        return [next(iter(index.resolve(target, source)), target) for target in targets]


def _is_unreadable(context: Context, path: str) -> bool:
    """Whether a note is there but says nothing, so that nobody can tell what became of it.

    So is a note that lost its properties: a draft says that it is one.
    """
    document = context.vault.documents.get(path)
    return document is not None and not (is_readable(document) and document.properties.data)


def _said(context: Context, change: Change) -> str:
    """Return the journal's line for a change."""
    verb = change.kind.capitalize()
    link = wikilink(change.path, context.index, change.title)
    if change.kind == "removed":
        return f"{verb} “{' '.join(change.title.split())}”"
    if change.kind == "answered" and change.after:
        return f"{verb} in {link}: “{plain(change.after)}”"
    if change.kind == "renamed":
        return f"{verb} {link}, before: {change.before.removesuffix('.md')}"
    if change.kind == "reworded":
        return f"{verb} {link}{_wording(plain(change.before), plain(change.after))}"
    if change.kind == "linked":
        other = context.vault.documents[change.after]
        title = other.text_property("title") or ""
        return f"{verb} {link} with {wikilink(change.after, context.index, title)}"
    return f"{verb} {link}"


def _wording(before: str, after: str) -> str:
    """Return the words that differ, where they are few and stand together."""
    old, new = before.split(), after.split()
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    if not old or not new or max(len(old), len(new)) > _WORDS_SHOWN:
        return ""
    quoted = (re.sub(r"[\[\]]", "", " ".join(words)) for words in (old, new))
    return ": " + " → ".join(f"“{words}”" for words in quoted)


def _relinked(context: Context, journal: Journal, changes: tuple[Change, ...]) -> Journal:
    """Let older lines lead to renamed notes by their new name, and to removed ones not at all."""
    names: dict[str, str | None] = {}
    for change in changes:
        if change.kind == "renamed":
            new = linktext(change.path, context.index)
            names |= {stem(change.before): new, change.before.removesuffix(".md"): new}
        elif change.kind == "removed":
            names |= {stem(change.path): None, change.path.removesuffix(".md"): None}

    def relink(found: re.Match[str]) -> str:
        target, _, display, _ = split_wikilink(found[0][2:-2])
        if target not in names or context.index.resolve(target, context.config.changelog.note):
            return found[0]
        new = names[target]
        return display or stem(target) if new is None else found[0].replace(target, new, 1)

    days = (msgspec.structs.replace(day, text=_LINK.sub(relink, day.text)) for day in journal.days)
    return Journal(journal.head, tuple(days))


def _outputs(context: Context, document: Document, journal: Journal) -> list[Output]:
    block = journal_block(document)
    texts = {document.path: document.text}
    if block and journal.text() != block.content(document.text):
        edit = replace_content(document.text, block, journal.text())
        texts[document.path] = apply_edits(document.text, (edit,))
    vault = context.vault.with_document(parse(document.path, texts[document.path]))
    renewed = Context(vault, context.config)
    for path, other in vault.documents.items():
        if not other.error and other.directives:
            texts[path] = fill(other, renewed, "history")
    before = context.vault.documents
    outputs = (
        replaced(path, before[path].text.encode(), text.encode()) for path, text in texts.items()
    )
    return sorted((output for output in outputs if output), key=lambda output: output.path)

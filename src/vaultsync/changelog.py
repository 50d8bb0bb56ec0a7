"""Record what is new in the journal, and refresh the blocks that are made of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import msgspec

from vaultsync.blocks import (
    Context,
    Journal,
    counted,
    fill,
    journal_block,
    journal_of,
    replace_content,
)
from vaultsync.errors import VaultError
from vaultsync.history import Change, Snapshot, compare, snapshot
from vaultsync.links import linktext, wikilink
from vaultsync.model import Document
from vaultsync.output import Output, replaced
from vaultsync.parse import parse
from vaultsync.text import apply_edits

_WORDS_SHOWN = 12
_TOOL_LINE = re.compile(
    r"(?P<verb>Added|Answered|Retired|Renamed|Reworded|Linked|Removed) "
    r"(?P<what>\[\[[^\]]+\]\]|“.+?”).*"
)
_LINK = re.compile(r"\[\[(?P<target>[^\]|#]+)[^\]|]*(?:\|(?P<display>[^\]]*))?\]\]")


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
        journal = journal if journal.lines else _first(context, today)
    else:
        journal = _brought_up(context, base, journal, today)
    return _outputs(context, document, _with_days(context, journal))


def _keeper(context: Context) -> Document:
    path = context.config.changelog.note
    document = context.vault.documents.get(path)
    if document is None:
        raise VaultError(
            f"{path}: there is no such note: make it, with a `changelog` block, or name another "
            "as `changelog.note` in vaultsync.toml"
        )
    if journal_block(document) is None:
        raise VaultError(
            f"{path}: there is no `changelog` block in this note: add "
            '`<!-- vaultsync:changelog style="full" -->` and `<!-- /vaultsync -->`, each on a '
            "line of its own with a blank line between"
        )
    return document


def _first(context: Context, today: str) -> Journal:
    kinds = Counter(note.type_name for note in context.published)
    counts = ", ".join(counted(number, name) for name, number in sorted(kinds.items()))
    if not counts:
        return Journal()
    return Journal().add(today, (f"{context.config.changelog.first}: {counts}",))


def _with_days(context: Context, journal: Journal) -> Journal:
    """Put in the days that the settings name and the journal does not have."""
    written = {day.date for day in journal.days}
    for date, line in sorted(context.config.changelog.days.items()):
        if date not in written:
            journal = journal.add(date, (line,))
    return journal


def _brought_up(context: Context, base: Base, journal: Journal, today: str) -> Journal:
    """Add the changes that no line written since the base tells, and drop what no longer holds."""
    changes = compare(base.snapshot, snapshot(context), base.moves)
    said = {_line_key(line): (line, change) for line, change in _said_all(context, changes)}
    published = base.journal.lines | _relinked(context, base.journal, changes).lines
    pending = {line: _line_key(line) for line in journal.lines - published}
    dropped = {
        line
        for line, key in pending.items()
        if key and (key not in said or _is_worn(line, said[key][0]))
    }
    journal = journal.without(frozenset(dropped))
    told = {key for line, key in pending.items() if line not in dropped}
    own_words = {name for line, key in pending.items() if not key for name in _linked_names(line)}
    new: dict[str, list[str]] = {}
    for key, (line, change) in said.items():
        if key not in told and _name(change.path) not in own_words:
            new.setdefault(base.dates.get(change.path, today), []).append(line)
    for date in sorted(new):
        journal = journal.add(date, tuple(new[date]))
    return _relinked(context, journal, changes)


def _linked_names(line: str) -> list[str]:
    return [_name(found["target"].strip()) for found in _LINK.finditer(line)]


def _said_all(context: Context, changes: tuple[Change, ...]) -> list[tuple[str, Change]]:
    return [(_said(context, change), change) for change in changes]


def _line_key(line: str) -> tuple[str, str] | None:
    """Return what a line of ours tells: its verb and its note. None for a line of the author's."""
    found = _TOOL_LINE.fullmatch(line)
    if found is None:
        return None
    links = [link["target"] for link in _LINK.finditer(line)]
    what = " ".join(links) if found["verb"] == "Linked" else links[0] if links else found["what"]
    return found["verb"], what


def _is_worn(written: str, line: str) -> bool:
    """Whether an unpublished line of ours quotes words that have changed once more."""
    shape = re.compile(r"“.*?” → “.*?”$")
    return written != line and bool(shape.search(written)) and bool(shape.search(line))


def _said(context: Context, change: Change) -> str:
    """Return the journal's line for a change."""
    verb = change.kind.capitalize()
    link = wikilink(change.path, context.index, change.title)
    if change.kind == "removed":
        return f"{verb} “{change.title}”"
    if change.kind == "renamed":
        return f"{verb} {link}, before: {change.before.removesuffix('.md')}"
    if change.kind == "reworded":
        return f"{verb} {link}{_wording(change.before, change.after)}"
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
    moved = {change.before: change.path for change in changes if change.kind == "renamed"}
    removed = {change.path for change in changes if change.kind == "removed"}
    if not moved and not removed:
        return journal
    names = {_name(path): linktext(new, context.index) for path, new in moved.items()}
    gone = {_name(path) for path in removed} - {_name(path) for path in context.vault.files}

    def relink(found: re.Match[str]) -> str:
        name = found["target"].strip().rpartition("/")[2]
        if name in gone:
            return found["display"] or found["target"]
        return found.group().replace(found["target"], names.get(name, found["target"]), 1)

    days = (msgspec.structs.replace(day, text=_LINK.sub(relink, day.text)) for day in journal.days)
    return Journal(journal.head, tuple(days))


def _name(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _outputs(context: Context, document: Document, journal: Journal) -> list[Output]:
    block = journal_block(document)
    texts = {document.path: document.text}
    if block and journal.text() != block.content(document.text):
        edit = replace_content(document.text, block, journal.text())
        texts[document.path] = apply_edits(document.text, (edit,))
    vault = context.vault.with_document(parse(document.path, texts[document.path]))
    renewed = Context(vault, context.config)
    for path, other in vault.documents.items():
        if not other.error and "vaultsync:" in other.text:
            texts[path] = fill(other, renewed, "history")
    before = context.vault.documents
    outputs = (
        replaced(path, before[path].text.encode(), text.encode()) for path, text in texts.items()
    )
    return sorted((output for output in outputs if output), key=lambda output: output.path)

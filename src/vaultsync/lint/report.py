"""Findings ready to be shown, the summary of a run, and the counts of each rule."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable
from typing import NamedTuple

import msgspec

from vaultsync.blocks.context import format_count
from vaultsync.blocks.fill import KINDS
from vaultsync.blocks.quote import GeneratedBlock, find_blocks
from vaultsync.core.text import Edit, Lines
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Checked, explained
from vaultsync.lint.engine.check_note import BLOCKS
from vaultsync.lint.rule import WHOLE_FILE, Diagnostic, Place, Related, Severity
from vaultsync.markdown import kind_of

FIXABLE = "fixable"
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")


class ShownEdit(NamedTuple):
    """An edit of a fix, with its place in lines and columns."""

    edit: Edit
    start: Place
    end: Place


class ShownRelated(NamedTuple):
    """A related place, in lines and columns of the file at `path`."""

    path: str
    start: Place
    end: Place
    message: str


class Shown(msgspec.Struct, frozen=True):
    """A diagnostic with its full message; `edits` are those of its fix, by path."""

    diagnostic: Diagnostic
    message: str
    edits: dict[str, list[ShownEdit]]
    related: list[ShownRelated]


def shown(
    found: Iterable[Diagnostic],
    context: Context,
    names: Callable[[str], str],
    *,
    folded: Collection[str] = (),
) -> list[Shown]:
    """Return diagnostics ready to be shown; `names` turns a path into how it is shown.

    Those in a generated block of the notes `folded` are one, with the command that writes it as
    remedy.
    """

    @functools.cache
    def lines(path: str) -> Lines:
        document = context.document(path)
        return Lines(document.text if document else "")

    named = functools.cache(names)
    if not folded:
        return [_shown(one, lines, named) for one in found]
    places = _by_block(found, context, folded)
    items = [(min(ones, key=_rank), len(ones), kind) for (*_, kind), ones in places.items()]
    return [_shown(one, lines, named, _remedy(kind, count)) for one, count, kind in items]


def with_blocks(checked: Checked) -> frozenset[str]:
    """Return the notes that hold generated blocks."""
    return frozenset(path for path, one in checked.results.items() if BLOCKS in one.keys)


def _by_block(
    found: Iterable[Diagnostic], context: Context, folded: Container[str]
) -> dict[tuple[str, int, str], list[Diagnostic]]:
    """Return the diagnostics of each generated block, by its note, place and kind.

    The kind of one that is in no block is "".
    """

    @functools.cache
    def blocks(path: str) -> tuple[GeneratedBlock, ...]:
        # To load every note would take longer than all else.
        document = context.vault.documents.get(path) if path in folded else None
        return find_blocks(document)[0] if document else ()

    places: dict[tuple[str, int, str], list[Diagnostic]] = {}
    for number, one in enumerate(found):
        inside = (b for b in blocks(one.path) if b.inner.start <= one.span.start < b.inner.end)
        block = next(inside, None)
        place = (one.path, block.span.start, block.kind) if block else ("", number, "")
        places.setdefault(place, []).append(one)
    return places


def _rank(diagnostic: Diagnostic) -> int:
    return _SEVERITIES.index(diagnostic.severity)


def _remedy(kind: str, count: int) -> str:
    if kind not in KINDS:
        return ""
    more = f" and {count - 1} more" if count > 1 else ""
    command = "index" if KINDS[kind].origin == "tree" else "changelog"
    return f"{more}, in a generated block: mend what it is made of and run `vaultsync {command}`"


def _shown(
    diagnostic: Diagnostic,
    lines: Callable[[str], Lines],
    names: Callable[[str], str],
    remedy: str = "",
) -> Shown:
    edits: dict[str, list[ShownEdit]] = {}
    # Most have no fix and nothing related.
    if diagnostic.fix:
        edits = {
            names(path): [ShownEdit(edit, *lines(path).positions(edit.span)) for edit in wanted]
            for path, wanted in diagnostic.fix.edits.items()
        }
    related: list[ShownRelated] = []
    if diagnostic.related:
        related = [
            ShownRelated(names(one.path), *_positions(one, lines), one.message)
            for one in diagnostic.related
        ]
    name = names(diagnostic.path)
    if name != diagnostic.path:
        diagnostic = msgspec.structs.replace(diagnostic, path=name)
    return Shown(diagnostic, explained(diagnostic) + remedy, edits, related)


def _positions(related: Related, lines: Callable[[str], Lines]) -> tuple[Place, Place]:
    # To name a file it need not be read.
    if related.span == WHOLE_FILE:
        return (1, 1), (1, 1)
    return lines(related.path).positions(related.span)


def summary(
    found: Iterable[Diagnostic], checked: Checked, scope: str | None = None, fixed: str = ""
) -> str:
    """Return the last line, "48 frames, 3 drafts, 5 TODOs: 2 errors, 1 fixable with --fix".

    `scope` is what was checked, if that was not the vault; `fixed` what was fixed: "3 in 1 file".
    """
    return counted(tally(found), checked, scope, fixed)


def tally(found: Iterable[Diagnostic]) -> Counter[str]:
    """Return how many findings there are of each severity, and how many are "fixable"."""
    counts: Counter[str] = Counter()
    for one in found:
        counts[one.severity] += 1
        counts[FIXABLE] += bool(one.fix and one.fix.safe)
    return counts


def counted(
    counts: Counter[str], checked: Checked, scope: str | None = None, fixed: str = ""
) -> str:
    """Return the summary of findings that are counted (`tally`)."""
    parts = [format_count(counts[name], name) for name in _SEVERITIES if counts[name]]
    if not counts["error"]:
        parts.insert(0, "no errors")
    if counts[FIXABLE]:
        parts.append(f"{counts[FIXABLE]} fixable with --fix")
    done = f"fixed {fixed}, left: " if fixed else ""
    return f"{scope or inventory(checked)}: {done}{', '.join(parts)}"


def inventory(checked: Checked) -> str:
    """Return what the vault holds: notes by type, drafts and open tasks; else the notes."""
    typed = [result for result in checked.results.values() if result.type_name and result.listed]
    if not typed:
        paths = checked.context.vault.documents
        return format_count(list(map(kind_of, paths)).count("note"), "note")
    kinds = Counter(result.type_name for result in typed if not result.draft)
    types = checked.context.config.types
    parts = [format_count(kinds[name], name) for name in types if kinds[name]]
    parts.append(format_count(sum(result.draft for result in typed), "draft"))
    return ", ".join([*parts, format_count(sum(result.tasks for result in typed), "TODO")])


class Count(msgspec.Struct, frozen=True):
    """How many findings a rule has, and how many of them have a safe fix."""

    code: str
    name: str
    count: int
    fixable: int


def statistics(found: Iterable[Diagnostic]) -> list[Count]:
    """Return the rules with findings, the most frequent first."""
    diagnostics = list(found)
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in diagnostics)
    fixable = Counter(d.code for d in diagnostics if d.fix and d.fix.safe)
    rows = [Count(code, name, count, fixable[code]) for (code, name), count in counts.items()]
    return sorted(rows, key=lambda row: (-row.count, row.code))


def statistics_text(rows: list[Count]) -> str:
    """Return a line for each rule: count, code, whether all `[*]` or some `[-]` are fixable, name.

    The form is that of `ruff check --statistics`.
    """
    width = max((len(str(row.count)) for row in rows), default=0)
    some = any(row.fixable for row in rows)
    lines = [
        f"{row.count:>{width}}  {row.code}  {_mark(row) if some else ''}{row.name}\n"
        for row in rows
    ]
    return "".join(lines)


def _mark(row: Count) -> str:
    if not row.fixable:
        return "[ ] "
    return "[*] " if row.fixable == row.count else "[-] "


def statistics_json(rows: list[Count]) -> str:
    """Return the rows as JSON, version 1."""
    data = {"version": 1, "statistics": [msgspec.structs.asdict(row) for row in rows]}
    return json.dumps(data, indent=2) + "\n"

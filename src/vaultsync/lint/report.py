"""What the linter finds, ready to be shown, and what it says at the end."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from vaultsync.blocks import counted
from vaultsync.core.text import Edit, Lines
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Diagnostic, explained
from vaultsync.lint.rule import Severity

Place = tuple[int, int]


class ShownEdit(NamedTuple):
    """An edit of a fix in the file at `path`, with its place in lines and columns."""

    path: str
    edit: Edit
    start: Place
    end: Place


class Shown(msgspec.Struct, frozen=True):
    """A diagnostic with its full message and its place: lines and columns from 1, end excluded.

    `source` is the line that it begins in, `edits` are those of its fix.
    """

    diagnostic: Diagnostic
    message: str
    start: Place
    end: Place
    source: str
    edits: tuple[ShownEdit, ...] = ()


def shown(
    found: Iterable[Diagnostic], context: Context, names: Callable[[str], str]
) -> list[Shown]:
    """Return diagnostics ready to be shown; `names` turns a path into how it is shown."""

    @functools.cache
    def lines(path: str) -> Lines:
        document = context.document(path)
        return Lines(document.text if document else "")

    named = functools.cache(names)
    return [_shown(one, explained(one, context), lines, named) for one in found]


def _shown(
    diagnostic: Diagnostic,
    message: str,
    lines: Callable[[str], Lines],
    names: Callable[[str], str],
) -> Shown:
    here = lines(diagnostic.path)
    start, end = here.positions(diagnostic.span)
    edits = [
        ShownEdit(names(path), edit, *lines(path).positions(edit.span))
        for path, wanted in (diagnostic.fix.edits if diagnostic.fix else {}).items()
        for edit in wanted
    ]
    name = names(diagnostic.path)
    if name != diagnostic.path:
        diagnostic = msgspec.structs.replace(diagnostic, path=name)
    return Shown(diagnostic, message, start, end, here.around(diagnostic.span.start), tuple(edits))


def summary(found: Iterable[Diagnostic], context: Context, scope: str | None = None) -> str:
    """Return the last line, "48 frames, 3 drafts, 5 TODOs: no errors".

    `scope` is what was looked at, if that was not the vault.
    """
    counts = Counter(diagnostic.severity for diagnostic in found)
    severities: tuple[Severity, ...] = ("error", "warning", "hint")
    said = [counted(counts[name], name) for name in severities if counts[name]]
    if not counts["error"]:
        said.insert(0, "no errors")
    return f"{scope or inventory(context)}: {', '.join(said)}"


def inventory(context: Context) -> str:
    """Return what the vault holds: notes by type, drafts and open tasks; else the notes."""
    # Without types nothing has to be read for it.
    notes = context.blocks.notes if context.config.types else ()
    if not notes:
        total = sum(doc.kind == "note" for doc in context.vault.documents.values())
        return counted(total, "note")
    kinds = Counter(note.type_name for note in notes if not note.is_draft)
    parts = [counted(kinds[name], name) for name in context.config.types if kinds[name]]
    parts.append(counted(sum(note.is_draft for note in notes), "draft"))
    tasks = sum(not task.done for note in notes for task in note.document.tasks)
    return ", ".join([*parts, counted(tasks, "TODO")])

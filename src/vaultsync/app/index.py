"""Refresh the generated blocks of a vault that are made of the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from vaultsync.app.checking import VaultCheck, cache_state, check_as_configured
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.fill import block_problems, refresh_blocks
from vaultsync.core.config import matches_glob
from vaultsync.core.output import Output
from vaultsync.core.text import Lines
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.lint.engine.check_note import BLOCKS
from vaultsync.lint.rule import Diagnostic
from vaultsync.lint.rules import RULES
from vaultsync.markdown import kind_of

_CERTAIN = tuple(rule for rule in RULES if rule.certain)
_CERTAIN_CODES = {rule.code for rule in _CERTAIN}
_BLOCK_CODES = {rule.code for rule in RULES if rule.reach == "blocks"}


class IndexResult(msgspec.Struct, frozen=True):
    """The notes to write, and why some are not written.

    `unreadable` are the findings in notes that cannot be read, in `context`: then nothing is
    written. `errors` are broken blocks: path, line, message. `failed`: the command ends with exit
    code 1, whatever is written; of the git index, only what the commit introduces counts.
    """

    context: Context
    outputs: list[Output] = []
    unreadable: list[Diagnostic] = []
    errors: list[tuple[str, int, str]] = []
    failed: bool = False


def index(workspace: Workspace, check: VaultCheck | None = None) -> IndexResult:
    """Return the notes whose blocks are out of date, unless a note that they show is unreadable.

    `check` is that of the vault with its settings, where it is known.
    """
    check = check or check_as_configured(workspace)
    cache_state(workspace, check.kept)
    context, unreadable = check.checked.context, _unreadable_notes(workspace, check)
    if unreadable:
        certain = engine.check_only(context, engine.Selection(_CERTAIN, {}), unreadable)
        found = engine.report(certain, unreadable)
        failed = not workspace.staged or _introduces(check, _CERTAIN_CODES, unreadable)
        return IndexResult(context, unreadable=found, failed=failed)
    shown = [path for path, one in check.checked.results.items() if BLOCKS in one.keys]
    outputs = refresh_blocks(workspace.context, "tree", shown)
    errors = list(_block_errors(workspace, shown))
    failed = bool(errors) and (not workspace.staged or _introduces(check, _BLOCK_CODES))
    return IndexResult(context, outputs, errors=errors, failed=failed)


def _introduces(check: VaultCheck, codes: set[str], paths: list[str] | None = None) -> bool:
    return any(diagnostic.code in codes for diagnostic in check.introduced(paths))


def _unreadable_notes(workspace: Workspace, check: VaultCheck) -> list[str]:
    """Return the notes that lists may be made of and that cannot be read, but for excluded ones."""
    documents, type_name = workspace.vault.documents, workspace.config.type_name
    exclude = workspace.config.exclude
    unreadable = [path for path, one in check.checked.results.items() if not one.readable]
    return [
        path
        for path in unreadable
        if (type_name(path) or (documents[path].error and kind_of(path) == "note"))
        and not matches_glob(path, exclude)
    ]


def _block_errors(workspace: Workspace, paths: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    for path in sorted(paths):
        if matches_glob(path, workspace.config.exclude):
            continue
        document = workspace.vault.documents[path]
        problems = block_problems(document, workspace.context)
        for problem in sorted(problems, key=lambda problem: problem.span):
            line = Lines(document.text).position(problem.span.start)[0]
            yield path, line, problem.message

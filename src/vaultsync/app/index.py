"""Refresh the generated blocks of a vault that are made of the tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from vaultsync.app.checking import VaultCheck, cache_state, check_as_configured, unreadable_notes
from vaultsync.app.unknown import refuse_unknown
from vaultsync.app.workspace import Workspace
from vaultsync.blocks.fill import block_problems, refresh_blocks, without_conflicts
from vaultsync.blocks.quote import loose_conflicts
from vaultsync.core.config import matches_glob
from vaultsync.core.model import Document, Overlay, Vault
from vaultsync.core.output import Output
from vaultsync.core.text import Lines
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.lint.engine.check_note import BLOCKS
from vaultsync.lint.rule import Diagnostic
from vaultsync.lint.rules import RULES
from vaultsync.markdown import kind_of
from vaultsync.notes.note import is_readable

_CERTAIN = tuple(rule for rule in RULES if rule.certain)
_CERTAIN_CODES = {rule.code for rule in _CERTAIN}
_BLOCK_CODES = {rule.code for rule in RULES if rule.reach == "blocks"}


class IndexResult(msgspec.Struct, frozen=True):
    """The notes to write, and why some are not written.

    `unreadable` are the findings in notes that cannot be read, in `context`, or that hold conflicts
    of a merge outside generated blocks: then nothing is written. `errors` are broken blocks: path,
    line, message. `failed`: the command ends with exit code 1, whatever is written; of the git
    index, only what the commit introduces counts.
    """

    context: Context
    outputs: list[Output] = []
    unreadable: list[Diagnostic] = []
    errors: list[tuple[str, int, str]] = []
    failed: bool = False


def index(workspace: Workspace, check: VaultCheck | None = None) -> IndexResult:
    """Return the notes whose blocks are out of date, unless a note that they show is unreadable.

    `check` is that of the vault with its settings, where it is known. Raises `VaultError` where not
    even the bytes of a note can be read.
    """
    check = check or check_as_configured(workspace)
    refuse_unknown(workspace, unreadable_notes(check.checked.results))
    cache_state(workspace, check.kept)
    context, vault = check.checked.context, workspace.vault
    merged = _merged_notes(check)
    if unreadable := _unreadable_notes(workspace, check, merged):
        certain = engine.check_only(context, engine.Selection(_CERTAIN, {}), unreadable)
        found = engine.report(certain, unreadable)
        failed = not workspace.staged or _introduces(check, _CERTAIN_CODES, unreadable)
        return IndexResult(context, unreadable=found, failed=failed)
    known, results = workspace.context.vault.documents, check.checked.results.items()
    shown = [path for path, one in results if BLOCKS in one.keys and path in known]
    resolved = context.with_vault(Vault(Overlay(vault.documents, merged), vault.files))
    blocks = resolved.blocks if merged else workspace.context
    outputs = refresh_blocks(blocks, "tree", shown, before=vault)
    errors = list(_block_errors(workspace, shown))
    failed = bool(errors) and (not workspace.staged or _introduces(check, _BLOCK_CODES))
    return IndexResult(context, outputs, errors=errors, failed=failed)


def _introduces(check: VaultCheck, codes: set[str], paths: list[str] | None = None) -> bool:
    return any(diagnostic.code in codes for diagnostic in check.introduced(paths))


def _merged_notes(check: VaultCheck) -> dict[str, Document]:
    """Return the notes whose conflicts all lie in blocks; those made of the tree are emptied."""
    documents, results = check.checked.context.vault.documents, check.checked.results
    unreadable = [documents[path] for path, one in results.items() if not one.readable]
    held = (one for one in unreadable if one.conflicts and not loose_conflicts(one))
    return {one.path: without_conflicts(one, "tree") for one in held}


def _unreadable_notes(
    workspace: Workspace, check: VaultCheck, merged: Mapping[str, Document]
) -> list[str]:
    """Return the notes that lists may be made of and that cannot be read."""
    documents, type_name = workspace.vault.documents, workspace.config.type_name
    exclude = workspace.config.exclude
    unreadable = unreadable_notes(check.checked.results)

    def stops(path: str) -> bool:
        if path in merged:
            return bool(type_name(path)) and not is_readable(merged[path])
        document = documents[path]
        broken = document.error and kind_of(path) == "note"
        return bool(type_name(path) or document.conflicts or broken)

    return [path for path in unreadable if not matches_glob(path, exclude) and stops(path)]


def _block_errors(workspace: Workspace, paths: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    for path in sorted(paths):
        if matches_glob(path, workspace.config.exclude):
            continue
        document = workspace.vault.documents[path]
        problems = block_problems(document, workspace.context)
        for problem in sorted(problems, key=lambda problem: problem.span):
            line = Lines(document.text).position(problem.span.start)[0]
            yield path, line, problem.message

"""Fix until nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vaultsync.lint.context import Context
from vaultsync.lint.engine.checking import check
from vaultsync.lint.engine.diagnostic import Diagnostic
from vaultsync.lint.engine.selection import Selection
from vaultsync.model import Vault
from vaultsync.parse import parse
from vaultsync.text import Edit, apply_edits

MAX_ROUNDS = 10


def fix(
    context: Context,
    selection: Selection,
    paths: Sequence[str] | None = None,
    *,
    unsafe: bool = False,
) -> tuple[Context, dict[str, str]]:
    """Apply the fixes until none is left; return the context then and the changed texts by path.

    Of fixes that overlap the first in position is applied and the others wait for the next
    round. A fix that makes properties unreadable is left out.
    """
    changed: dict[str, str] = {}
    for _ in range(MAX_ROUNDS):
        edits = _edits(check(context, selection, paths), unsafe=unsafe)
        texts = _applied(context, edits)
        if not texts:
            break
        changed |= texts
        context = context.renewed(_with_texts(context.vault, texts))
    return context, changed


def _edits(found: Iterable[Diagnostic], *, unsafe: bool) -> dict[str, list[Edit]]:
    edits: dict[str, list[Edit]] = {}
    for diagnostic in found:
        fix = diagnostic.fix
        if fix is None or not (fix.safe or unsafe):
            continue
        free = all(
            not _overlaps(edit, edits.get(path, ()))
            for path, wanted in fix.edits.items()
            for edit in wanted
        )
        if free:
            for path, wanted in fix.edits.items():
                edits.setdefault(path, []).extend(wanted)
    return edits


def _overlaps(edit: Edit, taken: Iterable[Edit]) -> bool:
    # Two insertions at one place touch; the second waits, so that their order is never a matter
    # of chance.
    return any(
        edit.span.start <= other.span.end and other.span.start <= edit.span.end for other in taken
    )


def _applied(context: Context, edits: Mapping[str, list[Edit]]) -> dict[str, str]:
    texts = {}
    for path, wanted in edits.items():
        document = context.vault.documents[path]
        text = apply_edits(document.text, wanted)
        readable = document.properties.error or not parse(path, text).properties.error
        if text != document.text and readable:
            texts[path] = text
    return texts


def _with_texts(vault: Vault, texts: Mapping[str, str]) -> Vault:
    changed = {path: parse(path, text) for path, text in texts.items()}
    return Vault({**vault.documents, **changed}, vault.files)

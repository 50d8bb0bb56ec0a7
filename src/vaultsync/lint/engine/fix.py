"""Fix until nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from vaultsync.core.model import Overlay, Vault
from vaultsync.core.text import Edit, apply_edits
from vaultsync.lint.engine.incremental import Checked, check, following
from vaultsync.lint.engine.report_findings import report
from vaultsync.lint.rule import Diagnostic, Fix
from vaultsync.markdown import parse
from vaultsync.markdown.frontmatter.edit import preserves_other_properties

MAX_ROUNDS = 10
_LEFT_OUT = "its fix is left out: with it other properties would have other values"


class Fixed(NamedTuple):
    """What fixing led to: the state then, the changed texts by path, what was left out.

    A fix is left out if with it the note's other properties would no longer be the same.
    """

    checked: Checked
    texts: dict[str, str]
    left_out: tuple[Diagnostic, ...]

    def marked(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return findings; those whose fix was left out have none and mention that."""
        refused = {diagnostic.identity for diagnostic in self.left_out}
        return [_without_fix(one) if one.identity in refused else one for one in found]


def _without_fix(diagnostic: Diagnostic) -> Diagnostic:
    message = f"{diagnostic.message}; {_LEFT_OUT}"
    finding = msgspec.structs.replace(diagnostic.finding, message=message, fix=None)
    return msgspec.structs.replace(diagnostic, finding=finding)


def fix(
    checked: Checked,
    paths: Sequence[str] | None = None,
    *,
    unsafe: bool = False,
) -> Fixed:
    """Apply the fixes until none is left, each of them whole or not at all.

    Of fixes that overlap the first in position is applied and the others wait for the next
    round.
    """
    changed: dict[str, str] = {}
    left_out: list[Diagnostic] = []
    for _ in range(MAX_ROUNDS):
        vault = checked.context.vault
        wanted = _free(report(checked, paths), left_out, unsafe=unsafe)
        texts, refused = _applied(vault, wanted)
        left_out += refused
        if not texts and not refused:
            break
        changed |= texts
        context = checked.context.with_vault(_with_texts(vault, texts))
        context = following(checked, context, texts.keys())
        checked = check(checked, context, checked.selection, texts.keys())
    return Fixed(checked, changed, tuple(left_out))


def _free(
    found: Iterable[Diagnostic], left_out: Iterable[Diagnostic], *, unsafe: bool
) -> list[tuple[Diagnostic, Fix]]:
    """Return the findings whose fixes can be made at once."""
    taken: dict[str, list[Edit]] = {}
    refused = {diagnostic.identity for diagnostic in left_out}
    free = []
    for diagnostic in found:
        fix = diagnostic.fix
        if fix is None or not _wanted(fix, unsafe=unsafe) or diagnostic.identity in refused:
            continue
        edits = [(path, edit) for path, wanted in fix.edits.items() for edit in wanted]
        if not any(_overlaps(edit, taken.get(path, ())) for path, edit in edits):
            free.append((diagnostic, fix))
            for path, edit in edits:
                taken.setdefault(path, []).append(edit)
    return free


def _wanted(fix: Fix, *, unsafe: bool) -> bool:
    return fix.safe or (unsafe and fix.applicability == "unsafe")


def _overlaps(edit: Edit, taken: Iterable[Edit]) -> bool:
    # Two insertions at one place touch; the second waits, so that their order is never a matter
    # of chance.
    return any(
        edit.span.start <= other.span.end and other.span.start <= edit.span.end for other in taken
    )


def _applied(
    vault: Vault, wanted: list[tuple[Diagnostic, Fix]]
) -> tuple[dict[str, str], list[Diagnostic]]:
    """Return the texts with the fixes made, and those that are wrong by themselves.

    Where fixes are wrong only together, all but the first wait.
    """
    edits = _by_path(fix for _, fix in wanted)
    wrong = {
        path
        for path in edits
        if not preserves_other_properties(vault.documents[path].text, edits[path])
    }
    if not wrong:
        texts = {path: apply_edits(vault.documents[path].text, edits[path]) for path in edits}
        return {p: t for p, t in texts.items() if t != vault.documents[p].text}, []
    doubtful = [pair for pair in wanted if pair[1].edits.keys() & wrong]
    refused = [one for one, fix in doubtful if not _is_sound(vault, fix)]
    again = [pair for pair in wanted if pair not in doubtful]
    again += [pair for pair in doubtful if pair[0] not in refused][: None if refused else 1]
    texts, others = _applied(vault, again)
    return texts, refused + others


def _is_sound(vault: Vault, fix: Fix) -> bool:
    return all(
        preserves_other_properties(vault.documents[p].text, edits) for p, edits in fix.edits.items()
    )


def _by_path(fixes: Iterable[Fix]) -> dict[str, list[Edit]]:
    edits: dict[str, list[Edit]] = {}
    for fix in fixes:
        for path, wanted in fix.edits.items():
            edits.setdefault(path, []).extend(wanted)
    return edits


def _with_texts(vault: Vault, texts: dict[str, str]) -> Vault:
    changed = {path: parse(path, text) for path, text in texts.items()}
    return Vault(Overlay(vault.documents, changed), vault.files)

"""Run the rules and order what they find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from vaultsync.config import matches
from vaultsync.lint.context import Context
from vaultsync.lint.engine.selection import Selection
from vaultsync.lint.rule import Finding, Fix, Rule, Severity
from vaultsync.model import Document, Vault
from vaultsync.text import Span


class Diagnostic(msgspec.Struct, frozen=True):
    """A finding with the rule that made it and the note it is about.

    `eased`: a hint only because the note is a draft.
    """

    code: str
    name: str
    severity: Severity
    path: str
    span: Span
    message: str
    fix: Fix | None = None
    meant: str = ""
    within: str = ""
    eased: bool = False


def check(
    context: Context, selection: Selection, paths: Sequence[str] | None = None
) -> list[Diagnostic]:
    """Return what the rules find in the notes at `paths` (None: all), by path and position."""
    found, chosen = [], None if paths is None else set(paths)
    for path, document in sorted(_subjects(context.vault, selection).items()):
        wanted = chosen is None or path in chosen
        if wanted and not matches(path, context.config.exclude):
            found += _check_one(document, context, selection)
    return found


def _subjects(vault: Vault, selection: Selection) -> Mapping[str, Document]:
    """Return the documents, with the attachments where a rule looks at names."""
    if not any(rule.names for rule in selection.rules):
        return vault.documents
    others = vault.files - vault.documents.keys()
    return {**vault.documents, **{path: Document(path, "attachment", "") for path in others}}


def _check_one(document: Document, context: Context, selection: Selection) -> list[Diagnostic]:
    note = context.note(document)
    draft = note is not None and note.is_draft
    found = [
        (rule, finding)
        for rule in selection.rules
        if (rule.certain or not document.error) and (rule.names or document.kind != "attachment")
        for finding in rule.check(document, context)
    ]
    if draft:
        found = _gathered(found)
    diagnostics = [_diagnostic(*pair, document.path, selection, draft=draft) for pair in found]
    return sorted(diagnostics, key=lambda diagnostic: (diagnostic.span, diagnostic.code))


def _gathered(found: list[tuple[Rule, Finding]]) -> list[tuple[Rule, Finding]]:
    """Tell all that a draft lacks, and no fix can fill, in one finding."""
    lacking = [pair for pair in found if pair[1].lacks and not pair[1].fix]
    if not lacking:
        return found
    rule, first = lacking[0]
    message = f"a draft: it lacks {', '.join(finding.lacks for _, finding in lacking)}"
    rest = [pair for pair in found if pair not in lacking]
    return [*rest, (rule, msgspec.structs.replace(first, message=message))]


def _diagnostic(
    rule: Rule, finding: Finding, path: str, selection: Selection, *, draft: bool
) -> Diagnostic:
    severity = selection.severities.get(rule.code, rule.severity)
    eased = draft and not rule.certain and severity != "hint"
    told = (finding.span, finding.message, finding.fix, finding.meant, finding.within, eased)
    return Diagnostic(rule.code, rule.name, "hint" if eased else severity, path, *told)


def explained(diagnostic: Diagnostic, context: Context) -> str:
    """Return the message with what was probably meant, which is looked for only here."""
    near = None
    if diagnostic.meant:
        near = context.network.nearest(diagnostic.meant, diagnostic.within)
    return diagnostic.message + (f": did you mean `{near}`?" if near else "")

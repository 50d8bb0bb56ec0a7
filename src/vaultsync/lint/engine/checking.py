"""Run the rules and order what they find."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

import msgspec

from vaultsync.core.config import matches
from vaultsync.core.model import Document, Vault
from vaultsync.lint.baseline import Stale
from vaultsync.lint.context import Context
from vaultsync.lint.engine.applicable import Concerns
from vaultsync.lint.engine.baselining import compare
from vaultsync.lint.engine.diagnostic import Diagnostic
from vaultsync.lint.engine.selection import Selection
from vaultsync.lint.engine.suppressing import Found, Suppressor
from vaultsync.lint.link_edits import renames_heading
from vaultsync.lint.rule import Finding, Fix, Rule, Severity
from vaultsync.lint.rules import RULES
from vaultsync.lint.suppressions import PREFIX
from vaultsync.notes.note import is_readable


def check(
    context: Context, selection: Selection, paths: Sequence[str] | None = None
) -> list[Diagnostic]:
    """Return what the rules find in the notes at `paths`, by path and position.

    None: in all notes and in the settings. What the baseline knows is left out.
    """
    found, chosen, concerns = [], None if paths is None else set(paths), Concerns()
    exclude = context.config.exclude
    for path, document in sorted(_subjects(context.vault, selection).items()):
        if (chosen is None or path in chosen) and not (exclude and matches(path, exclude)):
            found += _check_one(document, context, selection.at(path), concerns)
    stale: list[Stale] = []
    if context.baseline:
        files = context.vault.files | context.vault.documents.keys()
        found, stale = compare(context.baseline, found, files)
    found += _check_settings(context, selection, chosen, stale)
    return sorted(found, key=lambda diagnostic: diagnostic.path)


def _subjects(vault: Vault, selection: Selection) -> Mapping[str, Document]:
    """Return the documents, with the attachments where a rule looks at names."""
    if not any(rule.names for rule in selection.rules):
        return vault.documents
    others = vault.files - vault.documents.keys()
    return {**vault.documents, **{path: Document(path, "attachment", "") for path in others}}


def _check_settings(
    context: Context,
    selection: Selection,
    chosen: Container[str] | None,
    stale: Iterable[Stale],
) -> list[Diagnostic]:
    told = context.told(stale=tuple(item for item in stale if _judged(item, context, selection)))
    return [
        diagnostic
        for document in context.settings_files.values()
        if chosen is None or document.path in chosen
        for diagnostic in _check_one(document, told, selection.at(document.path), Concerns())
    ]


def _judged(stale: Stale, context: Context, selection: Selection) -> bool:
    """Whether this run would have found again what the baseline knows."""
    path, code = stale.entry.path, stale.entry.code
    document = context.vault.documents.get(path)
    ran = {rule.code for rule in selection.at(path).rules}
    exists = any(rule.code == code for rule in RULES)
    return (code in ran or not exists) and (document is None or is_readable(document))


def _check_one(
    document: Document, context: Context, selection: Selection, concerns: Concerns
) -> list[Diagnostic]:
    note = context.note(document)
    draft = note is not None and note.is_draft
    rules = concerns.of(selection.rules, document, typed=note is not None)
    found = rules.findings(document, context)
    if document.directives and PREFIX in document.text:
        suppressor = Suppressor(document, selection)
        found = suppressor.left(found)
        told = context.told(review=suppressor.review())
        found += suppressor.left(
            (rule, finding) for rule in rules.last for finding in rule.check(document, told)
        )
    if not found:
        return []
    if draft:
        found = _gathered(found)
    diagnostics = [_diagnostic(*pair, document, selection, draft=draft) for pair in found]
    return sorted(diagnostics, key=lambda diagnostic: (diagnostic.span, diagnostic.code))


def _gathered(found: list[Found]) -> list[Found]:
    """Tell all that a draft lacks, and no fix can fill, in one finding."""
    lacking = [pair for pair in found if pair[1].lacks and not pair[1].fix]
    if not lacking:
        return found
    rule, first = lacking[0]
    message = f"a draft: it lacks {', '.join(finding.lacks for _, finding in lacking)}"
    rest = [pair for pair in found if pair not in lacking]
    return [*rest, (rule, msgspec.structs.replace(first, message=message))]


def _diagnostic(
    rule: Rule, finding: Finding, document: Document, selection: Selection, *, draft: bool
) -> Diagnostic:
    severity = selection.severities.get(rule.code, rule.severity)
    eased = draft and not rule.certain and severity != "hint"
    shown: Severity = "hint" if eased else severity
    where = (document.path, finding.span, finding.message, _fix(finding, document))
    rest = (finding.meant, finding.within, finding.aside)
    return Diagnostic(rule.code, rule.name, shown, *where, *rest, eased=eased)


def _fix(finding: Finding, document: Document) -> Fix | None:
    """Return the finding's fix, an unsafe one where it changes what links call a heading."""
    fix = finding.fix
    if fix and fix.safe and renames_heading(document, fix.edits.get(document.path, ())):
        return msgspec.structs.replace(fix, safe=False)
    return fix


def explained(diagnostic: Diagnostic, context: Context) -> str:
    """Return the message with its aside and what was probably meant, looked for only here."""
    near = None
    if diagnostic.meant:
        near = context.network.nearest(diagnostic.meant, diagnostic.within)
    hint = f": did you mean `{near}`?" if near else ""
    return f"{diagnostic.message}{diagnostic.aside}{hint}"

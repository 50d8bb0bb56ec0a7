"""Run the rules: select, check, order, and fix until nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from vaultsync.config import FILE_NAME, LintSettings, did_you_mean, matches
from vaultsync.errors import ConfigError
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Finding, Fix, Rule, Severity
from vaultsync.lint.rules import RULES
from vaultsync.model import Document, Vault
from vaultsync.parse import parse
from vaultsync.text import Edit, Span, apply_edits

MAX_ROUNDS = 10


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


class Selection(msgspec.Struct, frozen=True):
    """The rules to run, and the severities that the settings give them."""

    rules: tuple[Rule, ...]
    severities: Mapping[str, Severity]


def select(settings: LintSettings) -> Selection:
    """Return the rules that the settings choose by code, prefix of a code, or name.

    Raises `ConfigError` for a word that names no rule.
    """
    chosen = [rule for rule in RULES if rule.default]
    if settings.select:
        chosen = named(f"{FILE_NAME}: `lint.select`", settings.select)
    chosen += named(f"{FILE_NAME}: `lint.extend-select`", settings.extend_select)
    ignored = named(f"{FILE_NAME}: `lint.ignore`", settings.ignore)
    severities: dict[str, Severity] = {}
    for word, level in settings.severity.items():
        for rule in named(f"{FILE_NAME}: `lint.severity`", [word]):
            if level == "off":
                ignored.append(rule)
            else:
                severities[rule.code] = level
    rules = tuple(rule for rule in RULES if rule in chosen and rule not in ignored)
    return Selection(rules, severities)


def named(key: str, words: Iterable[str]) -> list[Rule]:
    """Return the rules that words name; raise `ConfigError` for one that names none at `key`."""
    found: list[Rule] = []
    for word in words:
        fitting = [r for r in RULES if word in {r.name, "ALL"} or r.code.startswith(word.upper())]
        if not fitting or not word:
            names = [name for rule in RULES for name in (rule.code, rule.name)]
            raise ConfigError(f"{key}: there is no rule `{word}`{did_you_mean(word, names)}")
        found += fitting
    return found


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

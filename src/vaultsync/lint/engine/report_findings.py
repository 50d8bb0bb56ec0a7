"""From raw findings to diagnostics: suppressions, severities, drafts, limits and the baseline."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Container, Iterable, Sequence

import msgspec

from vaultsync.core.config import matches_glob
from vaultsync.core.model import Document
from vaultsync.lint.baseline import Stale, key_of
from vaultsync.lint.context import Context
from vaultsync.lint.engine.check_note import NO_RESULT, Located, locate
from vaultsync.lint.engine.compare import compare
from vaultsync.lint.engine.incremental import Checked, check
from vaultsync.lint.engine.select import Selection, covered, unknown
from vaultsync.lint.rule import Diagnostic, Rule, Severity
from vaultsync.lint.rules import RULES
from vaultsync.lint.suppressions import Flaw, Review, Suppression, suppressions
from vaultsync.notes.note import is_readable


def _is_last(rules: Sequence[Rule]) -> bool:
    """Whether a word names a rule about suppressions, and that alone."""
    return len(rules) == 1 and rules[0].last


class Suppressor:
    """The suppressions of a note, and which of them a run has used.

    That a note cannot be read is never suppressed: its comments could not be trusted.
    """

    def __init__(self, document: Document, selection: Selection) -> None:
        """Read the comments, and look up what they name among the rules of the run."""
        self.suppressions, self.flaws = suppressions(document)
        self._ran = {rule.code for rule in selection.rules}
        self._used: set[int] = set()
        self._judged: set[int] = set()
        self._on_file: dict[str, int] = {}
        self._on_line: dict[tuple[str, int], int] = {}
        # By code where a range begins, and its suppression; None behind an `enable`.
        self._ranges: dict[str, tuple[list[int], list[int | None]]] = {}
        for number, suppression in enumerate(self.suppressions):
            self._enter(number, suppression)

    def _enter(self, number: int, suppression: Suppression) -> None:
        rules = covered(suppression.word)
        able = [rule for rule in rules if not rule.unreadable]
        if not able:
            reason = (
                f"`{suppression.word}` cannot be suppressed: it reports what hides other mistakes"
            )
            flaw = reason if rules else unknown(suppression.word)
            self.flaws.append(Flaw(suppression.span, flaw))
            return
        # A prefix names rules that are off by default too, which need not have run.
        expected = [rule for rule in able if rule.default] or able
        if all(rule.code in self._ran for rule in expected) and not _is_last(able):
            self._judged.add(number)
        for rule in able:
            # A suppression of all rules does not cover the rules about suppressions.
            if not rule.last or _is_last(able):
                self._switch(number, suppression, rule.code)

    def _switch(self, number: int, suppression: Suppression, code: str) -> None:
        if suppression.kind == "disable-file":
            self._on_file.setdefault(code, number)
        elif suppression.kind in {"disable-line", "disable-next-line"}:
            self._on_line.setdefault((code, suppression.place), number)
        else:
            starts, numbers = self._ranges.setdefault(code, ([], []))
            if suppression.kind == "enable" and numbers and numbers[-1] is not None:
                self._used.add(number)
            starts.append(suppression.place)
            numbers.append(number if suppression.kind == "disable" else None)

    def left(self, found: Iterable[Located]) -> list[Located]:
        """Return the findings that nothing suppresses."""
        return [one for one in found if not self._suppresses(one)]

    def _suppresses(self, one: Located) -> bool:
        number = self._on_line.get((one.code, one.start[0]))
        if number is None:
            number = self._in_range(one.code, one.finding.span.start)
        if number is None:
            number = self._on_file.get(one.code)
        if number is None:
            return False
        self._used.add(number)
        return True

    def _in_range(self, code: str, offset: int) -> int | None:
        starts, numbers = self._ranges.get(code, ([], []))
        before = bisect_right(starts, offset) - 1
        return numbers[before] if before >= 0 else None

    def review(self) -> Review:
        """Return what is wrong with the suppressions, after `left` was called with all findings."""
        unused = [self.suppressions[number] for number in sorted(self._judged - self._used)]
        unexplained = {
            suppression.comment: suppression
            for suppression in self.suppressions
            if not suppression.reason and suppression.kind != "enable"
        }
        flaws = sorted(self.flaws, key=lambda flaw: flaw.span)
        return Review(tuple(flaws), tuple(unused), tuple(unexplained.values()))


_RULES = {rule.code: rule for rule in RULES}

# Whether a link in the note at a path is certainly wrong: its target is a name that no file has.
Certain = Callable[[str, str], bool]


def findings(
    context: Context, selection: Selection, paths: Collection[str] | None = None
) -> list[Diagnostic]:
    """Check a vault of which nothing is known, and report as `report` does."""
    return report(check(None, context, selection, ()), paths)


def report(
    checked: Checked,
    paths: Collection[str] | None = None,
    *,
    complete: bool = False,
    certain: Certain | None = None,
) -> list[Diagnostic]:
    """Return what is found in the files at `paths`, by path and position.

    None: in all files and in the settings. What the baseline knows is left out. With `complete`, a
    rule that reports only its first findings reports all. `certain` decides about links to names
    that no file has (`Wanted.certain`); without it, those that are misspelt are certainly wrong.
    """
    context, chosen = checked.context, None if paths is None else frozenset(paths)
    certain = certain or (lambda _, target: context.nearest(target) is not None)
    reported = _reported(checked) if not complete else None
    found = [
        diagnostic
        for path in sorted(_with_results(checked, chosen))
        for diagnostic in _of_note(checked, path, reported, certain)
    ]
    stale: list[Stale] = []
    if context.baseline:
        files = context.vault.files | context.vault.documents.keys()
        found, stale = compare(context.baseline, found, files)
    found += _of_settings(checked, chosen, stale)
    return sorted(found, key=lambda diagnostic: diagnostic.path)


def _with_results(checked: Checked, chosen: frozenset[str] | None) -> Collection[str]:
    context = checked.context
    earlier = context.earlier.documents if context.earlier else ()
    dated = *context.reworded, *context.cited
    paths = {*checked.results, *dated, *earlier, context.config.changelog.note}
    return paths if chosen is None else paths & chosen


def _of_note(
    checked: Checked, path: str, reported: Container[frozenset[str]] | None, certain: Certain
) -> list[Diagnostic]:
    context, selection = checked.context, checked.selection.at(path)
    result = checked.results.get(path, NO_RESULT)
    found = [
        one
        for one in result.findings
        if _is_reported(one, path, reported) and _holds(one, path, certain)
    ]
    found += _uncached(path, context, selection)
    if result.comments:
        found = _unsuppressed(found, context.vault.documents[path], context, selection)
    if result.draft:
        found = _gathered(found)
    diagnostics = [_diagnostic(path, one, selection, draft=result.draft) for one in found]
    if len(diagnostics) > 1:
        diagnostics.sort(key=lambda diagnostic: (diagnostic.span, diagnostic.code))
    return diagnostics


def _uncached(path: str, context: Context, selection: Selection) -> list[Located]:
    """Return what rules find that need the day, the history or an earlier version: never cached."""
    is_journal = path == context.config.changelog.note
    is_dated = path in context.reworded or path in context.cited
    if not (is_journal or is_dated or context.earlier):
        return []
    rules = [
        rule
        for rule in selection.rules
        if (rule.history and is_dated)
        or (rule.today and is_journal)
        or (rule.before and context.earlier)
    ]
    document = context.vault.documents.get(path) if rules else None
    if document is None or matches_glob(path, context.config.exclude):
        return []
    return list(locate(((r, one) for r in rules for one in r.check(document, context)), document))


def _unsuppressed(
    found: Iterable[Located], document: Document, context: Context, selection: Selection
) -> list[Located]:
    """Return what no comment suppresses, with what is wrong with the comments."""
    suppressor = Suppressor(document, selection)
    left = suppressor.left(found)
    reviewing = context.with_review(suppressor.review())
    last = [rule for rule in selection.rules if rule.last]
    about = locate(((r, one) for r in last for one in r.check(document, reviewing)), document)
    return left + suppressor.left(about)


def _gathered(found: list[Located]) -> list[Located]:
    """Report all that a draft lacks, and no fix can fill, in one finding."""
    lacking = [one for one in found if one.finding.missing and not one.finding.fix]
    if not lacking:
        return found
    first = lacking[0]
    message = f"a draft: it lacks {', '.join(one.finding.missing for one in lacking)}"
    gathered = msgspec.structs.replace(first.finding, message=message)
    rest = [one for one in found if one not in lacking]
    return [*rest, msgspec.structs.replace(first, finding=gathered)]


def _diagnostic(path: str, one: Located, selection: Selection, *, draft: bool) -> Diagnostic:
    rule = _rule(one.code, selection)
    severity = selection.severities.get(rule.code, rule.severity)
    eased = draft and not rule.certain and severity != "hint"
    shown: Severity = "hint" if eased else severity
    return Diagnostic(
        rule.code, rule.name, shown, path, one.finding, one.start, one.end, one.source, eased=eased
    )


def _rule(code: str, selection: Selection) -> Rule:
    return _RULES.get(code) or next(rule for rule in selection.rules if rule.code == code)


def _reported(checked: Checked) -> Container[frozenset[str]] | None:
    """Return the pairs of notes that rules with a limit report; None where no rule has one.

    Those are the pairs with the highest scores, and those in the baseline.
    """
    rules = checked.selection.rules if checked.context.config.types else ()
    # Those with a limit compare notes of a type.
    limits = {rule.code: rule.most for rule in rules if rule.most}
    pairs: dict[frozenset[str], tuple[float, str, bool]] = {}
    baseline = checked.context.baseline
    known = {entry.key for entry in baseline.entries} if baseline else set()
    results = checked.results.items() if limits else ()
    limited = ((p, one) for p, result in results for one in result.findings if one.code in limits)
    for path, one in sorted(limited, key=lambda item: item[0]):
        pair = frozenset((path, one.finding.related[0].path))
        is_known = key_of(path, one.code, one.finding.message) in known
        before = pairs.get(pair)
        pairs[pair] = (one.finding.score, one.code, is_known or bool(before and before[2]))
    fresh = [pair for pair, (_, _, is_known) in pairs.items() if not is_known]
    fresh.sort(key=lambda pair: -pairs[pair][0])
    most = max(limits.values(), default=0)
    return frozenset(pairs.keys() - set(fresh[most:])) if limits else None


def _is_reported(one: Located, path: str, reported: Container[frozenset[str]] | None) -> bool:
    if reported is None or not one.finding.score:
        return True
    return frozenset((path, one.finding.related[0].path)) in reported


def _holds(one: Located, path: str, certain: Certain) -> bool:
    wanted = one.finding.wanted
    if wanted is None or wanted.certain is None:
        return True
    return certain(path, wanted.target) is wanted.certain


def _of_settings(
    checked: Checked, chosen: Container[str] | None, stale: Iterable[Stale]
) -> list[Diagnostic]:
    """Return what is wrong with the settings and the baseline, found at every run."""
    judged = tuple(item for item in stale if _was_judged(item, checked))
    context = checked.context.with_stale(judged)
    found = []
    for path, document in context.settings_files.items():
        if chosen is not None and path not in chosen:
            continue
        selection = checked.selection.at(path)
        rules = [rule for rule in selection.rules if rule.settings]
        located = locate(((r, one) for r in rules for one in r.check(document, context)), document)
        found += [_diagnostic(path, one, selection, draft=False) for one in located]
    return found


def _was_judged(stale: Stale, checked: Checked) -> bool:
    """Whether this run would have found again what the baseline knows."""
    path, code = stale.entry.path, stale.entry.code
    document = checked.context.vault.documents.get(path)
    ran = {rule.code for rule in checked.selection.at(path).rules}
    finding = {rule.code for rule in RULES if code in {rule.code, rule.formerly}}
    return finding <= ran and (document is None or is_readable(document))


def explained(diagnostic: Diagnostic) -> str:
    """Return the message with what was probably meant."""
    near = diagnostic.suggestion
    return f"{diagnostic.message}: did you mean `{near}`?" if near else diagnostic.message


def with_suggestion(diagnostic: Diagnostic, context: Context) -> Diagnostic:
    """Return a diagnostic with what a broken link probably meant, if anything is near."""
    finding = diagnostic.finding
    near = context.nearest(finding.wanted.target) if finding.wanted else finding.suggestion
    return msgspec.structs.replace(diagnostic, suggestion=near) if near else diagnostic

"""Leave out what comments in a note suppress, and return which of them are wrong or unused."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from vaultsync.core.model import Document
from vaultsync.lint.engine.check_note import Located
from vaultsync.lint.engine.select import Selection, meant, unknown
from vaultsync.lint.rule import Rule
from vaultsync.lint.suppressions import Flaw, Review, Suppression, suppressions


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

    def _enter(self, number: int, said: Suppression) -> None:
        rules = meant(said.word)
        able = [rule for rule in rules if not rule.unreadable]
        if not able:
            reason = f"`{said.word}` cannot be suppressed: it reports that the note cannot be read"
            self.flaws.append(Flaw(said.span, reason if rules else unknown(said.word)))
            return
        # A prefix names rules that are off by default too, which need not have run.
        expected = [rule for rule in able if rule.default] or able
        if all(rule.code in self._ran for rule in expected) and not _is_last(able):
            self._judged.add(number)
        for rule in able:
            # A suppression of all rules does not cover the rules about suppressions.
            if not rule.last or _is_last(able):
                self._switch(number, said, rule.code)

    def _switch(self, number: int, said: Suppression, code: str) -> None:
        if said.kind == "disable-file":
            self._on_file.setdefault(code, number)
        elif said.kind in {"disable-line", "disable-next-line"}:
            self._on_line.setdefault((code, said.place), number)
        else:
            starts, numbers = self._ranges.setdefault(code, ([], []))
            if said.kind == "enable" and numbers and numbers[-1] is not None:
                self._used.add(number)
            starts.append(said.place)
            numbers.append(number if said.kind == "disable" else None)

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
            said.comment: said
            for said in self.suppressions
            if not said.reason and said.kind != "enable"
        }
        flaws = sorted(self.flaws, key=lambda flaw: flaw.span)
        return Review(tuple(flaws), tuple(unused), tuple(unexplained.values()))

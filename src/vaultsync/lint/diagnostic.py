"""What a rule yields, and a finding as it is reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from vaultsync.core.text import Edit, Span

Severity = Literal["error", "warning", "hint"]
# "safe" keeps what a note means, "unsafe" may change it, "display-only" is shown, never applied.
Applicability = Literal["safe", "unsafe", "display-only"]
# A line and a column, both from 1; columns count code points.
Place = tuple[int, int]


class Fix(msgspec.Struct, frozen=True, array_like=True):
    """Edits by path. All are applied, or none."""

    title: str
    edits: Mapping[str, tuple[Edit, ...]]
    applicability: Applicability = "safe"

    @property
    def safe(self) -> bool:
        """Whether the fix preserves what the note means."""
        return self.applicability == "safe"


class Related(msgspec.Struct, frozen=True, array_like=True):
    """Another place that a finding is about, and what is there.

    The span is `WHOLE_FILE` where no place in it matters. A span within another file must
    depend only on what the rule's `reach` covers: a finding is cached until that changes.
    """

    path: str
    span: Span
    message: str


WHOLE_FILE = Span(0, 0)


def whole_files(paths: Iterable[str], message: str) -> tuple[Related, ...]:
    """Return files as related places."""
    return tuple(Related(path, WHOLE_FILE, message) for path in paths)


class Wanted(msgspec.Struct, frozen=True, array_like=True):
    """What a broken link names: a target, or with `within`, a note's path, a subpath there.

    What was probably meant depends on all names of the vault, so it is looked up at the end.
    """

    target: str
    within: str = ""


class Finding(msgspec.Struct, frozen=True, array_like=True):
    """What a rule yields.

    `missing` names a part that the note lacks: all that a draft lacks is reported in one hint.
    `score` orders the findings of a rule that reports only the first of them (`Rule.most`).
    """

    span: Span
    message: str
    fix: Fix | None = None
    wanted: Wanted | None = None
    missing: str = ""
    related: tuple[Related, ...] = ()
    score: float = 0.0


class Diagnostic(msgspec.Struct, frozen=True):
    """A finding with the rule that made it and the note it is about.

    `start` and `end` are its places, `source` the line that it begins in, `suggestion` what a
    broken link probably meant. `eased`: a hint only because the note is a draft.
    """

    code: str
    name: str
    severity: Severity
    path: str
    finding: Finding
    start: Place
    end: Place
    source: str
    suggestion: str | None = None
    eased: bool = False

    @property
    def span(self) -> Span:
        """The place in the text."""
        return self.finding.span

    @property
    def message(self) -> str:
        """What is wrong."""
        return self.finding.message

    @property
    def fix(self) -> Fix | None:
        """How it can be fixed."""
        return self.finding.fix

    @property
    def related(self) -> tuple[Related, ...]:
        """Other places that it is about."""
        return self.finding.related

    @property
    def identity(self) -> tuple[str, str, str]:
        """What is the same before and after fixes, which move its place."""
        return self.path, self.code, self.message

"""A finding as it is reported."""

from __future__ import annotations

import msgspec

from vaultsync.core.text import Span
from vaultsync.lint.rule import Fix, Severity


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
    aside: str = ""
    eased: bool = False

    @property
    def identity(self) -> tuple[str, str, str]:
        """What tells it from others before and after fixes, which move its place."""
        return self.path, self.code, self.message

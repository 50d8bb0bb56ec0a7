"""Run the rules: select, check, report, and fix until nothing changes."""

from vaultsync.lint.engine.check_note import Located, NoteResult
from vaultsync.lint.engine.compare import gone, known
from vaultsync.lint.engine.fix import MAX_ROUNDS, Fixed, fix
from vaultsync.lint.engine.incremental import Checked, Lazy, check, check_only, following
from vaultsync.lint.engine.introduced import Earlier, introduced
from vaultsync.lint.engine.report_findings import explained, findings, report, with_suggestion
from vaultsync.lint.engine.select import Selection, named, select, unknown
from vaultsync.lint.rule import Diagnostic

__all__ = [
    "MAX_ROUNDS",
    "Checked",
    "Diagnostic",
    "Earlier",
    "Fixed",
    "Lazy",
    "Located",
    "NoteResult",
    "Selection",
    "check",
    "check_only",
    "explained",
    "findings",
    "fix",
    "following",
    "gone",
    "introduced",
    "known",
    "named",
    "report",
    "select",
    "unknown",
    "with_suggestion",
]

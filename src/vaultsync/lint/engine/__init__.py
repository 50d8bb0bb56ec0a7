"""Run the rules: select, check, order, and fix until nothing changes."""

from vaultsync.lint.engine.baselining import known
from vaultsync.lint.engine.checking import check, explained
from vaultsync.lint.engine.diagnostic import Diagnostic
from vaultsync.lint.engine.fixing import MAX_ROUNDS, Fixed, fix
from vaultsync.lint.engine.selection import Selection, named, select, unknown

__all__ = [
    "MAX_ROUNDS",
    "Diagnostic",
    "Fixed",
    "Selection",
    "check",
    "explained",
    "fix",
    "known",
    "named",
    "select",
    "unknown",
]

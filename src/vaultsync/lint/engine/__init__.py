"""Run the rules: select, check, order, and fix until nothing changes."""

from vaultsync.lint.engine.checking import Diagnostic, check, explained
from vaultsync.lint.engine.fixing import MAX_ROUNDS, fix
from vaultsync.lint.engine.selection import Selection, named, select

__all__ = [
    "MAX_ROUNDS",
    "Diagnostic",
    "Selection",
    "check",
    "explained",
    "fix",
    "named",
    "select",
]

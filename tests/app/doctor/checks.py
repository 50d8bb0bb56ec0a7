"""What `examine` returns, by the names of the checks, and the result of a single one."""

from __future__ import annotations

from pathlib import Path

from vaultsync.app.doctor import Check, Machine, clone, examine, files
from vaultsync.app.doctor.machine import Result

_ALONE = {**vars(clone), **vars(files)}


def checks(root: Path, **environment: str) -> dict[str, Check]:
    """Return the checks of a vault, whose remote has half a minute."""
    return {one.name: one for one in examine(Machine(str(root), environment, limit=30))}


def check(root: Path, name: str) -> Result:
    """Return what one check finds, without those before it."""
    found: Result = _ALONE[f"check_{name}"](Machine(str(root)))
    return found


def result(root: Path, name: str) -> tuple[str, str]:
    """Return the state and the message of a check."""
    return check(root, name)[:2]

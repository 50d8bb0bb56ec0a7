"""What `examine` returns, by the names of the checks."""

from __future__ import annotations

from pathlib import Path

from vaultsync.app.doctor import Check, Machine, examine


def checks(root: Path, **environment: str) -> dict[str, Check]:
    """Return the checks of a vault, whose remote has half a minute."""
    return {one.name: one for one in examine(Machine(str(root), environment, limit=30))}


def result(root: Path, name: str) -> tuple[str, str]:
    """Return the state and the message of a check."""
    found = checks(root)[name]
    return found.state, found.message

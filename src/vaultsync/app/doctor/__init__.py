"""What a vault needs around it, each as a check, and mending what can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vaultsync.app.adopt import lines_for_git
from vaultsync.app.doctor import around, clone, files
from vaultsync.app.doctor.machine import Check, Machine, Result
from vaultsync.app.hook import install_hooks
from vaultsync.app.merge_driver import install_driver
from vaultsync.core.errors import VaultsyncError
from vaultsync.core.output import Output
from vaultsync.infra import worktree

__all__ = ["Check", "Machine", "examine", "lacking_lines", "mend"]

# Each check with the one that has to be right before.
_CHECKS: Mapping[str, tuple[Callable[[Machine], Result], str]] = {
    "program": (around.check_program, ""),
    "git": (around.check_git, ""),
    "repository": (around.check_repository, "git"),
    "identity": (around.check_identity, "git"),
    "remote": (around.check_remote, "repository"),
    "authentication": (around.check_authentication, "remote"),
    "sandbox": (around.check_sandbox, ""),
    "settings": (clone.check_settings, ""),
    "versions": (clone.check_versions, "settings"),
    "hooks": (clone.check_hooks, "repository"),
    "driver": (clone.check_driver, "repository"),
    "patterns": (clone.check_patterns, "repository"),
    "cache": (files.check_cache, ""),
    "names": (files.check_names, "settings"),
    "notes": (files.check_notes, "settings"),
    "clouds": (files.check_clouds, ""),
    "copies": (files.check_copies, "settings"),
    "committers": (files.check_committers, ""),
}


def examine(machine: Machine) -> list[Check]:
    """Return the results of all checks."""
    found: dict[str, Check] = {}
    for name, (check, before) in _CHECKS.items():
        if before and found[before].state != "ok":
            result = Result("unknown", f"not checked: {before} is {found[before].state}")
        else:
            result = _checked(check, machine)
        found[name] = Check(name, *result)
    return list(found.values())


def _checked(check: Callable[[Machine], Result], machine: Machine) -> Result:
    try:
        return check(machine)
    except VaultsyncError as error:
        return Result("wrong", str(error))


def lacking_lines(machine: Machine) -> list[Output]:
    """Return git's files of patterns with the lines that they lack."""
    return lines_for_git(machine.repository, machine.root) if machine.repository else []


def mend(machine: Machine, name: str) -> None:
    """Do what a check of the clone has as its `fix`."""
    if name == "hooks":
        install_hooks(machine.root)
    elif name == "patterns":
        worktree.write(machine.root, lacking_lines(machine))
    elif machine.repository:
        install_driver(machine.repository)

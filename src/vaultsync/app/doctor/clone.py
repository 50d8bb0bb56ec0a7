"""What git does with notes in this clone: hooks, the merge driver, and its files of patterns."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

from vaultsync import __version__
from vaultsync.app.adopt import lines_for_git
from vaultsync.app.doctor.machine import Machine, Result
from vaultsync.app.hook import HOOKS, OURS, PRE_COMMIT, VAULTS
from vaultsync.app.merge_driver import DRIVER, own_driver
from vaultsync.changelog.lock import lock_path, parse_lock
from vaultsync.core.errors import VaultError
from vaultsync.infra import git, worktree
from vaultsync.infra.git import write

_INSTALL = "`vaultsync init --hook`"
_PYTHON = re.compile(r"^python=(.*)$", re.MULTILINE)
_USES_US = re.compile(r"\bid:\s*[\"']?vaultsync\b")
_REVISION = re.compile(r"^\s*rev:\s*[\"']?v?(\d+(?:\.\d+)*)\b", re.MULTILINE)


def check_hooks(machine: Machine) -> Result:
    """Whether git starts our hooks, and these their program."""
    repo = _repository(machine)
    folder, own = write.git_path(repo, "hooks"), write.git_path(repo, "config").with_name("hooks")
    vault = machine.workspace.from_top(".")
    if os.path.realpath(folder) != os.path.realpath(own):
        return _elsewhere(folder, vault)
    found = {name: _ours(folder, name) for name in HOOKS}
    if PRE_COMMIT in _data(folder / HOOKS[0]) and _pre_commit_block(repo):
        return Result("ok", "pre-commit starts vaultsync")
    fix = f"write {' and '.join(HOOKS)} into {folder}"
    missing = [name for name, place in found.items() if place is None or not _runs(place, vault)]
    if missing:
        message = f"before commits and merges nothing is checked: no {' and '.join(missing)}"
        return Result("missing", message, _INSTALL, fix)
    for place in filter(None, found.values()):
        named = _PYTHON.search(os.fsdecode(_data(place)))
        python = "".join(_words(named[1])) if named else ""
        if not os.access(place, os.X_OK):
            remedy = f"`chmod +x {shlex.quote(str(place))}`"
            return Result("wrong", f"git cannot run {place}", remedy)
        if not shutil.which(python):
            return Result("wrong", f"{place} starts {python}, which is gone", _INSTALL, fix)
    return Result("ok", f"{' and '.join(HOOKS)} in {folder}")


def _elsewhere(folder: Path, vault: str) -> Result:
    named = f"{folder}, which `core.hooksPath` names"
    if all(b"vaultsync" in _data(folder / name) for name in HOOKS):
        return Result("ok", f"hooks in {named}, start vaultsync")
    line = f"vaultsync --vault {shlex.quote(vault)} hook --add || exit"
    remedy = f"write into its {' and '.join(HOOKS)}: `{line}`"
    return Result("missing", f"hooks in {named}, do not start vaultsync", remedy)


def _ours(folder: Path, name: str) -> Path | None:
    places = (folder / name, folder / f"{name}.legacy")
    return next((place for place in places if OURS in _data(place)), None)


def _runs(place: Path, vault: str) -> bool:
    line = VAULTS.search(os.fsdecode(_data(place)))
    return line is not None and vault in _words(line[1])


def _words(line: str) -> list[str]:
    """Return the words of a line of a shell, none where its quotes are not closed."""
    try:
        return shlex.split(line)
    except ValueError:
        return []


def _data(file: Path) -> bytes:
    return worktree.read_optional(str(file)) or b""


def check_driver(machine: Machine) -> Result:
    """Whether git merges notes with a program that is there."""
    line, fix = own_driver(_repository(machine)), f"set {DRIVER} in this clone"
    if not line:
        message = f"git merges notes line by line: {DRIVER} is not set"
        return Result("missing", message, "`vaultsync doctor --fix`", fix)
    program = "".join(_words(line)[:1]).replace("%%", "%")
    if not program:
        return Result("wrong", f"{DRIVER} is not a command", "`vaultsync doctor --fix`", fix)
    if not shutil.which(program):
        message = f"{DRIVER} starts {program}, which is gone"
        return Result("wrong", message, "`vaultsync doctor --fix`", fix)
    return Result("ok", f"git merges notes with {program}")


def check_patterns(machine: Machine) -> Result:
    """Whether git's files have the lines for merging and ignoring."""
    lacking = lines_for_git(_repository(machine), machine.root)
    if not lacking:
        return Result("ok", "git knows what it merges by meaning, and what stays on this machine")
    names = " and ".join(output.path for output in lacking)
    return Result("missing", f"lines are missing in {names}", "`vaultsync init`", f"add to {names}")


def check_settings(machine: Machine) -> Result:
    """Whether the settings can be read."""
    # Reading them raises what is wrong with them.
    count = len(machine.workspace.config.types)
    if machine.workspace.settings is None:
        return Result("ok", "no vaultsync.toml: the defaults hold", "`vaultsync init`")
    return Result("ok", f"vaultsync.toml can be read; note types: {count}")


def check_versions(machine: Machine) -> Result:
    """Whether a part of the vault needs another version of the program."""
    path = lock_path(machine.workspace.config.changelog.note)
    try:
        parse_lock(path, machine.workspace.optional(path) or b"")
    except VaultError as error:
        return Result("wrong", str(error))
    block = _pre_commit_block(machine.repository) if machine.repository else ""
    pinned = _REVISION.search(block)
    if pinned and pinned[1] != __version__:
        message = f".pre-commit-config.yaml names vaultsync {pinned[1]}, this is {__version__}"
        return Result("wrong", message, "let both be the same: `pre-commit autoupdate`")
    return Result("ok", "no part of the vault needs another vaultsync")


def _pre_commit_block(repo: git.Repository) -> str:
    """Return the part of pre-commit's settings with our hooks, empty where there is none."""
    text = _data(Path(repo.root, ".pre-commit-config.yaml")).decode(errors="replace")
    blocks = re.split(r"^\s*-\s*repo:", text, flags=re.MULTILINE)
    return next((block for block in blocks if _USES_US.search(block)), "")


def _repository(machine: Machine) -> git.Repository:
    """Return the repository, which an earlier check found."""
    assert machine.repository  # noqa: S101
    return machine.repository

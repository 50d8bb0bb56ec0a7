"""What the checks look at, and what they return."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.infra import git
from vaultsync.infra.git import remote

State = Literal["ok", "missing", "unknown", "wrong"]
# What a vault can be without.
_OPTIONAL = frozenset({"remote", "hooks", "driver", "patterns"})


class Result(NamedTuple):
    """What a check found, the line to run or what else to do, and what `--fix` does, if it can."""

    state: State
    message: str
    remedy: str | None = None
    fix: str | None = None


class Check(msgspec.Struct, frozen=True):
    """A check by its name, with its result."""

    name: str
    state: State
    message: str
    remedy: str | None = None
    fix: str | None = None

    @property
    def is_problem(self) -> bool:
        """Whether this has to be mended: a vault on one machine needs no remote."""
        return self.state == "wrong" or (self.state == "missing" and self.name not in _OPTIONAL)


class Machine(msgspec.Struct, dict=True):
    """The machine as the vault in the folder `root` sees it; `system` is its topmost folder.

    The remote has to answer in `limit` seconds.
    """

    root: str
    environment: Mapping[str, str] = os.environ
    system: str = "/"
    limit: float = 20

    @property
    def here(self) -> git.Repository:
        """The folder, where git reads settings whether it is in a repository or not."""
        return git.Repository(self.root, "")

    @cached_property
    def workspace(self) -> Workspace:
        """The vault."""
        return Workspace(self.root)

    @cached_property
    def repository(self) -> git.Repository | None:
        """The repository of the vault. Raises `GitError` where git refuses it."""
        return git.open_repository(self.root)

    @cached_property
    def remote(self) -> tuple[str, str] | None:
        """The remote of the branch, else `origin`, else the first: name and address."""
        found = remote.remotes(self.repository) if self.repository else {}
        branch = git.as_text(git.run(self.here, "branch", "--show-current", quiet=True)).strip()
        key = f"branch.{branch}.remote"
        named = git.as_text(git.run(self.here, "config", key, quiet=True)).strip()
        name = next((one for one in (named, "origin", *found) if one in found), None)
        return (name, found[name]) if name else None

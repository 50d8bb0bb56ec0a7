"""Move the branch and the files to what a merge made, and complete what a killed run left."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from vaultsync.app.sync.files import file_merge, machine_name
from vaultsync.app.sync.incoming import unsafe
from vaultsync.app.sync.merge import Conflict, TreeMerge, merge_commits
from vaultsync.app.sync.result import UnsafeError
from vaultsync.app.workspace import Workspace
from vaultsync.infra import clock, git
from vaultsync.infra.git import checkout, write
from vaultsync.infra.git.state import InForce, in_force


class Merged(msgspec.Struct, frozen=True):
    """The commit that a merge made or took over, and what a person should know of it."""

    commit: str
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[str, ...] = ()


def merge(workspace: Workspace, ours: str | None, theirs: str) -> Merged | None:
    """Merge a commit into the branch, and check the result out.

    None where the branch was moved meanwhile, so that nothing is.
    """
    known, machine = _in_force(workspace), machine_name(workspace)
    repo = known.repo
    if ours is None or git.is_ancestor(repo, ours, theirs):
        step, found, commit = "forward", TreeMerge(""), theirs
    else:
        step, found = "merge", merge_commits(workspace, ours, theirs, machine)
        text = f"Merge what others changed into what {machine} has\n"
        commit = write.commit(repo, found.tree, [ours, theirs], text, signed=known.signs())
    move = checkout.Move(f"{clock.stamp()}-{step}", ours, commit, checks_out=True)
    if not checkout.advance(repo, move, file_merge(workspace)):
        return None
    return Merged(commit, found.conflicts, found.notices)


def refuse_unsafe(
    workspace: Workspace, ours: str | None, theirs: str, accepted: Collection[str]
) -> None:
    """Raise `UnsafeError` where what comes in is not known to be safe, unless it is accepted."""
    for stop in unsafe(workspace, ours, theirs, accepted) if ours else ():
        raise UnsafeError(stop.text, stop.remedy)


def complete(workspace: Workspace) -> list[str]:
    """Complete the step that a killed run left, and return what a person should know of it."""
    repo = _in_force(workspace).repo
    name = checkout.complete(repo, file_merge(workspace))
    return [f"completed what a killed run began: {name}"] if name else []


def _in_force(workspace: Workspace) -> InForce:
    """Return the repository, which runs no filter but those that the user has set."""
    return in_force(workspace.need_repository("`vaultsync sync`"))

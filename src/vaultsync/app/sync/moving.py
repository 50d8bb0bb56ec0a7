"""Move the branch and the files to what a merge made, and complete what a killed run left."""

from __future__ import annotations

import msgspec

from vaultsync.app.sync.merge import Conflict, TreeMerge, merge_blob, merge_commits
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import GitError
from vaultsync.infra import clock, git
from vaultsync.infra.git import checkout, write


class Merged(msgspec.Struct, frozen=True):
    """The commit that a merge made or took over, and what a person should know of it."""

    commit: str
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[str, ...] = ()


def merge(workspace: Workspace, ours: str | None, theirs: str, machine: str) -> Merged:
    """Merge a commit into the branch, and check the result out."""
    repo = workspace.need_repository("`vaultsync sync`")
    if ours is None or git.is_ancestor(repo, ours, theirs):
        found, commit = TreeMerge(""), theirs
    else:
        found = merge_commits(workspace, ours, theirs, machine)
        text = f"Merge what others changed into that of {machine}\n"
        commit = write.commit(repo, found.tree, [ours, theirs], text)
    move = checkout.Move("merge", ours, commit, checks_out=True)
    if not checkout.advance(repo, move, clock.stamp(), _merge_file(workspace)):
        raise GitError(f"git in {repo.root}: the branch moved while it was merged: run again")
    return Merged(commit, found.conflicts, found.notices)


def complete(workspace: Workspace) -> str | None:
    """Complete the step that a killed run left, and return its name."""
    repo = workspace.need_repository("`vaultsync sync`")
    return checkout.complete(repo, clock.stamp(), _merge_file(workspace))


def _merge_file(workspace: Workspace) -> checkout.MergeFile:
    def merged(
        path: str, contents: tuple[bytes | None, bytes | None, bytes | None]
    ) -> bytes | None:
        return merge_blob(workspace, path, contents)

    return merged

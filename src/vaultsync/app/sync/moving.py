"""Move the branch and the files to what a merge made, and complete what a killed run left."""

from __future__ import annotations

import platform
from collections.abc import Collection, Mapping

import msgspec

from vaultsync.app.sync.along import is_kept_back
from vaultsync.app.sync.incoming import unsafe
from vaultsync.app.sync.merge import Conflict, TreeMerge, merge_blob, merge_commits
from vaultsync.app.sync.result import UnsafeError
from vaultsync.app.sync.save import Saved, save
from vaultsync.app.workspace import Workspace
from vaultsync.infra import clock, git
from vaultsync.infra.git import as_text, checkout, write
from vaultsync.infra.git.files import Entry, inside
from vaultsync.infra.git.state import in_force
from vaultsync.notes.link_index import name_key
from vaultsync.sync.merge_tree import second_name
from vaultsync.sync.plan import Situation
from vaultsync.sync.three_way import Versions


class Merged(msgspec.Struct, frozen=True):
    """The commit that a merge made or took over, and what a person should know of it."""

    commit: str
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[str, ...] = ()


def merge(workspace: Workspace, ours: str | None, theirs: str) -> Merged | None:
    """Merge a commit into the branch, and check the result out.

    None where the branch was moved meanwhile, so that nothing is.
    """
    repo, machine = _repository(workspace), machine_name(workspace)
    if ours is None or git.is_ancestor(repo, ours, theirs):
        step, found, commit = "forward", TreeMerge(""), theirs
    else:
        step, found = "merge", merge_commits(workspace, ours, theirs, machine)
        text = f"Merge what others changed into what {machine} has\n"
        commit = write.commit(repo, found.tree, [ours, theirs], text)
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


def save_changes(workspace: Workspace, situation: Situation) -> Saved:
    """Save the changes; where the commit has another version of a file, that goes to disk."""
    repo = _repository(workspace)
    saved = save(workspace, situation, clock.stamp())
    if saved.commit and saved.found:
        versions = checkout.differing(repo, None, saved.commit)
        read = {path: blob and Entry("100644", blob) for path, blob in saved.found.items()}
        pairs = {path: (entry or None, versions[path][1]) for path, entry in read.items()}
        checkout.check_out(repo, pairs, file_merge(workspace))
    return saved


def complete(workspace: Workspace) -> list[str]:
    """Complete the step that a killed run left, and return what a person should know of it."""
    repo = _repository(workspace)
    name = checkout.complete(repo, file_merge(workspace))
    return [f"completed what a killed run began: {name}"] if name else []


def _repository(workspace: Workspace) -> git.Repository:
    """Return the repository, which runs no filter but those that the user has set."""
    return in_force(workspace.need_repository("`vaultsync sync`")).repo


def machine_name(workspace: Workspace) -> str:
    """Return what this machine is called in names: `vaultsync.machine` of git, or its own name."""
    repo = workspace.need_repository("`vaultsync sync`")
    named = as_text(git.run(repo, "config", "vaultsync.machine", quiet=True)).strip()
    return named or platform.node().partition(".")[0] or "machine"


def file_merge(workspace: Workspace) -> checkout.MergeFile:
    """Return what merges a file that changed on disk while another version of it came in."""
    repo = workspace.need_repository("`vaultsync sync`")

    def merged(path: str, contents: Versions[bytes | None]) -> Mapping[str, bytes | None]:
        if contents[2] is None and is_kept_back(workspace, path):
            # Another machine let it go.
            return {path: contents[1]}
        inner = inside(path, repo.prefix)
        found = merge_blob(workspace, path if inner is None else inner, contents)
        if found is None or found.ours is None:
            return {path: found.data if found else None}
        taken = {name_key(f"{repo.prefix}{one}") for one in workspace.shown}
        return {path: found.data, second_name(path, machine_name(workspace), taken): found.ours}

    return merged

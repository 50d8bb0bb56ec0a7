"""Save the changes of a vault in a commit."""

from __future__ import annotations

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.infra import worktree
from vaultsync.infra.git import write
from vaultsync.infra.git.checkout import Move, advance
from vaultsync.infra.git.files import Entry, changed
from vaultsync.sync.plan import Situation


class Saved(msgspec.Struct, frozen=True):
    """The commit, the ref that keeps it, and why it was refused, if it was."""

    commit: str | None = None
    ref: str | None = None
    refused: str | None = None


def save(workspace: Workspace, situation: Situation, stamp: str) -> Saved:
    """Commit the changes of the vault on top of HEAD, and move the branch there."""
    repo, head = workspace.need_repository("`vaultsync sync`"), situation.head
    if not situation.changed:
        return Saved()
    found = changed(repo, head, index=False)
    data = {path: worktree.read_optional(f"{workspace.root}/{path}") for path in found}
    there = {path: one for path, one in data.items() if one is not None}
    ids = dict(zip(there, write.add_blobs(repo, there.values()), strict=True))
    entries = {path: Entry("100644", ids[path]) if path in ids else None for path in found}
    named = {f"{repo.prefix}{path}": entry for path, entry in entries.items()}
    tree = write.add_tree(repo, head, named)
    commit = write.commit(repo, tree, [head] if head else [], f"Save {len(found)} files\n")
    advance(repo, Move("save", head, commit), stamp)
    return Saved(commit, f"refs/vaultsync/backups/{stamp}-save")

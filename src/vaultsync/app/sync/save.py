"""Save the changes of a vault in a commit."""

from __future__ import annotations

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.infra import worktree
from vaultsync.infra.git import write
from vaultsync.infra.git.checkout import Move, advance
from vaultsync.infra.git.files import Entry
from vaultsync.sync.plan import LeftOut, Situation


class Saved(msgspec.Struct, frozen=True):
    """What was saved: the commit, None where nothing was, or where a hook refused it.

    `ref` keeps the words all the same; `refused` is then the message of the hook. `found` are the
    blob ids of files as they were read, by path, where the commit has another version of them: the
    caller writes that to disk, if the file is still what was read.
    """

    commit: str | None = None
    ref: str | None = None
    refused: str | None = None
    found: dict[str, str] = {}
    left_out: tuple[LeftOut, ...] = ()
    notices: tuple[str, ...] = ()


def save(workspace: Workspace, situation: Situation, stamp: str) -> Saved:
    """Commit the changes on top of HEAD, which moves if it is still where it was.

    `stamp` is the time by which the refs are named.
    """
    repo, head = workspace.need_repository("`vaultsync sync`"), situation.head
    found = situation.changes
    data = {path: worktree.read_optional(f"{repo.root}/{path}") for path in found}
    there = {path: one for path, one in data.items() if one is not None}
    ids = dict(zip(there, write.add_blobs(repo, there.values()), strict=True))
    entries = {path: Entry("100644", ids[path]) if path in ids else None for path in found}
    tree = write.add_tree(repo, head, entries)
    commit = write.commit(repo, tree, [head] if head else [], f"Save {len(found)} files\n")
    advance(repo, Move(f"{stamp}-save", head or None, commit))
    return Saved(commit)

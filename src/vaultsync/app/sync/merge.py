"""Merge two commits into a tree of the repository: no file on disk changes, nor index or HEAD."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from vaultsync.app.hook import refreshed
from vaultsync.app.sync.renames import lock_in, lock_place, renames
from vaultsync.app.sync.rewriting import PURPOSE, Rewritten, documents_at, rewritten
from vaultsync.app.workspace import Workspace
from vaultsync.changelog.lock import lock_text, with_names
from vaultsync.core.errors import GitError, VaultsyncError
from vaultsync.infra import git
from vaultsync.infra.git import merge as git_merge
from vaultsync.infra.git import write
from vaultsync.infra.git.files import Entry, empty_tree, inside, whole_tree
from vaultsync.sync.merge_contents import (
    OURS,
    THEIRS,
    Conflict,
    ContentMerge,
    Side,
    entries_of,
    is_kept,
)
from vaultsync.sync.merge_file import MergedFile, merge_file
from vaultsync.sync.merge_tree import Followed, Renames, follow, place
from vaultsync.sync.pairing import duplicates
from vaultsync.sync.three_way import Versions, versions

__all__ = ["Conflict", "TreeMerge", "merge_blob", "merge_commits"]
_BASE = 0
# What the first line of each generated block holds.
_BLOCK = "vaultsync:"


class TreeMerge(msgspec.Struct, frozen=True):
    """The id of the merged tree, and what a person should know of it."""

    tree: str
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[str, ...] = ()


def merge_commits(workspace: Workspace, ours: str, theirs: str, machine: str) -> TreeMerge:
    """Merge two commits; second files are named after the machine.

    Lists and the journal are made again. Raises `GitError` where both changed a submodule.
    """
    repo = workspace.need_repository(PURPOSE)
    ours, theirs = _commit(repo, ours), _commit(repo, theirs)
    merged = _merged(workspace, ours, theirs, machine)
    # To check the vault for its blocks takes longer than most merges.
    has_blocks = git_merge.holds(repo, merged.tree, _BLOCK)
    return _refreshed(workspace, ours, theirs, merged) if has_blocks else merged


def _refreshed(workspace: Workspace, ours: str, theirs: str, merged: TreeMerge) -> TreeMerge:
    """Return a merge with the lists and the journal made again."""
    repo = workspace.need_repository(PURPOSE)
    with write.apart(repo, ours, theirs, merged.tree) as copy:
        there = workspace.with_index(copy, whole=True)
        try:
            unreadable = refreshed(there, copy).indexed.unreadable
            remarks = [f"{one.path} cannot be read" for one in unreadable[:1]]
        except VaultsyncError as error:
            remarks = [str(error)]
        finally:
            there.blobs.close()
        new = (f"lists and the journal may not be up to date: {one}" for one in remarks)
        tree, notices = write.tree_of_index(copy), (*merged.notices, *new)
        return msgspec.structs.replace(merged, tree=tree, notices=notices)


def merge_blob(
    workspace: Workspace, path: str, contents: Versions[bytes | None]
) -> MergedFile | None:
    """Merge three versions of a file of the vault, each None where there is no file.

    None where none is left. Where `ours` is set it is not in the data: keep it as a second file.
    """
    base, ours, theirs = contents
    if ours is None or theirs is None:
        kept = theirs if ours is None else ours
        return None if kept is None or kept == base else MergedFile(kept)
    return merge_file(path, (base or b"", ours, theirs), workspace.config)


def _commit(repo: git.Repository, rev: str) -> str:
    found = git.commit_named(repo, rev)
    if found is None:
        raise GitError(f"`{rev}` is not a commit of this repository")
    return found


def _merged(workspace: Workspace, ours: str, theirs: str, machine: str) -> TreeMerge:
    repo = workspace.need_repository(PURPOSE)
    base, *others = git_merge.merge_bases(repo, ours, theirs) or [empty_tree(repo)]
    for other in others:
        # As git does: of several bases, what they merge to.
        tree = _merged(workspace, base, other, machine).tree
        base = write.add_base(repo, tree, (base, other))
    return _Merge(workspace, (base, ours, theirs)).result(machine)


class _Merge:
    """A merge of three revisions, whose paths are from the top level."""

    def __init__(self, workspace: Workspace, revisions: Versions[str]) -> None:
        self._workspace, self._revisions = workspace, revisions
        self._repo, self._config = workspace.need_repository(PURPOSE), workspace.config
        self._trees = versions(whole_tree(self._repo, one) for one in revisions)

    def result(self, machine: str) -> TreeMerge:
        """Return the merged tree, whose objects are put into the repository."""
        ours, theirs = (self._renames(side) for side in (OURS, THEIRS))
        followed = follow(versions(self._trees), (ours, theirs))
        kept = (one for one in followed if is_kept(entries_of(one, self._trees)))
        files = place(kept, versions(self._trees), machine)
        changed = versions(self._rewritten(files, side) for side in (_BASE, OURS, THEIRS))
        pairs = zip(self._trees, changed, strict=True)
        sides = versions(Side(tree, one.texts) for tree, one in pairs)
        merge = ContentMerge(files, sides, self._config, machine, self._repo.prefix)
        merge.merge(git.read_blobs(self._repo, merge.wanted()))
        remarks = dict.fromkeys(remark for one in changed[OURS:] for remark in one.remarks)
        notices = (*remarks, *merge.notices, *self._duplicates(files))
        return TreeMerge(self._written(merge), tuple(merge.conflicts), notices)

    def _renames(self, side: int) -> Renames:
        ends = self._revisions[_BASE], self._revisions[side]
        return renames(self._workspace, ends, (self._trees[_BASE], self._trees[side]))

    def _written(self, merge: ContentMerge) -> str:
        ids = write.add_blobs(self._repo, [data for _, data in merge.new.values()])
        new = zip(merge.new.items(), ids, strict=True)
        found = {path: Entry(one.mode, one.id) for path, one in merge.found.items()}
        found |= {path: Entry(mode, blob) for (path, (mode, _)), blob in new}
        ours = self._trees[OURS]
        changes: dict[str, Entry | None] = dict.fromkeys(ours.keys() - found.keys())
        changes |= {path: entry for path, entry in found.items() if ours.get(path) != entry}
        return write.add_tree(self._repo, self._revisions[OURS], changes)

    def _rewritten(self, files: Sequence[Followed], side: int) -> Rewritten:
        """Return the texts of a side with links to the names that files get."""
        paths = {old: one.path for one in files if (old := one.paths[side])}
        moves = {old: new for old, new in paths.items() if old != new}
        kept = {old: self._trees[side][old] for old in paths}
        found = rewritten(self._workspace, kept, moves) if moves else Rewritten()
        # That a side renames the file to what it gave up is news, which the journal is to have.
        given_up = ((one.wanted, one.path) for one in files if one.is_second)
        seconds = {old: new for old, new in given_up if paths.get(old) == new}
        texts = {**found.texts, **self._renamed_lock(side, seconds)} if seconds else found.texts
        return msgspec.structs.replace(found, texts=texts)

    def _renamed_lock(self, side: int, moves: Mapping[str, str]) -> dict[str, bytes]:
        """Return the lock of a side with the names that its notes get since others have theirs."""
        prefix = self._repo.prefix
        pairs = ((inside(old, prefix), inside(new, prefix)) for old, new in moves.items())
        names = {old: new for old, new in pairs if old and new}
        lock = lock_in(self._workspace, self._trees[side])
        new = with_names(lock, names)
        return {} if new == lock else {lock_place(self._workspace): lock_text(new).encode()}

    def _duplicates(self, files: Sequence[Followed]) -> list[str]:
        """Return a notice on notes that each side added by a name of its own and that seem one."""
        ours = [(one.path, one.ours) for one in files if not (one.base or one.theirs)]
        theirs = [(one.path, one.theirs) for one in files if not (one.base or one.ours)]
        if not (ours and theirs):
            return []
        by_us, by_them = (
            documents_at(self._workspace, {path: tree[old] for path, old in added if old})
            for added, tree in ((ours, self._trees[OURS]), (theirs, self._trees[THEIRS]))
        )
        return [
            f"{one}: {other}, which the other side added, seems to be the same: join them"
            for one, other in duplicates(by_us, by_them, self._config)
        ]

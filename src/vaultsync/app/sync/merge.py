"""Merge two commits into a tree of the repository: no file on disk changes, nor index or HEAD."""

from __future__ import annotations

import msgspec

from vaultsync.app.sync.rewriting import Rewritten, rewritten
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import GitError
from vaultsync.infra import git
from vaultsync.infra.git import merge as git_merge
from vaultsync.infra.git import write
from vaultsync.infra.git.files import SUBMODULE, Entry, empty_tree, inside, whole_tree
from vaultsync.notes.link_index import name_key
from vaultsync.sync.merge_file import MergedFile, merge_file
from vaultsync.sync.merge_tree import Followed, follow, place, second_name
from vaultsync.sync.three_way import Versions, taken, versions

_BASE, _OURS, _THEIRS = 0, 1, 2


class Conflict(msgspec.Struct, frozen=True):
    """A note with conflicts in it, by its path in the vault."""

    path: str
    count: int


class TreeMerge(msgspec.Struct, frozen=True):
    """The id of the merged tree, and what a person should know of it."""

    tree: str
    conflicts: tuple[Conflict, ...] = ()
    notices: tuple[str, ...] = ()


def merge_commits(workspace: Workspace, ours: str, theirs: str, machine: str) -> TreeMerge:
    """Merge two commits; second files are named after the machine.

    Raises `GitError` where both changed a submodule.
    """
    repo = workspace.need_repository("`vaultsync sync`")
    base, *others = git_merge.merge_bases(repo, ours, theirs) or [empty_tree(repo)]
    for other in others:
        # As git does: of several bases, what they merge to.
        tree = merge_commits(workspace, base, other, machine).tree
        base = write.add_base(repo, tree, (base, other))
    return _Merge(workspace, repo, machine, (base, ours, theirs)).result()


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


class _Merge:
    """A merge of three revisions: what is known of it, and what comes of it."""

    def __init__(
        self, workspace: Workspace, repo: git.Repository, machine: str, revisions: Versions[str]
    ) -> None:
        self._workspace, self._repo, self._machine = workspace, repo, machine
        self._revisions = revisions
        self._trees = versions(whole_tree(repo, one) for one in revisions)
        base, *sides = revisions
        ours, theirs = (git_merge.tree_renames(repo, base, side) for side in sides)
        followed = follow(versions(self._trees), (ours, theirs))
        self._files = place(filter(self._stays, followed), versions(self._trees), machine)
        self._names = {name_key(one.path) for one in self._files}
        self._sides = versions(map(self._rewritten, (_BASE, _OURS, _THEIRS)))
        self._found, self._new = dict[str, Entry](), dict[str, tuple[str, bytes]]()
        self._conflicts = list[Conflict]()
        self._notices = [remark for side in self._sides for remark in side.remarks]

    def result(self) -> TreeMerge:
        """Return the merged tree, whose objects are put into the repository."""
        sides = [(one, self._side(one)) for one in self._files]
        both = [one for one, side in sides if side is None]
        entries = (entry for one in both for entry in self._entries(one))
        ids = (entry.id for entry in entries if entry and entry.is_regular)
        blobs = git.read_blobs(self._repo, ids)
        for one, side in sides:
            if side is None:
                self._merge(one, blobs)
            else:
                self._take(one, side)
        return TreeMerge(self._tree(), tuple(self._conflicts), tuple(self._notices))

    def _tree(self) -> str:
        ids = write.add_blobs(self._repo, [data for _, data in self._new.values()])
        new = zip(self._new.items(), ids, strict=True)
        found = self._found | {path: Entry(mode, blob) for (path, (mode, _)), blob in new}
        ours = self._trees[_OURS]
        changes: dict[str, Entry | None] = dict.fromkeys(ours.keys() - found.keys())
        changes |= {path: entry for path, entry in found.items() if ours.get(path) != entry}
        return write.add_tree(self._repo, self._revisions[_OURS], changes)

    def _entries(self, file: Followed) -> Versions[Entry | None]:
        pairs = zip(self._trees, file.paths, strict=True)
        return versions(tree[path] if path else None for tree, path in pairs)

    def _stays(self, file: Followed) -> bool:
        """Whether a file is in the merge: what one side deleted and the other changed is."""
        base, ours, theirs = self._entries(file)
        return bool(ours and theirs) or (ours or theirs) not in {base, None}

    def _rewritten(self, side: int) -> Rewritten:
        """Return the texts of a side with links to the names that files get."""
        pairs = [(one.paths[side], one.path) for one in self._files]
        moves = {old: new for old, new in pairs if old and old != new}
        kept = {old: self._trees[side][old] for old, _ in pairs if old}
        return rewritten(self._workspace, kept, moves) if moves else Rewritten()

    def _side(self, file: Followed) -> int | None:
        """Return the side whose version is taken; None where both changed it."""
        base, ours, theirs = self._entries(file)
        if ours is None or theirs is None:
            return _THEIRS if ours is None else _OURS
        if theirs == base:
            return _OURS
        return _THEIRS if ours in (base, theirs) else None

    def _take(self, file: Followed, side: int) -> None:
        path, entry = file.paths[side], self._entries(file)[side]
        assert path  # noqa: S101 - the side has it
        assert entry  # noqa: S101
        text = self._sides[side].texts.get(path)
        self._put(file.path, entry, text)
        if file.base and not (file.ours and file.theirs):
            who = "the other side" if side == _OURS else "this side"
            self._say(file.path, f"{who} deleted it, and it was changed meanwhile: it stays")
        if file.is_second:
            self._say(path, f"there is another file of this name: this one is {file.path} now")

    def _put(self, path: str, entry: Entry, text: bytes | None = None) -> None:
        if text is None:
            self._found[path] = entry
        else:
            self._new[path] = entry.mode, text

    def _say(self, path: str, notice: str) -> None:
        self._notices.append(f"{self._shown(path)}: {notice}")

    def _shown(self, path: str) -> str:
        return inside(path, self._repo.prefix) or path

    def _merge(self, file: Followed, blobs: dict[str, bytes]) -> None:
        """Merge a file that both sides changed."""
        base, ours, theirs = self._entries(file)
        assert ours  # noqa: S101 - both have it
        assert theirs  # noqa: S101
        if SUBMODULE in {ours.mode, theirs.mode}:
            raise GitError(f"{file.path}: both sides changed this submodule: merge it by hand")
        if not (ours.is_regular and theirs.is_regular):
            self._put(file.path, theirs)
            self._keep(file.path, ours)
            return
        contents = versions(
            self._content(side, file, entry, blobs)
            for side, entry in enumerate((base, ours, theirs))
        )
        merged = merge_file(self._shown(file.path), contents, self._workspace.config)
        modes = (base.mode if base else "", ours.mode, theirs.mode)
        mode = taken(modes) or theirs.mode
        self._put(file.path, msgspec.structs.replace(theirs, mode=mode), merged.data)
        if merged.ours is not None:
            self._keep(file.path, ours, merged.ours)
        for remark in merged.remarks:
            self._say(file.path, f"both sides changed {remark}: the other side's value stays")
        if merged.conflicts:
            self._conflicts.append(Conflict(self._shown(file.path), merged.conflicts))

    def _content(
        self, side: int, file: Followed, entry: Entry | None, blobs: dict[str, bytes]
    ) -> bytes:
        path = file.paths[side]
        text = self._sides[side].texts.get(path) if path else None
        if text is not None:
            return text
        return blobs[entry.id] if entry and entry.is_regular else b""

    def _keep(self, path: str, entry: Entry, text: bytes | None = None) -> None:
        """Keep our version of a file as a second one."""
        name = second_name(path, self._machine, self._names)
        self._names.add(name_key(name))
        self._put(name, entry, text)
        self._say(path, f"both sides changed it: this side's version is {self._shown(name)}")

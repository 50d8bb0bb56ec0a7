"""Merge the files of three trees: one side's are taken, others are merged or kept twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import msgspec

from vaultsync.core.config import Config
from vaultsync.core.errors import GitError
from vaultsync.notes.link_index import name_key
from vaultsync.sync.merge_file import merge_file
from vaultsync.sync.merge_tree import Followed, second_name
from vaultsync.sync.three_way import Versions, taken, versions

OURS, THEIRS = 1, 2
_SUBMODULE = "160000"


class File(Protocol):
    """A file of a tree, as git has it."""

    @property
    def mode(self) -> str:
        """Six digits: what it is, and whether it can be run."""

    @property
    def id(self) -> str:
        """What is in it."""

    @property
    def is_regular(self) -> bool:
        """Whether this is neither a link nor a submodule."""


class Side(msgspec.Struct, frozen=True):
    """A tree, and the texts of those of its files in which links are written for new names."""

    files: Mapping[str, File]
    texts: Mapping[str, bytes] = {}


class Conflict(msgspec.Struct, frozen=True):
    """A note with conflicts in it, by its path in the vault."""

    path: str
    count: int


Entries = Versions[File | None]


def entries_of(file: Followed, trees: Versions[Mapping[str, File]]) -> Entries:
    """Return a file as it is in each of the trees."""
    pairs = zip(trees, file.paths, strict=True)
    return versions(None if path is None else tree[path] for tree, path in pairs)


def is_kept(entries: Entries) -> bool:
    """Whether a file is in the merge: what one side deleted and the other changed is."""
    base, ours, theirs = entries
    return bool(ours and theirs) or (ours or theirs) not in (base, None)


def taken_side(entries: Entries) -> int | None:
    """Return the side whose version a file gets; None where both changed it."""
    base, ours, theirs = entries
    if ours is None or theirs is None:
        return THEIRS if ours is None else OURS
    if theirs == base:
        return OURS
    return THEIRS if ours in (base, theirs) else None


class ContentMerge:
    """The merge of files that have their places, in a vault whose paths begin with a prefix.

    `found` are the files of a side that are taken, `new` the modes and contents of others.
    """

    def __init__(
        self,
        files: Sequence[Followed],
        sides: Versions[Side],
        config: Config,
        machine: str,
        prefix: str = "",
    ) -> None:
        """Bind the values; nothing is merged yet."""
        self._files, self._sides, self._config = files, sides, config
        self._machine, self._prefix = machine, prefix
        self._trees = versions(side.files for side in sides)
        self._names = {name_key(one.path) for one in files}
        self.found, self.new = dict[str, File](), dict[str, tuple[str, bytes]]()
        self.conflicts, self.notices = list[Conflict](), list[str]()

    def wanted(self) -> Iterable[str]:
        """Return the ids of the contents that are needed."""
        for one in self._files:
            entries = entries_of(one, self._trees)
            if taken_side(entries) is None:
                yield from (entry.id for entry in entries if entry and entry.is_regular)

    def merge(self, contents: Mapping[str, bytes]) -> None:
        """Merge the files; `contents` are those wanted, by id.

        Raises `GitError` where both sides changed a submodule.
        """
        for one in self._files:
            self._say_names(one)
            side = taken_side(entries_of(one, self._trees))
            if side is None:
                self._merge(one, contents)
            else:
                self._take(one, side)

    def _say_names(self, file: Followed) -> None:
        """Name the new names of a file that it does not have in the end."""
        reason = "both sides named it, each in its own way"
        if file.is_second:
            reason = "there is another file of this name"
        for name in dict.fromkeys((file.ours, file.theirs)):
            if name not in {file.base, file.path, None}:
                self._say(name or "", f"{reason}: this one is {self._shown(file.path)} now")

    def _take(self, file: Followed, side: int) -> None:
        path, entry = file.paths[side], entries_of(file, self._trees)[side]
        assert path  # noqa: S101 - the side has it
        assert entry  # noqa: S101
        self._put(file.path, entry, self._sides[side].texts.get(path))
        if file.base and not (file.ours and file.theirs):
            who = "the other side" if side == OURS else "this side"
            self._say(file.path, f"{who} deleted it, and it was changed meanwhile: it stays")

    def _put(self, path: str, entry: File, text: bytes | None = None) -> None:
        if text is None:
            self.found[path] = entry
        else:
            self.new[path] = entry.mode, text

    def _say(self, path: str, notice: str) -> None:
        self.notices.append(f"{self._shown(path)}: {notice}")

    def _shown(self, path: str) -> str:
        return path.removeprefix(self._prefix)

    def _merge(self, file: Followed, contents: Mapping[str, bytes]) -> None:
        """Merge a file that both sides changed."""
        entries = entries_of(file, self._trees)
        base, ours, theirs = entries
        assert ours  # noqa: S101 - both have it
        assert theirs  # noqa: S101
        if _SUBMODULE in {ours.mode, theirs.mode}:
            raise GitError(f"{file.path}: both sides changed this submodule: merge it by hand")
        if not (ours.is_regular and theirs.is_regular):
            self._put(file.path, theirs)
            self._keep(file.path, ours)
            return
        pairs = zip(self._sides, file.paths, entries, strict=True)
        texts = versions(_content(side, path, entry, contents) for side, path, entry in pairs)
        merged = merge_file(self._shown(file.path), texts, self._config)
        mode = taken((base.mode if base else "", ours.mode, theirs.mode)) or theirs.mode
        self.new[file.path] = mode, merged.data
        if merged.ours is not None:
            self._keep(file.path, ours, merged.ours)
        for remark in merged.remarks:
            self._say(file.path, f"both sides changed {remark}: the other side's value stays")
        if merged.conflicts:
            self.conflicts.append(Conflict(self._shown(file.path), merged.conflicts))

    def _keep(self, path: str, entry: File, text: bytes | None = None) -> None:
        """Keep our version of a file as a second one."""
        name = second_name(path, self._machine, self._names)
        self._names.add(name_key(name))
        self._put(name, entry, text)
        self._say(path, f"both sides changed it: this side's version is {self._shown(name)}")


def _content(
    side: Side, path: str | None, entry: File | None, contents: Mapping[str, bytes]
) -> bytes:
    text = side.texts.get(path or "")
    if text is not None:
        return text
    return contents[entry.id] if entry and entry.is_regular else b""

"""Merge the trees of two commits: which file is which, and the name that each has in the end."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

import msgspec

from vaultsync.notes.link_index import name_key
from vaultsync.sync.three_way import Versions, taken, versions

Renames = Mapping[str, str]
_UNUSUAL = re.compile(r"[^\w.-]+")


class Followed(msgspec.Struct, frozen=True):
    """A file in three trees, by its path in each, None where there is none; `path` is the new one.

    `is_second`: it gave its name up to another file.
    """

    base: str | None
    ours: str | None
    theirs: str | None
    path: str = ""
    is_second: bool = False

    @property
    def paths(self) -> Versions[str | None]:
        """Its path in each of the trees."""
        return self.base, self.ours, self.theirs

    @property
    def wanted(self) -> str:
        """The path that it has by what each side did, were it the only file there."""
        named = [path for path in (self.ours, self.theirs) if path]
        parts = [(path or "").rpartition("/") for path in self.paths]
        folder, name = (taken(versions(part[place] for part in parts)) for place in (0, 2))
        if len(named) == 1 or folder is None or name is None:
            return min(named)
        # One side may have moved the file, and the other renamed it.
        return f"{folder}/{name}" if folder else name


def follow(trees: Versions[Collection[str]], renames: tuple[Renames, Renames]) -> list[Followed]:
    """Return the files of three trees, each once. `renames` are those of ours and of theirs.

    A file that both sides added is one, also where its names differ in letter case alone.
    """
    base, ours, theirs = trees
    found = [
        Followed(path, _now(path, ours, renames[0]), _now(path, theirs, renames[1]))
        for path in base
    ]
    known = [{one.paths[side] for one in found} for side in (1, 2)]
    added = {name_key(path): path for path in theirs if path not in known[1]}
    for path in ours:
        if path not in known[0]:
            other = path if path in theirs and path not in known[1] else added.get(name_key(path))
            # Where we have it in both cases, each is the one of the same case.
            if other != path and other in ours:
                other = None
            known[1].add(other)
            found.append(Followed(None, path, other))
    return [*found, *(Followed(None, None, path) for path in theirs if path not in known[1])]


def renames_of(
    base: Collection[str], side: Collection[str], certain: Renames, probable: Renames
) -> Renames:
    """Return the renames of a side: certain ones, then those of letter case, then others."""
    new = {name_key(path): path for path in side if path not in base}
    gone = ((path, new.get(name_key(path))) for path in base if path not in side)
    return paired(certain.items(), ((old, path) for old, path in gone if path), probable.items())


def paired(*pairs: Iterable[tuple[str, str]]) -> Renames:
    """Return old and new paths as a mapping; of several pairs with one of a path, the first."""
    found, used = dict[str, str](), set[str]()
    for old, path in chain(*pairs):
        if old not in found and path not in used:
            found[old] = path
            used.add(path)
    return found


def _now(path: str, side: Collection[str], renames: Renames) -> str | None:
    return renames.get(path, path if path in side else None)


def place(
    files: Iterable[Followed], trees: Versions[Collection[str]], machine: str
) -> list[Followed]:
    """Return the files that stay with the paths that they get.

    A name, or folder, that one side alone gave is taken; of two new ones the path that is first in
    order, whichever side gave it. Where two files want one name, theirs has it, and the other one
    is named after the machine; so is a file where there is a folder of its name.
    """
    # Theirs come first, and have the name.
    wanted = [(one, one.wanted) for one in files]
    wanted.sort(key=lambda pair: pair[0].theirs != pair[1])
    folders = {folder for _, path in wanted for folder in _folders(path)}
    folder_keys = {name_key(folder) for folder in folders}
    taken_names, found = dict[str, list[str]](), list[Followed]()
    for one, path in wanted:
        others = taken_names.get(name_key(path), [])
        is_second = path in folders or any(
            other == path or not _are_in_one(other, path, trees[1:]) for other in others
        )
        name = second_name(path, machine, taken_names.keys() | folder_keys) if is_second else path
        taken_names.setdefault(name_key(name), []).append(name)
        found.append(msgspec.structs.replace(one, path=name, is_second=is_second))
    return found


def _folders(path: str) -> Iterator[str]:
    while folder := path.rpartition("/")[0]:
        yield folder
        path = folder


def _are_in_one(one: str, other: str, trees: Iterable[Collection[str]]) -> bool:
    return any(one in tree and other in tree for tree in trees)


def second_name(path: str, machine: str, taken_keys: Collection[str]) -> str:
    """Return a name for a second file that is named after a machine, as `picture (laptop).png`."""
    folder, slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    stem, end = (stem, dot + ending) if stem else (name, "")
    label = _UNUSUAL.sub("-", machine).strip("-.") or "copy"
    number = 1
    while True:
        count = f" {number}" if number > 1 else ""
        found = f"{folder}{slash}{stem} ({label}{count}){end}"
        if name_key(found) not in taken_keys:
            return found
        number += 1

"""Merge two commits into a tree of the repository: no file on disk changes, nor index or HEAD."""

from __future__ import annotations

import re

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.infra.git import as_text, read_blobs, run, write
from vaultsync.infra.git.files import Entry
from vaultsync.markdown import kind_of
from vaultsync.sync.merge_note import merge_note
from vaultsync.sync.three_way import Versions, versions

_STAGE = re.compile(r"([0-9]+) ([0-9a-f]+) ([123])\t(.*)", re.DOTALL)


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
    """Merge two commits."""
    repo = workspace.need_repository("`vaultsync sync`")
    options = ("--write-tree", "--no-messages", "-z")
    tree, *rows = as_text(run(repo, "merge-tree", *options, ours, theirs, quiet=True)).split("\0")
    stages: dict[str, dict[str, Entry]] = {}
    for row in filter(None, rows):
        found = _STAGE.fullmatch(row)
        if found:
            stages.setdefault(found[4], {})[found[3]] = Entry(found[1], found[2])
    changed, conflicts = dict[str, Entry | None](), list[Conflict]()
    for path, entries in stages.items():
        blobs = read_blobs(repo, (entry.id for entry in entries.values()))
        contents = versions(blobs[entries[n].id] if n in entries else None for n in "123")
        merged = merge_blob(workspace, path, contents) or b""
        count = merged.count(b"> [!conflict]")
        conflicts += [Conflict(path, count)] if count else []
        changed[path] = Entry("100644", write.add_blobs(repo, [merged])[0])
    if changed:
        tree = write.add_tree(repo, tree, changed)
    return TreeMerge(tree, tuple(conflicts), (machine,) if not tree else ())


def merge_blob(workspace: Workspace, path: str, contents: Versions[bytes | None]) -> bytes | None:
    """Merge three versions of a file of the vault, each None where there is no file."""
    base, ours, theirs = contents
    if ours is None or theirs is None or kind_of(path) != "note":
        return ours if theirs is None else theirs
    texts = versions((one or b"").decode() for one in (base, ours, theirs))
    return merge_note(path, texts, workspace.config).text.encode()

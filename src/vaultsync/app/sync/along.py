"""Which files of a vault a sync takes along, and which stay on this machine, and why."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from posixpath import normpath

from vaultsync.app.workspace import Workspace
from vaultsync.core.config import FILE_NAME, matches_glob
from vaultsync.infra.git.files import inside
from vaultsync.infra.git.state import State, filters_of
from vaultsync.lint.rules.files import windows_reason
from vaultsync.markdown import kind_of
from vaultsync.notes.link_index import LinkIndex
from vaultsync.sync.names import is_too_long, twins
from vaultsync.sync.plan import LeftOut, Status

_MEGABYTE = 1_000_000
# Our own plugin keeps no keys in its settings.
_OWN = ".obsidian/plugins/vaultsync-editor/data.json"
# What a run of ours keeps beside the notes while it writes.
_TEMPORARY = ".vaultsync-"
# What a vault needs beside its notes.
_NEEDED = (FILE_NAME, ".gitignore", ".gitattributes", "changelog.lock", "sources.lock")


def is_kept_back(workspace: Workspace, path: str) -> bool:
    """Whether the settings keep a file of the repository on this machine."""
    own = inside(path, workspace.repository.prefix if workspace.repository else "")
    name = path if own is None else own
    return name != _OWN and matches_glob(name, workspace.config.sync.exclude)


def sorted_out(
    workspace: Workspace, state: State, changes: Mapping[str, Status]
) -> tuple[dict[str, Status], tuple[LeftOut, ...]]:
    """Return the changes to save, and the files that are left out."""
    reasons = dict[str, str]()
    for path, reason in _reasons(workspace, state, changes):
        reasons.setdefault(path, reason)
    kept = {path: status for path, status in changes.items() if path not in reasons}
    left = (LeftOut(path, reason) for path, reason in sorted(reasons.items()) if reason)
    return kept, tuple(left)


def _reasons(
    workspace: Workspace, state: State, changes: Mapping[str, Status]
) -> Iterator[tuple[str, str]]:
    """Yield why files are left out; "" is for what nobody misses."""
    new = {path for path, status in changes.items() if status == "added"}
    there = [path for path, status in changes.items() if status in {"added", "changed"}]
    yield from _kept_back(workspace, changes)
    yield from _oversized(workspace, state, there)
    gone = {path for path, status in changes.items() if status in {"deleted", "let go"}}
    for path, other in twins(new, state.indexed.keys() - gone).items():
        yield path, f"it differs from {other} in letter case or Unicode form alone: rename one"
    for path in new:
        if reason := _name_problem(path):
            yield path, f"{reason}: rename it"
    if workspace.config.sync.along == "notes":
        yield from _unused(workspace, state, new)


def _kept_back(workspace: Workspace, changes: Mapping[str, Status]) -> Iterator[tuple[str, str]]:
    for path, status in changes.items():
        if path.rpartition("/")[2].startswith(_TEMPORARY):
            yield path, ""
        elif path.endswith("/"):
            yield path, "a repository of its own"
        elif status != "let go" and is_kept_back(workspace, path):
            way_out = "`--accept let-go` ends that, and leaves the file here"
            tracked = f"`sync.exclude` names it, though it is tracked: {way_out}"
            yield path, "" if status == "added" else tracked


def _oversized(
    workspace: Workspace, state: State, paths: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield files for which another program is needed, or Git LFS would be."""
    named = filters_of(state.repo, paths)
    for path in paths:
        name = named.get(path, "")
        if name and name not in state.filters:
            install = "`git lfs install`" if name == "lfs" else "set it with `git config --global`"
            yield path, f"your own settings of git have no filter `{name}` for it: {install}"
        elif not name and _size(state, path) > workspace.config.sync.large_file * _MEGABYTE:
            limit = f"{workspace.config.sync.large_file} MB"
            yield path, f"larger than {limit}: keep it in Git LFS, or raise `sync.large-file`"


def _size(state: State, path: str) -> int:
    place = Path(state.repo.root, path)
    return place.lstat().st_size if os.path.lexists(place) else 0


def _name_problem(path: str) -> str:
    reason = next(filter(None, map(windows_reason, path.split("/"))), "")
    if reason:
        return f"its name {reason}, so that Windows cannot hold it"
    return "its name is too long" if is_too_long(path) else ""


def _unused(workspace: Workspace, state: State, new: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield new files that are neither notes, nor linked from one, nor settings of the vault."""
    prefix = state.repo.prefix
    unknown = set(new) - state.indexed.keys()
    others = {path.removeprefix(prefix) for path in unknown if not _is_needed(path, prefix)}
    # `vaultsync.toml` names it: without it, no other machine can check the vault.
    others.discard(normpath(workspace.config.lint.baseline))
    for path in sorted(others - _linked(workspace, others)):
        yield f"{prefix}{path}", 'no note links to it, and `sync.along` is "notes"'


def _is_needed(path: str, prefix: str) -> bool:
    own, name = path.removeprefix(prefix), path.rpartition("/")[2]
    return bool(kind_of(own)) or own.startswith(".obsidian") or name in _NEEDED


def _linked(workspace: Workspace, wanted: Collection[str]) -> set[str]:
    """Return those of some files that a note, a canvas or a base links to."""
    if not wanted:
        return set()
    index = LinkIndex(workspace.vault.files)
    names = {path.rpartition("/")[2].lower() for path in wanted}
    found: set[str] = set()
    for document in workspace.vault.documents.values():
        for link in document.links:
            if link.target.rpartition("/")[2].lower() in names:
                found.update(index.resolve(link.target, document.path))
    return found

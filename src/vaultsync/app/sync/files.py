"""Merge a file that changed on disk while another version of it came in."""

from __future__ import annotations

import platform
from collections.abc import Mapping

from vaultsync.app.sync.along import is_kept_back
from vaultsync.app.sync.merge import merge_blob
from vaultsync.app.workspace import Workspace
from vaultsync.infra import git
from vaultsync.infra.git.checkout import MergeFile, incoming
from vaultsync.infra.git.files import inside
from vaultsync.notes.link_index import name_key
from vaultsync.sync.merge_tree import second_name
from vaultsync.sync.stale import opened
from vaultsync.sync.three_way import Versions


def machine_name(workspace: Workspace) -> str:
    """Return what this machine is called in names: `vaultsync.machine` of git, or its own name."""
    repo = workspace.need_repository("`vaultsync sync`")
    named = git.as_text(git.run(repo, "config", "vaultsync.machine", quiet=True)).strip()
    return named or platform.node().partition(".")[0] or "machine"


def file_merge(workspace: Workspace) -> MergeFile:
    """Return what merges three versions of a file; a second one is named after the machine."""
    repo = workspace.need_repository("`vaultsync sync`")

    def merged(path: str, contents: Versions[bytes | None]) -> Mapping[str, bytes | None]:
        if contents[2] is None and is_kept_back(workspace, path):
            # Another machine let it go.
            return {path: contents[1]}
        inner = inside(path, repo.prefix)
        versions = _opened(repo, path, contents)
        found = merge_blob(workspace, path if inner is None else inner, versions)
        if found is None or found.ours is None:
            return {path: found.data if found else None}
        taken = {name_key(f"{repo.prefix}{one}") for one in workspace.shown}
        return {path: found.data, second_name(path, machine_name(workspace), taken): found.ours}

    return merged


def _opened(
    repo: git.Repository, path: str, contents: Versions[bytes | None]
) -> Versions[bytes | None]:
    """Return versions of a file with what an editor had opened as base, if that is older."""
    base, ours, theirs = contents
    known = incoming(repo).get(path)
    if base is None or ours is None or known is None:
        return contents
    ids = [*filter(None, [known.after]), *known.held]
    blobs = git.read_blobs(repo, ids)
    texts = [blobs[one] for one in ids]
    older = texts[texts.index(base) + 1 :] if base in texts else ()
    found = opened(ours, [(one, base) for one in older])
    return (found[0], ours, theirs) if found else contents

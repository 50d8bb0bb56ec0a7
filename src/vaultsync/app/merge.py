"""Merge three versions of a file of a vault, as git's merge driver requests."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from vaultsync.app.find_vault import find_vault
from vaultsync.app.workspace import Workspace, inside
from vaultsync.core.config import Config
from vaultsync.core.errors import VaultsyncError
from vaultsync.core.model import content_id
from vaultsync.core.output import Output
from vaultsync.infra import worktree
from vaultsync.sync.merge_file import merge_file
from vaultsync.sync.three_way import Versions, versions


def merge_files(names: Versions[str], path: str, named: str | None = None) -> int | None:
    """Write the merged text of three files over the second; return its number of conflicts.

    `path` is where the file is in the vault, from the working folder. None where the versions
    cannot be merged, so that nothing is written.
    """
    root = find_vault(str(Path.cwd()), named, (path,))
    files = versions(Path(name).absolute() for name in names)
    data = versions(worktree.read(str(file.parent), file.name) for file in files)
    merged = merge_file(inside(root, path), data, _config(root))
    if merged.ours is not None or merged.remarks:
        return None
    output = Output(files[1].name, merged.data, content_id(data[1]))
    worktree.write(str(files[1].parent), [output])
    return merged.conflicts


def _config(root: str) -> Config:
    """Return the settings; the defaults where a merge left these unreadable."""
    with suppress(VaultsyncError):
        return Workspace(root).config
    return Config()

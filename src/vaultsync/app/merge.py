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
from vaultsync.markdown import kind_of
from vaultsync.sync.merge_json import merge_json
from vaultsync.sync.merge_note import Merged, merge_note
from vaultsync.sync.three_way import Versions, versions


def merge_files(names: Versions[str], path: str, named: str | None = None) -> int | None:
    """Write the merged text of three files over the second; return its number of conflicts.

    `path` is where the file is in the vault, from the working folder. None where the versions
    cannot be merged, so that nothing is written.
    """
    root = find_vault(str(Path.cwd()), named, (path,))
    files = versions(Path(name).absolute() for name in names)
    data = versions(worktree.read(str(file.parent), file.name) for file in files)
    try:
        texts = versions(one.decode() for one in data)
    except UnicodeDecodeError:
        return None
    merged = _merged(inside(root, path), texts, root)
    if merged is None:
        return None
    output = Output(files[1].name, merged.text.encode(), content_id(data[1]))
    worktree.write(str(files[1].parent), [output])
    return merged.conflicts


def _merged(path: str, texts: Versions[str], root: str) -> Merged | None:
    if kind_of(path) == "note":
        return merge_note(path, texts, _config(root))
    text = merge_json(texts) if path.endswith((".canvas", ".json")) else None
    return None if text is None else Merged(text, 0)


def _config(root: str) -> Config:
    """Return the settings; the defaults where a merge left these unreadable."""
    with suppress(VaultsyncError):
        return Workspace(root).config
    return Config()

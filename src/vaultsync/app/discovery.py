"""Where a vault is, and what a path means in it."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from vaultsync.core.config import FILE_NAME
from vaultsync.core.errors import VaultError


def find_vault(start: str, named: str | None = None) -> str:
    """Return the absolute path of the vault: the folder named, else the nearest one from `start`.

    That is the nearest ancestor with `vaultsync.toml` or `.obsidian`, else `vault` in `start`.
    Raises `VaultError` where there is none.
    """
    if named is not None:
        folder = Path(start, named)
        if not folder.is_dir():
            raise VaultError(f"{named}: there is no such folder")
        return str(folder.resolve())
    here = Path(start).resolve()
    for folder in (here, *here.parents, here / "vault"):
        if (folder / FILE_NAME).is_file() or (folder / ".obsidian").is_dir():
            return str(folder)
    if (here / "vault").is_dir():
        return str(here / "vault")
    raise VaultError(
        f"{here}: there is no vault here or above: a folder with .obsidian or {FILE_NAME} is one; "
        "name another with --vault DIR (this folder is `.`), or make one with `vaultsync init`"
    )


def inside(root: str, path: str, start: str) -> str:
    """Return a path from a folder as a path of the vault; raise `VaultError` if it lies outside."""
    # Not resolved as a whole: a symbolic link in the vault is named by its own place.
    named = Path(os.path.normpath(Path(start).resolve() / path))
    for place in (named, named.parent.resolve() / named.name, named.resolve()):
        if place.is_relative_to(root):
            return str(PurePosixPath(place.relative_to(root)))
    raise VaultError(f"{path}: this is outside the vault {root}")

"""Find the vault that a command is about: named, given by a path, or above the working folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from vaultsync.core.config import FILE_NAME
from vaultsync.core.errors import VaultError
from vaultsync.infra import worktree


def find_vault(start: str, named: str | None = None, paths: Sequence[str] = ()) -> str:
    """Return the absolute path of the vault: the folder named, else the nearest one.

    That is the nearest folder with `vaultsync.toml` or `.obsidian` that holds the first of the
    paths, or else `start`; then `vault` in `start`, if it has either; else the folder of the paths
    or `start` itself. Raises `VaultError` if there is no folder of the name.
    """
    if named is not None:
        folder = Path(start, named)
        if not stat.S_ISDIR(worktree.mode_of(str(folder))):
            raise VaultError(f"{named}: there is no such folder")
        return str(folder.resolve())
    here = Path(start).resolve()
    places = [Path(os.path.normpath(here / path)) for path in paths]
    # A link in a vault is named by its own place, one into a vault by where it leads.
    starts = [*places[:1], *(place.resolve() for place in places[:1]), here]
    above = [folder for place in starts for folder in (place, *place.parents)]
    found = next(filter(is_vault, [*above, here / "vault"]), None)
    return str((found or _common_folder(here, places)).resolve())


def other_vaults(start: str, root: str) -> list[str]:
    """Return the vaults in a folder but the one that was taken there; none if it is in that one.

    So it is only where another one may be meant.
    """
    here = Path(start).resolve()
    if is_vault(Path(root)) and here.is_relative_to(root):
        return []
    with suppress(OSError):
        return sorted(p.name for p in here.iterdir() if is_vault(p) and not p.samefile(root))
    return []


def is_vault(folder: Path) -> bool:
    """Whether a folder has settings or is a vault of Obsidian."""
    # Of a folder that must not be entered nothing is known.
    if not os.access(folder, os.X_OK):
        return False
    settings, obsidian = (worktree.mode_of(f"{folder}/{name}") for name in (FILE_NAME, ".obsidian"))
    return stat.S_ISREG(settings) or stat.S_ISDIR(obsidian)


def _common_folder(here: Path, places: Sequence[Path]) -> Path:
    """Return the folder that is given, or the one that holds several.

    It is the working folder where files in it are given, so that their links are not broken by
    which of them are named; and outside of that, the folder of the first path.
    """
    is_below = all(place.is_relative_to(here) for place in places)
    if is_below and not all(place.is_dir() for place in places):
        return here
    folders = [next(filter(Path.is_dir, (place, *place.parents))) for place in places or [here]]
    return Path(os.path.commonpath(folders)) if is_below else folders[0]

"""Which files of a vault changed since a page was made of them."""

from __future__ import annotations

import time
from collections.abc import Mapping

from vaultsync.core.errors import VaultsyncError
from vaultsync.infra import worktree

# Seconds in which no file may change before the page is made, and at most to wait for that.
_MOMENT, _PATIENCE = 0.05, 2.0

# The state of each file by path. A folder that cannot be read has the path "".
Files = Mapping[str, object]


def list_files(root: str) -> Files:
    """Return the files of a vault."""
    try:
        return {file.path: (file.state, file.error) for file in worktree.scan(root)}
    except VaultsyncError as error:
        return {"": str(error)}


def wait_until_settled(root: str, files: Files) -> Files:
    """Return the files once they stop changing, or after a while if they do not stop."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        time.sleep(_MOMENT)
        before, files = files, list_files(root)
        if files == before:
            break
    return files


def changed_paths(before: Files, after: Files) -> list[str]:
    """Return the paths of files that were added, changed or removed, sorted."""
    known = before.keys() | after.keys()
    return sorted(path for path in known if before.get(path) != after.get(path))

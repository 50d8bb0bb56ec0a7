"""The addresses of files in the protocol, and paths of the vault."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from vaultsync.app.workspace import inside
from vaultsync.core.errors import VaultError

_DRIVE = re.compile(r"/[A-Za-z]:(?=/|\Z)")


def local_path(uri: str, *, windows: bool = os.name == "nt") -> str | None:
    """Return the path on disk that a `file:` address names; None for any other address.

    `file://server/share` is one of a network on Windows, and on no disk elsewhere.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    # What looks like a query or a fragment is of the path: a client may not have escaped it.
    path = unquote(uri.partition("://")[2].removeprefix(parts.netloc))
    host = unquote(parts.netloc)
    if parts.scheme != "file" or "\0" in path:
        return None
    if host and host != "localhost":
        return f"//{host}{path}".replace("/", "\\") if windows else None
    if windows:
        return (path[1:] if _DRIVE.match(path) else path).replace("/", "\\")
    return path


def vault_path(uri: str, root: str) -> str | None:
    """Return the path in the vault at `root` that an address names, None outside of it."""
    path = local_path(uri)
    try:
        return inside(root, path) if path else None
    except (VaultError, OSError):
        return None


def address(root: str, path: str) -> str:
    """Return the address of a file of the vault."""
    return Path(root, path).as_uri()

"""One run at a time: a lock that a process loses when it ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vaultsync.core.errors import VaultError
from vaultsync.infra.worktree import as_vault_error


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Hold the lock of a file, with the number of this process in it.

    Raises `VaultError` where another process holds it.
    """
    with as_vault_error(str(place), "nothing was done"):
        place.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(place, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _try(file):
            number = os.read(file, 20).decode("ascii", "replace").strip()
            raise VaultError(f"another run is in progress (process {number}): wait for its end")
        os.truncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(file)


def _try(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            # Behind the number, which others read.
            os.lseek(file, 1 << 10, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True

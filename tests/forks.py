"""What tests of forked processes share."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest


def descriptors() -> int:
    """Return how many files this process has open."""
    return len(list(Path("/dev/fd").iterdir()))


def refuse_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system start no process."""

    def refused() -> int:
        raise BlockingIOError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr(os, "fork", refused)

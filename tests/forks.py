"""What tests of forked processes share."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest


def descriptors() -> int:
    """Return how many files this process has open."""
    return len(list(Path("/dev/fd").iterdir()))


def run_alone(test: str, root: Path) -> None:
    """Run a test in a process that has one thread, and fail as it does."""
    if "FORKS_ALONE" in os.environ:
        pytest.fail("no process can be forked here, not even where one test runs alone")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-n0",
            "-q",
            "-m",
            "",
            "-p",
            "no:cacheprovider",
            "--no-cov",
            test,
        ],
        cwd=root,
        env={**os.environ, "FORKS_ALONE": "1", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def refuse_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system start no process."""

    def refused() -> int:
        raise BlockingIOError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr(os, "fork", refused)

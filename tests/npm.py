"""Packages of npm that tests run, installed once into the cache of the tests."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import needs


def installed(config: pytest.Config, wanted: Path) -> Path:
    """Return the `node_modules` that a `package.json` asks for. No script of a package is run."""
    npm = needs("npm")
    assert config.cache is not None
    digest = hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]
    folder = config.cache.mkdir(f"npm-{digest}")
    done = folder / "done"
    # Tests run in several processes.
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.copy(wanted, folder / "package.json")
            options = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock")
            subprocess.run([npm, "install", "--silent", *options], cwd=folder, check=True)
            done.touch()
    return folder / "node_modules"

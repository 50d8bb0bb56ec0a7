"""A lock that one run holds at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.vaults import start

from vaultsync.core.errors import VaultError
from vaultsync.infra.lock import locked


def test_one_at_a_time(tmp_path: Path) -> None:
    place = tmp_path / "folder" / "sync.lock"
    with locked(place):
        assert place.read_text() == f"{os.getpid()}\n"
        with pytest.raises(VaultError, match=rf"in progress \(process {os.getpid()}\)"):
            locked(place).__enter__()
    with locked(place):
        pass


def test_a_process_that_is_killed_loses_it(tmp_path: Path) -> None:
    code = (
        "import os, pathlib\nfrom vaultsync.infra.lock import locked\n"
        "locked(pathlib.Path('sync.lock')).__enter__()\nos.kill(os.getpid(), 9)"
    )
    assert start(tmp_path, code=code).code == -9
    with locked(tmp_path / "sync.lock"):
        assert (tmp_path / "sync.lock").read_text() == f"{os.getpid()}\n"


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(VaultError, match="nothing was done"):
        locked(tmp_path / "file" / "sync.lock").__enter__()

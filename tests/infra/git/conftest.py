"""A repository whose top level is the vault, and one with the vault in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.infra.git.work import Work


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path / "repo")


@pytest.fixture
def sub(tmp_path: Path) -> Work:
    return Work(tmp_path / "repo", folder="the vault")

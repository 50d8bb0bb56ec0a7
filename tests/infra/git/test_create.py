"""Changes to a repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.vaults import git, make, start

from vaultsync.core.errors import GitError
from vaultsync.infra.git.create import make_repository


def test_a_repository_is_made_of_a_folder_with_files(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "x\n"})
    make_repository(str(tmp_path))
    assert (
        git(tmp_path, "status", "--porcelain", "--branch") == "## No commits yet on main\n?? a.md\n"
    )


def test_a_repository_that_is_there_stays(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    make_repository(str(tmp_path))
    assert git(tmp_path, "symbolic-ref", "HEAD") == "refs/heads/trunk\n"


def test_what_git_says_is_told(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("nonsense\n")
    with pytest.raises(GitError, match=r"git init failed: .*invalid gitfile format"):
        make_repository(str(tmp_path))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    make(tmp_path, {"file": ""})
    with pytest.raises(GitError, match="git init failed"):
        make_repository(str(tmp_path / "file" / "folder"))


CODE = """
from vaultsync.core.errors import GitError
from vaultsync.infra.git.create import make_repository
try:
    make_repository(".")
except GitError as error:
    print(error)
"""


def test_git_that_is_missing_is_told(tmp_path: Path) -> None:
    said = start(tmp_path, code=CODE, env={"PATH": str(tmp_path)})
    assert said == (0, "git is not installed, or not on PATH\n", "")

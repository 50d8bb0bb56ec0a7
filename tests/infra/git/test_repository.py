"""The repository of a folder, and its commits by name."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.infra.git.work import Work
from tests.vaults import make

from vaultsync.core.errors import GitError
from vaultsync.infra import git as gitread
from vaultsync.infra.git import Repository


def test_opens_the_top_level_and_a_subfolder(work: Work, sub: Work) -> None:
    assert gitread.open_repository(str(work.top)) == Repository(
        str(work.top), "", git_dir=str(work.top / ".git")
    )
    assert sub.repo == Repository(str(sub.top), "the vault/", git_dir=str(sub.top / ".git"))


def test_opens_through_a_link_to_the_vault(sub: Work, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(sub.vault)
    assert gitread.open_repository(str(tmp_path / "link")) == sub.repo


def test_no_repository(tmp_path: Path) -> None:
    assert gitread.open_repository(str(tmp_path)) is None


def test_a_bare_repository_holds_no_vault(tmp_path: Path) -> None:
    bare = Work(tmp_path / "bare", "--bare")
    assert gitread.open_repository(str(bare.top)) is None


def test_a_broken_repository_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    with pytest.raises(GitError, match="not a git repository: /nowhere"):
        gitread.open_repository(str(tmp_path))


@pytest.mark.parametrize("file", ["HEAD", "refs/heads/main"])
def test_a_repository_that_git_cannot_read_is_not_taken_for_none(work: Work, file: str) -> None:
    work.commit({"a.md": "x"})
    repo = work.repo
    (work.top / ".git" / file).write_text("?")
    with pytest.raises(GitError, match=r"is it damaged\?$|cannot be read$|No such ref: HEAD$"):
        gitread.head(gitread.open_repository(str(work.top)) or repo)


NONE_THERE = "fatal: not a git repository (or any of the parent directories): .git"


@pytest.mark.parametrize(("message", "code"), [("", 0), (NONE_THERE, 128)])
def test_what_git_only_warns_of_is_an_error(
    work: Work, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, message: str, code: int
) -> None:
    """It goes on as if what it cannot read was not there."""
    repo, stub = work.repo, make(tmp_path / "bin", {}) / "git"
    warning = "warning: unable to access '.gitignore': Input/output error"
    stub.write_text(f'#!/bin/sh\necho "{warning}\n{message}" >&2\nexit {code}\n')
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", str(stub.parent), prepend=os.pathsep)
    reason = r"unable to access '\.gitignore': Input/output error"
    with pytest.raises(GitError, match=reason):
        gitread.open_repository(str(tmp_path))
    with pytest.raises(GitError, match=reason):
        gitread.run(repo, "check-ignore", quiet=True)
    with pytest.raises(GitError, match=reason):
        list(gitread.stream(repo, "log"))


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"none': No such file or directory"):
        gitread.open_repository(str(tmp_path / "none"))


def test_a_path_with_a_line_break(tmp_path: Path) -> None:
    work = Work(tmp_path / "a\nb")
    with pytest.raises(GitError, match="line break"):
        gitread.open_repository(str(work.top))


def test_without_git(work: Work, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    repo = work.repo
    monkeypatch.setenv("PATH", str(tmp_path))
    assert gitread.open_repository(str(work.top)) is None
    with pytest.raises(GitError, match="installed and on PATH"):
        gitread.head(repo)


def test_a_repository_of_another_user(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    # Git's own switch for its tests: it then takes every repository for another user's.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitError) as caught:
        gitread.open_repository(str(work.top))
    assert f"git config --global --add safe.directory {work.top}" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_revisions_name_commits(work: Work) -> None:
    assert gitread.commit_named(work.repo, "HEAD") is None
    base = work.commit({"a.md": "a"}, day=1)
    work.git("checkout", "-q", "-b", "side")
    side = work.commit({"b.md": "b"}, day=2)
    work.git("checkout", "-q", "main")
    main = work.commit({"c.md": "c"}, day=3)
    names = {"main": main, "HEAD": main, "HEAD~": base, side[:9]: side, "side^{tree}": None}
    names |= {"side...": base, "...side": base, "main...side": base, "main...no": None}
    names |= {
        "no": None,
        "-q": None,
        "--all": None,
        "main..side": None,
        "": None,
        "HEAD:a.md": None,
    }
    assert {name: gitread.commit_named(work.repo, name) for name in names} == names
    work.git("checkout", "-q", "--orphan", "apart")
    work.git("commit", "-q", "-m", "apart")
    assert gitread.commit_named(work.repo, "apart...main") is None


def test_the_commit_that_is_being_merged(work: Work) -> None:
    work.commit({"a.md": "a"}, day=1)
    assert gitread.commit_named(work.repo, "MERGE_HEAD") is None
    work.git("checkout", "-q", "-b", "side")
    side = work.commit({"b.md": "b"}, day=2)
    work.git("checkout", "-q", "main")
    work.git("merge", "-q", "--no-ff", "--no-commit", "side")
    assert gitread.commit_named(work.repo, "MERGE_HEAD") == side


def test_shallow(work: Work, tmp_path: Path) -> None:
    for day in (1, 2, 3):
        work.commit({"a.md": str(day)}, day=day)
    assert not work.repo.is_shallow
    work.git("clone", "-q", "--depth=2", f"file://{work.top}", str(tmp_path / "clone"))
    clone = gitread.open_repository(str(tmp_path / "clone"))
    assert clone is not None
    assert clone.is_shallow

"""Making a repository, and staging in it."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

import pytest
from tests.infra.git.work import Work
from tests.vaults import git, make, start

from vaultsync.core.errors import GitError
from vaultsync.infra import git as gitread
from vaultsync.infra.git import Repository, branch, files, write
from vaultsync.infra.git.files import Entry

# A comma, a space and a byte that is not UTF-8.
NAME = "a, b \udcff.md"


def test_a_repository_is_made_of_a_folder_with_files(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "x\n"})
    write.make_repository(str(tmp_path))
    assert (
        git(tmp_path, "status", "--porcelain", "--branch") == "## No commits yet on main\n?? a.md\n"
    )


def test_a_repository_that_is_there_stays(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "trunk")
    write.make_repository(str(tmp_path))
    assert git(tmp_path, "symbolic-ref", "HEAD") == "refs/heads/trunk\n"


def test_a_failed_init_gives_the_message_of_git(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("nonsense\n")
    with pytest.raises(GitError, match=r"git init failed: .*invalid gitfile format"):
        write.make_repository(str(tmp_path))


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    make(tmp_path, {"file": ""})
    with pytest.raises(GitError, match="git init failed"):
        write.make_repository(str(tmp_path / "file" / "folder"))


CODE = """
from vaultsync.core.errors import GitError
from vaultsync.infra.git.write import make_repository
try:
    make_repository(".")
except GitError as error:
    print(error)
"""


def test_no_repository_is_made_without_git(tmp_path: Path) -> None:
    said = start(tmp_path, code=CODE, env={"PATH": str(tmp_path)})
    assert said == (0, "git is not installed, or not on PATH\n", "")


@pytest.mark.parametrize("options", [(), ("--object-format=sha256",)], ids=["sha1", "sha256"])
def test_staging_is_tried_in_a_copy_and_then_done(tmp_path: Path, options: tuple[str, ...]) -> None:
    work = Work(tmp_path / "repo", *options, folder="the vault")
    work.commit({"a.md": "a1", "b.md": "b1"})
    before = work.git("ls-files", "--stage")
    contents = {"a.md": b"a2\r\n", NAME: b"", "new.md": b"\0\xff"}
    with write.copied_index(work.repo) as copy:
        ids = write.add_blobs(copy, contents.values())
        entries = {path: Entry("100644", one) for path, one in zip(contents, ids, strict=True)}
        write.stage(copy, entries)
        tried = files.staged(copy)
        assert files.read_files(copy, {path: tried[path] for path in contents}) == contents
    assert work.git("ls-files", "--stage") == before
    write.stage(work.repo, entries)
    assert files.staged(work.repo) == tried
    assert (work.vault / "a.md").read_text() == "a1"


def test_before_the_first_file_is_staged_there_is_an_index_too(work: Work) -> None:
    with write.copied_index(work.repo) as copy:
        (blob,) = write.add_blobs(copy, [b"x"])
        write.stage(copy, {"a.md": Entry("100644", blob)})
        assert files.staged(copy).keys() == {"a.md"}
    assert files.staged(work.repo) == {}


def test_an_index_that_is_locked_stays(work: Work) -> None:
    work.commit({"a.md": "a1"})
    (blob,) = write.add_blobs(work.repo, [b"x"])
    (work.top / ".git/index.lock").write_text("")
    with pytest.raises(GitError, match=r"index\.lock.*File exists"):
        write.stage(work.repo, {"a.md": Entry("100644", blob)})


def test_the_repository_is_that_of_the_vault_and_not_of_the_hook(
    work: Work, tmp_path: Path
) -> None:
    other = Work(tmp_path / "other")
    with mock.patch.dict(os.environ, {"GIT_DIR": str(other.top / ".git"), "GIT_PREFIX": "x/"}):
        (blob,) = write.add_blobs(work.repo, [b"x"])
        write.stage(work.repo, {"a.md": Entry("100644", blob)})
    assert work.git("ls-files") == "a.md"
    assert other.git("ls-files") == ""


def test_a_merge_is_known_while_git_runs_its_hook(work: Work) -> None:
    work.commit({"a.md": "a1"})
    tip = work.git("rev-parse", "HEAD")
    repo = Repository(str(work.top), "", index=str(work.top / ".git/index"))
    with mock.patch.dict(os.environ, {f"GITHEAD_{tip}": "side"}):
        assert gitread.merged(repo) == gitread.merging(repo) == tip
        # Not in a hook.
        assert gitread.merging(work.repo) is None
    assert gitread.merged(repo) is None


def test_a_copy_of_the_index_hides_no_change(work: Work) -> None:
    """A file that was changed when the index was written, and is as long as before."""
    then = (1_700_000_000, 1_700_000_000)
    work.git("config", "core.trustctime", "false")
    work.commit({"a.md": "one\n"})
    os.utime(work.vault / "a.md", then)
    work.git("update-index", "--refresh")
    work.put("a.md", "two\n")
    for path in (work.vault / "a.md", work.top / ".git/index"):
        os.utime(path, then)
    with write.copied_index(work.repo) as copy:
        assert gitread.run(copy, "diff-files", "--name-only") == b"a.md\n"
    with branch.locked_index(work.repo):
        pass
    assert gitread.run(work.repo, "diff-files", "--name-only") == b"a.md\n"

"""The branch, its index and its backups, with other programs at work."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from tests.vaults import committed, git

from vaultsync.core.errors import GitError
from vaultsync.infra.git import Repository, branch, open_repository, write
from vaultsync.infra.git.files import Entry


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    found = open_repository(str(committed(tmp_path / "one", {"a.md": "a\n"})))
    assert found
    return found


def test_an_index_is_replaced_at_the_end(repo: Repository) -> None:
    (blob,) = write.add_blobs(repo, [b"new\n"])
    with branch.locked_index(repo) as copy:
        write.put(copy, {"new.md": Entry("100644", blob), "a.md": None})
        assert git(Path(repo.root), "ls-files") == "a.md\n"
    assert git(Path(repo.root), "ls-files") == "new.md\n"
    with suppress(GitError), branch.locked_index(repo) as copy:
        write.put(copy, {"new.md": None})
        raise GitError
    assert git(Path(repo.root), "ls-files") == "new.md\n"


def test_a_foreign_lock_is_never_removed(repo: Repository) -> None:
    lock = Path(repo.root, ".git/index.lock")
    lock.write_bytes(b"")
    with pytest.raises(GitError, match=r"index.lock: another program .* delete this file"):
        branch.locked_index(repo, patience=0.1).__enter__()
    assert lock.exists()


def test_a_lock_of_a_run_that_was_killed_goes(repo: Repository) -> None:
    lock = Path(repo.root, ".git/index.lock")
    lock.write_bytes(b"vaultsync sync\n")
    with branch.locked_index(repo, patience=0):
        assert lock.exists()
    assert not lock.exists()


def test_a_branch_moves_if_it_is_where_it_was(repo: Repository) -> None:
    top = Path(repo.root)
    old = git(top, "rev-parse", "HEAD").strip()
    new = write.commit(repo, f"{old}^{{tree}}", [old], "new\n")
    assert branch.move_head(repo, "one-save", old, new)
    assert git(top, "rev-parse", "main").strip() == new
    assert branch.backups(repo) == {"one-save": old}
    assert branch.moved_to(repo, "one-save") == new
    assert branch.moved_to(repo, "two-save") is None
    assert not branch.move_head(repo, "two-save", old, new)
    with pytest.raises(GitError):
        branch.move_head(repo, "one-save", new, old)

"""What git prints when a remote is not reached, or does not take what is pushed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.vaults import committed, git

from vaultsync.infra.git import Repository, open_repository, transfer
from vaultsync.infra.git.transfer import TransferError, Upstream

MAIN = Upstream("origin", "refs/heads/main", "refs/remotes/origin/main")


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    top = committed(tmp_path / "one", {"a.md": "a\n"})
    git(top, "init", "-q", "--bare", "../remote.git")
    git(top, "remote", "add", "origin", "../remote.git")
    found = open_repository(str(top))
    assert found
    return found


def commit(repo: Repository) -> str:
    return git(Path(repo.root), "rev-parse", "HEAD").strip()


def test_there_and_back(repo: Repository) -> None:
    assert transfer.remote_head(repo, MAIN) is None
    transfer.push(repo, MAIN, commit(repo))
    assert transfer.remote_head(repo, MAIN) == commit(repo)
    git(Path(repo.root), "update-ref", "-d", MAIN.tracking)
    transfer.fetch(repo, MAIN)
    assert git(Path(repo.root), "rev-parse", MAIN.tracking).strip() == commit(repo)


def test_the_upstream_of_a_branch(repo: Repository) -> None:
    assert transfer.upstream(repo, "main") is None
    git(Path(repo.root), "push", "-q", "-u", "origin", "main:notes")
    found = transfer.upstream(repo, "main")
    assert found == Upstream("origin", "refs/heads/notes", "refs/remotes/origin/notes")
    assert found.name == "origin/notes"


def test_a_push_is_not_forced(repo: Repository) -> None:
    transfer.push(repo, MAIN, commit(repo))
    git(Path(repo.root), "commit", "-q", "--amend", "--allow-empty", "-m", "another")
    with pytest.raises(TransferError) as error:
        transfer.push(repo, MAIN, commit(repo))
    assert error.value.kind == "faster"


def test_no_answer_in_time_is_offline(repo: Repository) -> None:
    hook = Path(repo.root, ".git/hooks/pre-push")
    hook.write_text("#!/bin/sh\nsleep 600\n")
    hook.chmod(0o755)
    with pytest.raises(TransferError, match=r"no answer in 0\.5 seconds") as error:
        transfer.push(repo, MAIN, commit(repo), limit=0.5)
    assert error.value.kind == "offline"


def test_no_prompt_and_no_command(repo: Repository, tmp_path: Path) -> None:
    top, marker = Path(repo.root), tmp_path / "marker"
    git(top, "config", "core.askPass", f"touch {marker}")
    for url in (f"ext::touch {marker}", f"--upload-pack=touch {marker}"):
        git(top, "config", "remote.origin.url", url)
        with pytest.raises(TransferError):
            transfer.fetch(repo, MAIN)
        assert not marker.exists()


def test_a_password_is_not_shown(repo: Repository) -> None:
    git(Path(repo.root), "remote", "set-url", "origin", "http://me:secret@127.0.0.1:1/x")
    with pytest.raises(TransferError) as error:
        transfer.fetch(repo, MAIN)
    assert error.value.kind == "offline"
    assert "secret" not in str(error.value)

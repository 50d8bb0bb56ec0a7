"""A vault that nobody changed is up to date, however it came here: two git processes show it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.blocks.sample import TOML, block, note
from tests.conftest import needs
from tests.repository import Repository
from tests.vaults import SOURCES, Run, run

FILES = {
    "vaultsync.toml": TOML,
    "Changelog.md": f"Mine.\n\n{block('changelog')}",
    "Post.md": block('changelog style="short"'),
    ".gitattributes": "changelog.lock merge=union\n",
}
DAYS = ["2026-01-02", "2026-01-03"]


def claim(lead: str = "It holds.", title: str = "Ants", status: str = "open") -> str:
    body = "\n\nSo much is known of it, and more of it is not.\n"
    return note(f"{lead}{body}", title=title, status=status)


@pytest.fixture(params=["sha1", pytest.param("sha256", marks=pytest.mark.long)], scope="module")
def recorded(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Repository:
    """Return a repository with a vault in a folder, recorded by git's own hook on three days."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_DEFAULT_HASH", request.param)
        patch.setenv("PYTHONPATH", str(SOURCES))
        repo = Repository(tmp_path_factory.mktemp(request.param) / "repo", FILES, "vault")
        repo.put(ants=claim(), bees=claim(title="Bees"))
        assert run(repo.top, "init", "vault", "--hook").code == 0
        repo.commit()
        for day in DAYS:
            repo.put(ants=claim(f"It held on {day}."), **{f"on {day}": claim(title=day)})
            repo.commit(day)
        assert repo.journal.count("###") == 3
    return repo


@pytest.fixture
def repo(tmp_path: Path, recorded: Repository) -> Repository:
    """Return a copy of the recorded repository."""
    return recorded.copied(tmp_path / "repo")


@pytest.fixture(autouse=True)
def _hooks_run_this_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(SOURCES))


def settled(vault: Path, counter: Path) -> None:
    """Show that there is nothing to record, and that at most two git processes are started."""
    real, log = needs("git"), counter / "calls"
    counter.mkdir(exist_ok=True)
    (counter / "git").write_text(f'#!/bin/sh\necho "$*" >> {log}\nexec {real} "$@"\n')
    (counter / "git").chmod(0o755)
    log.write_text("")
    found = run(vault, "changelog", "--check", env={"PATH": f"{counter}:{os.environ['PATH']}"})
    assert found == Run(0, "up to date\n", "")
    calls = log.read_text().splitlines()
    assert len(calls) <= 2, calls


def nothing(_repo: Repository) -> None:
    """Do nothing: the hook has just committed."""


def rebased(repo: Repository) -> None:
    repo.git("checkout", "-q", "-b", "side", "HEAD~1")
    (repo.top / "code.py").write_text("pass\n")
    repo.commit("2026-01-04")
    repo.git("checkout", "-q", "main")
    repo.git("rebase", "-q", "side")


def squashed(repo: Repository) -> None:
    repo.git("reset", "-q", "--soft", "HEAD~2")
    repo.git("commit", "-q", "--no-verify", "-m", "squashed")


def amended(repo: Repository) -> None:
    repo.git("commit", "-q", "--amend", "--no-verify", "-m", "other words")


def cherry_picked(repo: Repository) -> None:
    tip = repo.git("rev-parse", "HEAD").strip()
    repo.git("reset", "-q", "--hard", "HEAD~1")
    (repo.top / "code.py").write_text("pass\n")
    repo.commit()
    repo.git("cherry-pick", tip)


def reverted(repo: Repository) -> None:
    repo.git("revert", "--no-edit", "HEAD")


def forced(repo: Repository) -> None:
    repo.git("branch", "side")
    repo.git("reset", "-q", "--hard", "HEAD~1")
    repo.put(bees=claim("They do.", title="Bees"))
    repo.commit("2026-01-05")
    repo.git("checkout", "-q", "-B", "side")


def merged(repo: Repository) -> None:
    repo.git("checkout", "-q", "-b", "side")
    repo.put(bees=claim("They do.", title="Bees"))
    repo.commit("2026-01-05")
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "side")


def without_history(repo: Repository) -> None:
    repo.git("checkout", "-q", "--orphan", "fresh")
    repo.git("commit", "-q", "--no-verify", "-m", "all anew")
    repo.git("branch", "-D", "main")
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "-q", "--prune=now")


def edited_elsewhere(repo: Repository) -> None:
    (repo.vault / "Loose.md").write_text("[[ants]]\n")
    (repo.top / "code.py").write_text("pass\n")


WAYS = [
    *(nothing, rebased, squashed, amended, cherry_picked, reverted, forced, merged),
    *(without_history, edited_elsewhere),
]


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_new(
    repo: Repository, tmp_path: Path, way: Callable[[Repository], None]
) -> None:
    way(repo)
    settled(repo.vault, tmp_path / "bin")
    found = repo.git("status", "--porcelain")
    assert found == "" or way is edited_elsewhere
    repo.day = "2027-01-01"
    repo.settled()


def test_a_commit_that_is_reverted_takes_its_day_along(repo: Repository) -> None:
    reverted(repo)
    assert repo.journal.count("###") == 2


@pytest.mark.parametrize(
    "options", [[], ["--depth=1"], ["--config=core.autocrlf=true"]], ids=["full", "shallow", "crlf"]
)
def test_nothing_is_new_in_a_clone(repo: Repository, tmp_path: Path, options: list[str]) -> None:
    clone = tmp_path / "clone"
    repo.git("clone", "-q", *options, repo.top.as_uri(), str(clone))
    crlf = b"\r\n" in (clone / "vault/Claims/ants.md").read_bytes()
    assert crlf is ("--config=core.autocrlf=true" in options)
    settled(clone / "vault", tmp_path / "bin")


@pytest.mark.parametrize("place", ["notes/other", "vault/inner"])
def test_nothing_is_new_where_the_folder_moved(
    repo: Repository, tmp_path: Path, place: str
) -> None:
    moved = repo.top / place
    for name in ("vault", "aside"):
        target = repo.top / "aside" if name == "vault" else moved
        target.parent.mkdir(parents=True, exist_ok=True)
        repo.git("mv", name, str(target))
    assert run(moved, "changelog", "--check") == Run(0, "up to date\n", "")
    repo.git("commit", "-q", "--no-verify", "-m", "moved")
    settled(moved, tmp_path / "bin")


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Honolulu"])
def test_nothing_is_new_in_another_time_zone(
    repo: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    settled(repo.vault, tmp_path / "bin")
    shutil.rmtree(repo.top / ".git/hooks")
    (repo.vault / "Changelog.md").touch()
    settled(repo.vault, tmp_path / "bin")

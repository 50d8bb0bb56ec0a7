"""The merge driver in git's own commands, and what takes its place where it is gone."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.blocks.sample import TOML, note
from tests.repository import Repository
from tests.vaults import SOURCES, git, make

from vaultsync.app.merge_driver import install_driver
from vaultsync.infra.git import open_repository

BASE = note("It holds.\n\nProse.\n", title="A", status="open", year="2020")
OURS = BASE.replace("2020", "2021")
THEIRS = BASE.replace("open", "yours")
CLASH = BASE.replace("open", "mine")
# Git's own merge has a conflict here: the lines are neighbours.
MERGED = THEIRS.replace("2020", "2021")
# In each `theirs` comes to a branch that has `ours`.
COMMANDS = {
    "merge": ("merge", "-q", "theirs"),
    "rebase": ("rebase", "-q", "ours", "theirs"),
    "cherry-pick": ("cherry-pick", "theirs"),
    "stash pop": ("stash", "pop"),
}


@pytest.fixture(autouse=True)
def _sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(SOURCES))


def diverged(top: Path, path: str, *texts: str) -> Repository:
    """Make a repository whose branches `ours`, which is checked out, and `theirs` change a file."""
    base, ours, theirs = texts
    repo = Repository(top, {"vaultsync.toml": TOML, path: base}, "my vault")
    make(top, {".gitattributes": "*.md merge=vaultsync\n*.canvas merge=vaultsync\n"})
    repo.commit()
    for branch, text in (("theirs", theirs), ("ours", ours)):
        repo.git("checkout", "-qb", branch)
        make(repo.vault, {path: text})
        repo.commit()
        repo.git("checkout", "-q", "--detach", "HEAD~1")
    repo.git("checkout", "-q", "ours")
    return repo


def install(repo: Repository) -> bool:
    found = open_repository(str(repo.vault))
    assert found
    return install_driver(found)


def apply(repo: Repository, command: str) -> int:
    """Bring `theirs` to `ours` with a command of git; return its exit code."""
    if command == "stash pop":
        repo.git("checkout", "-q", "theirs~1")
        repo.git("checkout", "-q", "theirs", "--", ".")
        repo.git("stash", "-q")
        repo.git("checkout", "-q", "ours")
    # Git starts the driver at the top, wherever it is itself started.
    done = subprocess.run(
        ["git", *COMMANDS[command]], cwd=repo.vault, capture_output=True, check=False
    )
    return done.returncode


def unmerged(repo: Repository) -> bool:
    return bool(repo.git("ls-files", "--unmerged"))


@pytest.mark.parametrize("command", COMMANDS)
def test_git_merges_by_meaning_in_all_its_commands(tmp_path: Path, command: str) -> None:
    repo = diverged(tmp_path, "Claims/a.md", BASE, OURS, THEIRS)
    assert install(repo)
    assert (apply(repo, command), unmerged(repo)) == (0, False)
    assert (repo.vault / "Claims/a.md").read_text() == MERGED


@pytest.mark.parametrize("command", COMMANDS)
def test_a_clash_blocks_none_of_them(tmp_path: Path, command: str) -> None:
    repo = diverged(tmp_path, "Claims/a.md", BASE, CLASH, THEIRS)
    install(repo)
    assert (apply(repo, command), unmerged(repo)) == (0, False)
    assert "# [!conflict] status: " in (repo.vault / "Claims/a.md").read_text()


def script(folder: Path, text: str) -> str:
    place = make(folder, {"python": f"#!/bin/sh\n{text}\n"}) / "python"
    place.chmod(0o755)
    return str(place)


def without_program(folder: Path) -> str:
    """Return a Python that has no vaultsync, and ends with 1 then."""
    return script(folder, f'exec {shlex.quote(sys.executable)} -S "$@"')


GONE: dict[str, Callable[[Path], str]] = {
    "no Python": lambda folder: str(folder / "gone"),
    "not a program": lambda folder: str(make(folder, {"text": "x"}) / "text"),
    "no vaultsync": without_program,
    "killed": lambda folder: script(folder, "kill -9 $$"),
}


@pytest.mark.parametrize(
    ("reason", "command"),
    [
        pytest.param(
            reason,
            command,
            marks=[] if command == "merge" or reason == "killed" else [pytest.mark.long],
        )
        for reason in GONE
        for command in COMMANDS
    ],
)
def test_without_the_program_git_merges_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: str, command: str
) -> None:
    monkeypatch.setattr(sys, "executable", GONE[reason](tmp_path / "bin"))
    apart = BASE.replace("Prose.", "Poem.")
    for texts, code in (((BASE, CLASH, THEIRS), 1), ((BASE, apart, THEIRS), 0)):
        repo = diverged(tmp_path / str(code), "Claims/a.md", *texts)
        install(repo)
        assert (apply(repo, command), unmerged(repo)) == (code, bool(code))
        merged = (repo.vault / "Claims/a.md").read_text()
        assert ("<<<<<<<" in merged) == bool(code)
        assert {"yours", "mine" if code else "Poem"} <= set(merged.replace(".", " ").split())


def test_what_no_one_can_merge_stays_a_conflict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for python in (sys.executable, "/gone"):
        monkeypatch.setattr(sys, "executable", python)
        top = tmp_path / Path(python).name
        # Git's own merge refuses a file with a null byte, and this is not JSON.
        repo = diverged(top, "a.canvas", "{}", "\0ours", "\0theirs")
        install(repo)
        assert (apply(repo, "merge"), unmerged(repo)) == (1, True)
        assert (repo.vault / "a.canvas").read_text() == "\0ours"


def test_any_place_of_python_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = tmp_path / """a 'b' "c" $(d) %A %% \\e ü; #"""
    monkeypatch.setattr(sys, "executable", script(odd, f'exec {sys.executable} "$@"'))
    repo = diverged(tmp_path / "top", "Claims/it's $(a) %O.md", BASE, OURS, THEIRS)
    install(repo)
    assert apply(repo, "merge") == 0
    assert (repo.vault / "Claims/it's $(a) %O.md").read_text() == MERGED


def test_it_is_installed_once_and_replaces_what_came_with_the_folder(tmp_path: Path) -> None:
    repo = Repository(tmp_path, {"a.md": ""})
    for line in ("touch x", "touch y"):
        git(tmp_path, "config", "--add", "merge.vaultsync.driver", line)
    assert [install(repo), install(repo)] == [True, False]
    found = git(tmp_path, "config", "--get-all", "merge.vaultsync.driver")
    assert found.startswith(f"{sys.executable} -P -m vaultsync merge-driver %O %A %B %P || ")
    assert found.count("\n") == 1
    assert git(tmp_path, "config", "merge.vaultsync.name") == "notes by what their parts mean\n"

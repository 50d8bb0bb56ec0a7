"""`vaultsync sync` as people run it: what is printed, what is refused, and what ends it."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from tests.app.sync.clones import Clones, notes, synced
from tests.cli.test_interrupted import interrupted
from tests.vaults import git, make, run

TEXT = "First.\n\nSecond.\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Clones:
    return Clones(tmp_path_factory.mktemp("template") / "clones", {"a.md": TEXT})


@pytest.fixture
def clones(template: Clones, tmp_path: Path) -> Clones:
    return template.copied(tmp_path / "clones")


def test_the_steps_are_printed(clones: Clones) -> None:
    assert run(clones.a, "sync") == (0, "nothing to do\n", "fetching origin/main\n")
    fetch = "fetch   origin/main, and merge what is new there\n"
    assert run(clones.a, "sync", "--dry-run", "-q") == (0, fetch, "")
    make(clones.a, {"a.md": TEXT.replace("First", "Uno"), "stray.txt": "x"})
    saved = "save    1 note: change 1\n"
    plan = f"{saved}{fetch}push    main to origin/main\n"
    assert run(clones.a, "sync", "--dry-run", "-q") == (0, plan, "")
    code, out, err = run(clones.a, "sync")
    assert (code, out) == (0, f"{saved}push    origin/main\n")
    assert err.startswith("saving 1 note: change 1\nfetching origin/main\npushing to origin/main\n")
    assert "stray.txt stays here: " in err
    git(clones.a, "reset", "-q", "--hard", "HEAD~1")
    merge = "fetch   origin/main\nmerge   1 commit of origin/main, and what is new there\n"
    assert run(clones.a, "sync", "--dry-run", "-q") == (0, merge, "")
    git(clones.a, "update-ref", "-d", "refs/remotes/origin/main")
    uncounted = f"{fetch}push    main to origin/main\n"
    assert run(clones.a, "sync", "--dry-run", "-q") == (0, uncounted, "")


def test_conflicts_and_stops_are_printed(clones: Clones) -> None:
    make(clones.b, {"a.md": TEXT.replace("First", "Uno")})
    synced(clones.b)
    make(clones.a, {"a.md": TEXT.replace("First", "Eins")})
    code, out, _ = run(clones.a, "sync", "-q")
    assert code == 3
    assert out.endswith("a.md: error 1 conflict, each in a callout or comment\n")
    shutil.rmtree(clones.remote)
    make(clones.a, {".git/MERGE_HEAD": f"{'1' * 40}\n"})
    code, _, err = run(clones.a, "sync")
    assert code == 2
    assert err.startswith("error: a merge is not completed\nend it: ")


@pytest.mark.parametrize(
    "args",
    [
        ("a.md",),
        ("--ours",),
        ("--dry-run", "--undo"),
        ("--undo", "--continue"),
        ("--continue", "--ours", "--theirs"),
    ],
)
def test_options_that_contradict_each_other(clones: Clones, args: tuple[str, ...]) -> None:
    code, out, err = run(clones.a, "sync", *args)
    assert (code, out) == (2, "")
    assert "--continue" in err or "exclude each other" in err


def test_no_repository(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": TEXT})
    code, _, err = run(tmp_path, "sync")
    assert code == 2
    assert "`vaultsync sync` needs git" in err
    git(tmp_path, "init", "-q", "--bare")
    code, _, err = run(tmp_path, "sync")
    assert code == 2
    remedy = f"run `git clone {tmp_path} DIR`, and work in DIR"
    assert f"this folder is a bare repository, which holds no files: {remedy}\n" in err
    assert f"a bare repository, which holds no files\n        `git clone {tmp_path} DIR`\n" in (
        run(tmp_path, "doctor").out
    )


@pytest.mark.parametrize(("command", "seconds"), [("commit-tree", 0.3), ("push", 1)])
def test_a_signal_ends_it_and_the_next_one_goes_on(
    clones: Clones, tmp_path: Path, command: str, seconds: float
) -> None:
    make(clones.a, {"a.md": TEXT.replace("First", "Uno")})
    slow, noted = make(tmp_path / "bin", {}) / "git", tmp_path / "pid"
    slow.write_text(
        f'#!/bin/sh\ncase " $* " in *" {command} "*)\n'
        f'echo $$ > "{noted}.new"; mv "{noted}.new" "{noted}"; sleep {seconds};; esac\n'
        f'exec "{shutil.which("git")}" "$@"\n'
    )
    slow.chmod(0o755)

    def pids(_parent: int) -> list[int]:
        return [int(noted.read_text())] if noted.exists() else []

    path = f"{slow.parent}{os.pathsep}{os.environ['PATH']}"
    assert interrupted(clones.a, ("sync", "-q"), signal.SIGINT, pids, path) == 130
    synced(clones.a)
    synced(clones.b)
    assert notes(clones.b) == {"a.md": TEXT.replace("First", "Uno")}

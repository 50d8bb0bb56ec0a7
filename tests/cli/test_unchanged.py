"""A vault in which nothing changed is told of as before, and no other one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.cli.test_store import settle
from tests.vaults import committed, git, make, run, start

from vaultsync.infra.cache import FOLDER

NOTES = {
    "vaultsync.toml": '[lint]\nextend-select = ["LNK013", "PRP010"]\n',
    "Home.md": "[[Books]] [[Boks]]\n",
    "Books.md": "---\nrating: many\n---\n[[Home]]\n",
}
MARK = b"as told before\n"


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """Make a vault of which a run was told, with a mark in what is kept of that run."""
    root = committed(tmp_path / "vault", NOTES)
    settle()
    run(root, "lint")
    mark(root)
    assert again(root)
    return root


def mark(root: Path) -> None:
    with sqlite3.connect(root / FOLDER / "store.sqlite") as store:
        for key, kept in store.execute("SELECT key, value FROM runs").fetchall():
            value = msgspec.msgpack.encode([*msgspec.msgpack.decode(kept)[:-1], MARK])
            store.execute("UPDATE runs SET value = ? WHERE key = ?", (value, key))


def again(root: Path, *options: str) -> bool:
    """Whether a run tells again what one told before."""
    return run(root, "lint", *options).out == MARK.decode()


def test_the_exit_code_is_the_same(vault: Path) -> None:
    assert run(vault, "lint") == (1, MARK.decode(), "")
    assert start(vault, "lint") == (1, MARK.decode(), "")


def same_size(root: Path) -> None:
    file = root / "Home.md"
    times = file.stat().st_mtime_ns
    file.write_text(file.read_text().replace("Boks", "Bocs"))
    os.utime(file, ns=(times, times))


@pytest.mark.parametrize(
    "change",
    [
        same_size,
        lambda root: make(root, {"New.md": ""}),
        lambda root: make(root, {"picture.png": b""}),
        lambda root: (root / "Books.md").unlink(),
        lambda root: (root / "Books.md").rename(root / "Films.md"),
        lambda root: make(root, {"vaultsync.toml": ""}),
        lambda root: make(root, {".obsidian/types.json": '{"types": {"rating": "number"}}'}),
        lambda root: make(root, {".obsidian/app.json": '{"showUnsupportedFiles": true}'}),
        lambda root: git(root, "rm", "-q", "--cached", "Books.md"),
    ],
)
def test_any_change_is_looked_at(vault: Path, change: Callable[[Path], object]) -> None:
    change(vault)
    settle()
    fresh = run(vault, "lint", "--no-cache")
    assert run(vault, "lint") == fresh
    assert MARK.decode() not in fresh.out


@pytest.mark.parametrize(
    "options",
    [
        ("--strict",),
        ("--output-format", "concise"),
        ("--output-format", "sarif"),
        ("--select", "PRP"),
        ("--statistics",),
        ("--no-cache",),
        ("--staged",),
        ("--since", "HEAD"),
        ("--diff",),
        ("Home.md",),
    ],
)
def test_another_question_has_its_own_answer(vault: Path, options: tuple[str, ...]) -> None:
    assert not again(vault, *options)


def test_from_another_folder_paths_are_others(vault: Path) -> None:
    above = run(vault.parent, "--vault", "vault", "lint")
    assert "vault/Home.md:1" in above.out
    assert run(vault.parent, "--color", "always", "--vault", "vault", "lint").out != above.out
    assert run(vault.parent, "--vault", "vault", "lint") == above


def test_a_baseline_that_changes_is_read(vault: Path) -> None:
    make(vault, {"known.json": '{"version": 1, "findings": []}'})
    run(vault, "lint", "--baseline", "known.json", "--write-baseline")
    settle()
    assert run(vault, "lint", "--baseline", "known.json").code == 0
    make(vault, {"known.json": '{"version": 1, "findings": []}'})
    settle()
    assert run(vault, "lint", "--baseline", "known.json").code == 1


def test_a_file_changed_in_this_tick_is_looked_at(vault: Path) -> None:
    future = 4 * 10**18
    os.utime(vault / "Home.md", ns=(future, future))
    run(vault, "lint")
    mark(vault)
    assert not again(vault)


def test_what_follows_from_history_is_asked_each_time(tmp_path: Path) -> None:
    settings = '[types.claim]\nmatch = ["*.md"]\nchecked = "checked"\n'
    root = committed(
        tmp_path / "vault",
        {"vaultsync.toml": settings, "a.md": "---\nchecked: 2026-01-01\n---\nA claim.\n"},
    )
    settle()
    run(root, "lint", "--select", "ALL")
    mark(root)
    assert not again(root, "--select", "ALL")


def test_a_wrecked_answer_is_no_matter(vault: Path) -> None:
    with sqlite3.connect(vault / FOLDER / "store.sqlite") as store:
        store.execute("UPDATE runs SET value = x'00'")
    assert run(vault, "lint") == run(vault, "lint", "--no-cache")


def test_blocks_that_are_up_to_date_are_not_made_again(vault: Path) -> None:
    assert run(vault, "index").out == "up to date\n"
    mark(vault)
    assert run(vault, "index").out == MARK.decode()
    assert run(vault, "index", "--diff").err == "up to date\n"
    make(vault, {"List.md": '<!-- vaultsync:notes type="x" -->\n\n<!-- /vaultsync -->\n'})
    settle()
    assert run(vault, "index").out != MARK.decode()

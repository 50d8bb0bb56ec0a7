"""Versions of notes from the store and from a real repository."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from tests.blocks.sample import TOML, note
from tests.infra.git.work import Work

from vaultsync.core.config import load_config
from vaultsync.core.output import content_id
from vaultsync.infra.cache import FOLDER, open_store
from vaultsync.infra.git.note_versions import Versions

A, B = "Claims/a.md", "Claims/b.md"
ONE, TWO = (note(text, title="T", status="open") for text in ("One.", "Two."))
FIRST, SECOND = (content_id(text.encode()) for text in (ONE, TWO))
WANTED = [(A, FIRST), (A, SECOND), (B, FIRST), ("Loose.md", "0" * 40)]


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    work = Work(tmp_path / "repo")
    work.commit({A: ONE, B: TWO})
    root = str(tmp_path)
    return Versions(work.repo, load_config(TOML), lambda: open_store(root))


def leads(versions: Versions) -> list[str | None]:
    """Return the claim of each wanted version."""
    with versions.reading(WANTED) as read:
        found = [read(*version).version for version in WANTED]
    return [known.lead if known else None for known in found]


def test_what_was_read_once_needs_git_no_more(versions: Versions, tmp_path: Path) -> None:
    assert leads(versions) == ["One.", "Two.", "One.", None]
    (tmp_path / "repo").rename(tmp_path / "gone")
    assert leads(versions) == ["One.", "Two.", "One.", None]


def test_what_is_damaged_is_read_again(versions: Versions, tmp_path: Path) -> None:
    leads(versions)
    with sqlite3.connect(tmp_path / FOLDER / "store.sqlite") as database:
        changed = database.execute(
            "UPDATE versions SET value = x'00' WHERE key LIKE ?", [f"%{FIRST}"]
        )
        assert changed.rowcount == 1
    assert leads(versions) == ["One.", "Two.", "One.", None]


def test_what_no_history_has_any_more_is_thrown_away(versions: Versions, tmp_path: Path) -> None:
    leads(versions)
    with sqlite3.connect(tmp_path / FOLDER / "store.sqlite") as database:
        stale = [(f"old:{number}", b"") for number in range(99)]
        database.executemany("INSERT INTO versions VALUES (?, ?)", stale)
        database.execute("DELETE FROM versions WHERE key LIKE ?", [f"%{SECOND}"])
    with versions.reading(WANTED, are_all=True) as read:
        assert [read(*version).mute for version in WANTED] == [False] * 4
    with sqlite3.connect(tmp_path / FOLDER / "store.sqlite") as database:
        assert database.execute("SELECT count(*) FROM versions").fetchone() == (2,)

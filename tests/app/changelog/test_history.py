"""Versions of notes from the cache and from a real repository."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.blocks.sample import TOML, note
from tests.infra.git.work import Work
from tests.vaults import store

from vaultsync.app.changelog.history import NoteVersions
from vaultsync.core.config.read import load_config
from vaultsync.core.model import content_id
from vaultsync.infra.cache import open_cache

A, B = "Claims/a.md", "Claims/b.md"
ONE, TWO = (note(text, title="T", status="open") for text in ("One.", "Two."))
FIRST, SECOND = (content_id(text.encode()) for text in (ONE, TWO))
WANTED = [(A, FIRST), (A, SECOND), (B, FIRST), ("Loose.md", "0" * 40)]


@pytest.fixture
def versions(tmp_path: Path) -> Iterator[NoteVersions]:
    work = Work(tmp_path / "repo")
    work.commit({A: ONE, B: TWO})
    with closing(open_cache(str(tmp_path))) as cache:
        yield NoteVersions(work.repo, load_config(TOML), cache)


def leads(versions: NoteVersions) -> list[str | None]:
    """Return the claim of each wanted version."""
    with versions.reading(WANTED) as read:
        found = [read(*version).version for version in WANTED]
    return [known.lead if known else None for known in found]


def test_what_was_read_once_needs_git_no_more(versions: NoteVersions, tmp_path: Path) -> None:
    assert leads(versions) == ["One.", "Two.", "One.", None]
    (tmp_path / "repo").rename(tmp_path / "gone")
    assert leads(versions) == ["One.", "Two.", "One.", None]


def test_what_is_damaged_is_read_again(versions: NoteVersions, tmp_path: Path) -> None:
    leads(versions)
    with closing(sqlite3.connect(store(tmp_path))) as database, database:
        changed = database.execute(
            "UPDATE versions SET value = x'00' WHERE key LIKE ?", [f"%{FIRST}"]
        )
        assert changed.rowcount == 1
    assert leads(versions) == ["One.", "Two.", "One.", None]


def test_what_no_history_has_any_more_is_thrown_away(
    versions: NoteVersions, tmp_path: Path
) -> None:
    leads(versions)
    with closing(sqlite3.connect(store(tmp_path))) as database, database:
        stale = [(f"old:{number}", b"") for number in range(99)]
        database.executemany("INSERT INTO versions VALUES (?, ?)", stale)
        database.execute("DELETE FROM versions WHERE key LIKE ?", [f"%{SECOND}"])
    with versions.reading(WANTED, are_all=True) as read:
        assert [read(*version).indeterminate for version in WANTED] == [False] * 4
    with closing(sqlite3.connect(store(tmp_path))) as database, database:
        assert database.execute("SELECT count(*) FROM versions").fetchone() == (2,)

"""The states that are kept between runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.vaults import committed, git, make

from vaultsync.app.checking import Kept, cache_state, check_incrementally
from vaultsync.app.workspace import Workspace
from vaultsync.core.config import FILE_NAME, LintSettings
from vaultsync.infra.cache import FOLDER
from vaultsync.lint import engine
from vaultsync.lint.context import Context

FILES = {FILE_NAME: "", "a.md": "[[b]] [[gone]]\n", "b.md": "# B\n", "c.md": "[[b#B]]\n"}
NAMED = ("LNK001", "LNK002", "LNK003", "LNK004", "LNK005", "LNK006")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return committed(tmp_path / "vault", FILES)


def check(root: Path, *select: str, staged: bool = False) -> Kept:
    """Check a vault in a run of its own, and keep the state."""
    selection = engine.select(LintSettings(select=select))
    with closing(Workspace(str(root), staged=staged)) as workspace:
        context = Context(workspace.vault, workspace.config)
        kept = check_incrementally(workspace, context, selection)
        cache_state(workspace, kept)
        return kept


def rows(root: Path) -> list[bytes]:
    """Return the states that are kept."""
    with closing(sqlite3.connect(root / FOLDER / "store.sqlite")) as database:
        return [value for (value,) in database.execute("SELECT value FROM states ORDER BY key")]


def is_warm(kept: Kept) -> bool:
    return kept.suggestions != -1


def test_a_state_is_kept_and_is_the_start_of_the_next_check(vault: Path) -> None:
    first = check(vault)
    assert not is_warm(first)
    assert len(rows(vault)) == 1
    again = check(vault)
    assert is_warm(again)
    assert dict(again.checked.results) == dict(first.checked.results)


def test_a_state_that_is_kept_already_is_not_written_again(vault: Path) -> None:
    check(vault)
    with closing(sqlite3.connect(vault / FOLDER / "store.sqlite")) as database, database:
        (before,) = database.execute("SELECT rowid FROM states").fetchone()
        check(vault)
        assert database.execute("SELECT rowid FROM states").fetchall() == [(before,)]
        make(vault, {"b.md": "# C\n"})
        check(vault)
        assert database.execute("SELECT rowid FROM states").fetchall() != [(before,)]


def test_a_suggestion_that_is_new_is_kept(vault: Path) -> None:
    selection = engine.select(LintSettings())
    check(vault)
    before = rows(vault)
    with closing(Workspace(str(vault))) as workspace:
        context = Context(workspace.vault, workspace.config)
        kept = check_incrementally(workspace, context, selection)
        for one in engine.report(kept.checked):
            engine.with_suggestion(one, kept.checked.context)
        cache_state(workspace, kept)
    assert rows(vault) != before
    assert check(vault).suggestions == 1


def test_at_most_four_states_are_kept(vault: Path) -> None:
    for code in NAMED[:4]:
        check(vault, code)
    assert is_warm(check(vault, NAMED[0]))
    check(vault, NAMED[4])
    assert len(rows(vault)) == 4
    assert is_warm(check(vault, NAMED[4]))
    assert not is_warm(check(vault, NAMED[0]))
    assert len(rows(vault)) == 4


@pytest.mark.parametrize("path", [FILE_NAME, ".obsidian/types.json"])
def test_other_settings_have_a_state_of_their_own(vault: Path, path: str) -> None:
    (vault / ".obsidian").mkdir()
    check(vault)
    content = {
        FILE_NAME: "[lint]\nignore = ['FIL']\n",
        ".obsidian/types.json": '{"types": {"a": "text"}}',
    }
    make(vault, {path: content[path]})
    assert not is_warm(check(vault))
    assert len(rows(vault)) == 2
    (vault / path).unlink()
    assert is_warm(check(vault))


def test_a_staged_run_starts_from_a_state_and_does_not_replace_it(vault: Path) -> None:
    check(vault)
    before = rows(vault)
    make(vault, {"b.md": "# C\n"})
    git(vault, "add", "--all")
    assert is_warm(check(vault, staged=True))
    assert rows(vault) == before
    assert is_warm(check(vault))
    assert rows(vault) != before


def test_a_staged_run_keeps_its_state_where_there_is_none(vault: Path) -> None:
    check(vault, staged=True)
    assert len(rows(vault)) == 1
    assert is_warm(check(vault))


def damage(root: Path, change: Callable[[bytes], object]) -> None:
    (value,) = rows(root)
    with closing(sqlite3.connect(root / FOLDER / "store.sqlite")) as database, database:
        database.execute("UPDATE states SET value = ?", (change(value),))


@pytest.mark.parametrize(
    "change",
    [
        lambda _: b"",
        lambda value: value[:-1],
        lambda value: value[4:],
        lambda value: value[:40] + bytes([value[40] ^ 1]) + value[41:],
        # Within the index, which is decoded only where something changed.
        lambda value: value[:-9] + bytes([value[-9] ^ 128]) + value[-8:],
        lambda _: "text",
        lambda _: None,
    ],
    ids=["empty", "shorter", "other", "flipped", "index", "text", "null"],
)
def test_a_damaged_state_is_ignored(vault: Path, change: Callable[[bytes], object]) -> None:
    first = check(vault)
    damage(vault, change)
    make(vault, {"new.md": "[[b]]\n"})
    again = check(vault)
    assert not is_warm(again)
    assert again.checked.results.items() >= dict(first.checked.results).items()
    assert is_warm(check(vault))


def test_without_the_facts_of_what_changed_the_check_is_cold(vault: Path) -> None:
    check(vault)
    with closing(sqlite3.connect(vault / FOLDER / "store.sqlite")) as database, database:
        database.execute("DELETE FROM documents")
    # Nothing changed, so no facts of another version are needed.
    assert is_warm(check(vault))
    make(vault, {"b.md": "# C\n"})
    with closing(sqlite3.connect(vault / FOLDER / "store.sqlite")) as database, database:
        database.execute("DELETE FROM documents")
    kept = check(vault)
    assert not is_warm(kept)
    assert "c.md" in {one.path for one in engine.report(kept.checked)}
    assert is_warm(check(vault))


def test_only_what_changed_and_what_depends_on_it_is_checked(vault: Path) -> None:
    first = check(vault)
    make(vault, {"b.md": "# C\n"})
    again = check(vault)
    assert again.suggestions is None
    # a.md names the note alone, and c.md a heading of it.
    assert again.checked.result("a.md") == first.checked.result("a.md")
    assert again.checked.result("c.md") != first.checked.result("c.md")
    assert {one.code for one in engine.report(again.checked, ["c.md"])} == {"LNK003"}


def test_nothing_is_kept_without_a_cache(vault: Path) -> None:
    selection = engine.select(LintSettings())
    with closing(Workspace(str(vault), cached=False)) as workspace:
        kept = check_incrementally(workspace, Context(workspace.vault, workspace.config), selection)
        cache_state(workspace, kept)
    assert not is_warm(kept)
    assert not (vault / FOLDER).exists()


def test_a_name_that_is_not_utf8_is_no_matter(vault: Path) -> None:
    (vault / "odd\udcff.md").write_text("[[gone]]\n")
    first = check(vault)
    assert not is_warm(first)
    assert not is_warm(check(vault))

"""What became of sources, in the journal, from real repositories."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.repository import Repository
from tests.vaults import run

TOML = """
[types.claim]
match = ["Claims/*.md"]
states.draft = { status = "draft" }
body.sections.Sources = { items = "source", first = "original" }
"""
JOURNAL = '<!-- vaultsync:changelog style="full" -->\n\n<!-- /vaultsync -->\n'
SOURCES = "## Sources\n\n- original: [T](https://x.org/a), Lee 2024\n"
CLAIM = "---\ntitle: {}\nstatus: {}\n---\n\nText.\n\n" + SOURCES
RECORD = '{{"id":"x.org/a","state":"{}","since":"{}","reason":"r"}}\n'
WITHDRAWN = "- Withdrawn source of [[cats|Cats]]: [Lee 2024](https://x.org/a)"


@pytest.fixture
def cats(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path, {"vaultsync.toml": TOML, "Changelog.md": JOURNAL}, "vault")
    repository.put(cats=CLAIM.format("Cats", "open"), dogs=CLAIM.format("Dogs", "draft"))
    known(repository, "ok", "2026-01-05")
    repository.commit("2026-01-05")
    recorded(repository)
    repository.commit()
    return repository


def known(repository: Repository, state: str, day: str) -> None:
    (repository.vault / "sources.lock").write_text(RECORD.format(state, day))


def recorded(repository: Repository, *args: str) -> list[str]:
    """Return the lines of the journal after the changelog is refreshed."""
    code, _, err = repository.changelog(*args)
    assert (code, err) == (0, "")
    text = (repository.vault / "Changelog.md").read_text()
    return [line for line in text.splitlines() if line.startswith(("###", "- "))]


def test_what_became_of_a_source_is_of_the_day_on_which_it_was_seen(cats: Repository) -> None:
    known(cats, "withdrawn", "2026-01-07")
    cats.day = "2026-01-08"
    first = recorded(cats)
    assert first[:2] == ["### 2026-01-07", WITHDRAWN]
    assert recorded(cats) == first
    assert cats.changelog("--check")[0] == 0


def test_a_line_that_was_committed_is_not_written_again(cats: Repository) -> None:
    known(cats, "withdrawn", "2026-01-07")
    recorded(cats)
    cats.commit("2026-01-07")
    journal = cats.vault / "Changelog.md"
    journal.write_text(journal.read_text().replace(WITHDRAWN, "- It is gone."))
    assert recorded(cats)[:2] == ["### 2026-01-07", "- It is gone."]
    assert recorded(cats, "--rebuild")[:2] == ["### 2026-01-07", WITHDRAWN]


def test_changes_of_notes_on_the_same_day_stay_beside_it(cats: Repository) -> None:
    known(cats, "changed", "2026-01-07")
    cats.day = "2026-01-07"
    recorded(cats)
    cats.put(birds=CLAIM.format("Birds", "open"))
    lines = recorded(cats)
    assert lines[0] == "### 2026-01-07"
    assert set(lines[1:4]) == {
        "- Changed source of [[birds|Birds]]: [Lee 2024](https://x.org/a)",
        "- Changed source of [[cats|Cats]]: [Lee 2024](https://x.org/a)",
        "- Added [[birds|Birds]]",
    }


def test_a_renamed_note_is_linked_by_its_new_name(cats: Repository) -> None:
    known(cats, "withdrawn", "2026-01-07")
    recorded(cats)
    cats.commit("2026-01-07")
    (cats.vault / "Claims/cats.md").rename(cats.vault / "Claims/felines.md")
    cats.day = "2026-01-09"
    assert WITHDRAWN.replace("[[cats", "[[felines") in recorded(cats)


def test_lint_compares_the_day_of_a_change_with_that_of_the_line(cats: Repository) -> None:
    known(cats, "changed", "2026-01-07")
    cats.commit("2026-01-07")
    place, hint = (
        "Claims/cats.md:10:1: hint SRC014 ",
        "this source changed after its line was written on 2026-01-05, seen on 2026-01-07",
    )
    assert place + hint in run(cats.vault, "lint").out
    cats.put(cats=CLAIM.format("Cats", "open").replace("[T]", "[A Title]"))
    assert place not in run(cats.vault, "lint").out
    cats.commit("2026-01-08")
    assert place not in run(cats.vault, "lint").out
    cats.put(cats=None, new=CLAIM.format("New", "open"))
    assert "Claims/new.md" not in run(cats.vault, "lint").out

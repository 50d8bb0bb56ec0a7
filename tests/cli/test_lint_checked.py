"""When a claim changed and when a person checked it, in real repositories."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.repository import Repository
from tests.vaults import git, run

TOML = """
[types.claim]
match = ["Claims/*.md"]
checked = "checked"
"""
CLAIM = "Cats purr when they are stroked, and also when they are hurt."
OTHER = "Cats purr when they are stroked, and never when they are hurt."


def note(claim: str = CLAIM, checked: str = "2026-01-05", more: str = "") -> str:
    return f"---\ntitle: Purring\nchecked: {checked}\n---\n\n{claim}\n\n{more}\n"


@pytest.fixture
def cats(tmp_path: Path) -> Repository:
    """Return a repository with a claim that was checked and committed on one day."""
    repository = Repository(tmp_path, {"vaultsync.toml": TOML}, "vault")
    repository.put(cats=note(more="The text goes on for a while, so that git sees a rename."))
    repository.commit("2026-01-05")
    return repository


def told(repository: Repository, *args: str) -> list[str]:
    code, out, err = run(
        repository.vault, "-v", "lint", "--select", "SRC008", "--output-format", "concise", *args
    )
    assert (code, err) == (0, "")
    return out.splitlines()[:-1]


SAID = (
    "Claims/cats.md:3:10: hint SRC008 the claim changed {}, after it was checked: compare it with "
    "the source"
)


def test_a_claim_that_changes_after_it_was_checked(cats: Repository) -> None:
    assert told(cats) == []
    cats.put(cats=note(OTHER))
    assert told(cats) == [SAID.format("and is not committed yet")]
    cats.commit("2026-02-01")
    assert told(cats) == [SAID.format("on 2026-02-01")]
    cats.put(cats=note(OTHER, more="More."))
    cats.commit("2026-02-03")
    assert told(cats) == [SAID.format("on 2026-02-01")]


@pytest.mark.parametrize("committed", [True, False])
def test_a_change_that_comes_with_a_new_day_is_checked(
    cats: Repository, *, committed: bool
) -> None:
    cats.put(cats=note(OTHER, "2026-01-31"))
    if committed:
        cats.commit("2026-02-01")
    assert told(cats) == []


def test_a_check_after_the_change_is_enough_and_one_before_is_not(cats: Repository) -> None:
    cats.put(cats=note(OTHER))
    cats.commit("2026-02-01")
    cats.put(cats=note(OTHER, "2026-02-01"))
    assert told(cats) == []
    cats.put(cats=note(OTHER, "2026-01-31"))
    cats.commit("2026-02-02")
    assert told(cats) == [SAID.format("on 2026-02-01")]


def test_new_line_breaks_and_other_changes_are_none(cats: Repository) -> None:
    text = note(CLAIM.replace(", ", ",\n"), more="Other prose.\n\n## Sources\n\n- none\n")
    cats.put(cats=text.replace("title: Purring", "title: On purring"))
    assert told(cats) == []
    cats.commit("2026-02-01")
    assert told(cats) == []


def test_a_rename_is_no_change_and_history_goes_on_behind_it(cats: Repository) -> None:
    (cats.vault / "Claims/old.md").write_bytes((cats.vault / "Claims/cats.md").read_bytes())
    cats.put(cats=None)
    cats.commit("2026-02-01")
    assert told(cats) == []
    cats.put(old=(cats.vault / "Claims/old.md").read_text().replace(CLAIM, OTHER))
    cats.commit("2026-02-02")
    cats.git("mv", "vault/Claims/old.md", "vault/Claims/cats.md")
    cats.commit("2026-02-03")
    assert told(cats) == [SAID.format("on 2026-02-02")]


def test_a_note_that_git_does_not_know_or_knew_once(cats: Repository) -> None:
    cats.put(new=note())
    assert told(cats) == []
    cats.put(cats=None)
    cats.commit("2026-02-01")
    cats.put(cats=note(OTHER))
    assert told(cats) == []


def test_it_never_runs_on_what_is_staged(cats: Repository) -> None:
    cats.put(cats=note(OTHER))
    cats.git("add", "--all")
    assert told(cats, "--staged") == []
    assert told(cats) != []


def test_without_git_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "Claims").mkdir()
    (tmp_path / "vaultsync.toml").write_text(TOML)
    (tmp_path / "Claims/cats.md").write_text(note())
    code, out, err = run(tmp_path, "lint", "--select", "SRC008")
    assert (code, out, err) == (0, "1 claim, 0 drafts, 0 TODOs: no errors\n", "")


def test_a_repository_that_git_refuses_tells_nothing(
    cats: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    cats.put(cats=note(OTHER))
    # Git's own switch for its tests: it then takes every repository for another user's.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert told(cats) == []


def test_a_shallow_clone_tells_what_it_knows(cats: Repository, tmp_path: Path) -> None:
    cats.put(cats=note(OTHER))
    cats.commit("2026-02-01")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{tmp_path}", "clone")
    cats.vault = tmp_path / "clone/vault"
    assert told(cats) == []

"""`vaultsync changelog`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.blocks.sample import TOML, block, note
from tests.repository import Repository
from tests.vaults import SOURCES, Run, git, make, run, state

FILES = {
    "vaultsync.toml": TOML,
    "Changelog.md": block("changelog"),
    "Claims/ants.md": note("It holds.", title="Ants", status="open"),
}
BEES = note("It holds.", title="Bees", status="open")
FIRST = "### 2026-01-01\n\n- Initial post: 1 claim"


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """Return a repository with a recorded commit and a claim that is not recorded, next day."""
    repo = Repository(tmp_path / "repo", FILES)
    repo.record()
    repo.commit()
    repo.day = "2026-01-02"
    repo.put(bees=BEES)
    return repo


def test_it_writes_and_then_is_up_to_date(repo: Repository) -> None:
    assert repo.changelog() == Run(
        0, "wrote Changelog.md\nwrote changelog.lock\n2 files written\n", ""
    )
    assert repo.changelog() == Run(0, "up to date\n", "")


def test_check_writes_nothing_and_fails(repo: Repository) -> None:
    before = state(repo.vault)
    assert repo.changelog("--check") == Run(
        1, "would change Changelog.md\nwould change changelog.lock\n2 files out of date\n", ""
    )
    assert state(repo.vault) == before


def test_check_holds_before_and_after_the_commit(repo: Repository) -> None:
    repo.record()
    repo.git("add", "--all")
    assert repo.changelog("--check", "--staged").code == 0
    repo.commit("2026-01-03")
    assert repo.changelog("--check").code == 0
    assert repo.changelog("--check", "--staged").code == 0


def test_diff_shows_what_would_be_written(repo: Repository) -> None:
    before = state(repo.vault)
    found = repo.changelog("--diff")
    assert (found.code, found.err) == (1, "2 files out of date\n")
    assert found.out.startswith("--- a/Changelog.md\n+++ b/Changelog.md\n")
    assert "+### 2026-01-02\n+\n+- Added [[bees|Bees]]\n" in found.out
    assert state(repo.vault) == before


def test_staged_tells_what_the_commit_will_hold(repo: Repository) -> None:
    """Of a note in two versions the one that is staged counts, as after `git add -p`."""
    repo.put(ants=note("It may hold.", title="Ants", status="open"))
    repo.git("add", "Claims/ants.md")
    repo.put(ants=note("It might hold, SECRETLY.", title="Ants", status="open"))
    found = repo.changelog("--staged")
    assert found.code == 1
    hedge = "(a hedge changed)"
    reworded = f"### 2026-01-02\n\n- Reworded [[ants|Ants]]: “holds.” → “may hold.” {hedge}"
    assert repo.journal == f"{reworded}\n\n{FIRST}"
    repo.git("add", "Changelog.md", "changelog.lock")
    assert repo.changelog("--staged") == Run(0, "up to date\n", "")
    repo.git("commit", "-q", "-m", "what is staged")
    assert repo.changelog("--staged", "--check") == Run(0, "up to date\n", "")
    repo.record("2026-01-03")
    assert repo.journal == (
        "### 2026-01-03\n\n- Added [[bees|Bees]]\n- Reworded [[ants|Ants]]: “may hold.” → "
        f"“might hold, SECRETLY.” {hedge}\n\n{reworded}\n\n{FIRST}"
    )


def test_staged_sees_deletions_and_not_what_is_only_announced(repo: Repository) -> None:
    repo.git("rm", "-q", "--cached", "Claims/ants.md")
    repo.git("add", "--intent-to-add", "Claims/bees.md")
    assert repo.changelog("--staged").code == 1
    assert repo.journal == (
        "### 2026-01-02\n\n- Removed “Ants”\n\n### 2026-01-01\n\n- Initial post: 1 claim"
    )


def test_staged_takes_the_settings_that_are_staged(repo: Repository) -> None:
    repo.git("add", "--all")
    make(repo.vault, {"vaultsync.toml": "this is no TOML"})
    assert repo.changelog("--staged").code == 1
    assert repo.changelog().code == 2


def test_staged_leaves_alone_a_journal_that_is_changed_on_disk(repo: Repository) -> None:
    repo.git("add", "--all")
    repo.edit("- Initial post: 1 claim", "- The start")
    before = state(repo.vault)
    found = repo.changelog("--staged")
    assert found.code == 2
    assert "the journal on disk is not the staged one: stage the note" in found.err
    assert state(repo.vault) == before


def test_staged_says_what_is_written_but_not_staged(repo: Repository) -> None:
    repo.git("add", "--all")
    repo.record()
    found = repo.changelog("--staged")
    assert found.code == 1
    assert "Changelog.md is right on disk but not staged\n" in found.out


def test_the_index_may_be_brought_up_while_the_journal_is_not(repo: Repository) -> None:
    make(repo.vault, {"Post.md": block("stats") + block("changelog")})
    repo.git("add", "--all")
    repo.record()
    assert run(repo.vault, "index", "--staged").code == 1
    assert "- 2 claims, 0 drafts, 0 TODOs\n" in (repo.vault / "Post.md").read_text()


def test_a_real_hook_lets_the_second_attempt_pass(repo: Repository) -> None:
    hook = repo.top / ".git/hooks/pre-commit"
    command = f"exec '{sys.executable}' -m vaultsync changelog --staged"
    hook.write_text(f"#!/bin/sh\nPYTHONPATH='{SOURCES}' {command}\n")
    hook.chmod(0o755)
    repo.git("add", "--all")
    with pytest.raises(AssertionError):
        repo.git("commit", "-q", "-m", "bees")
    assert "- Added [[bees|Bees]]" in repo.journal
    repo.git("add", "--all")
    repo.git("commit", "-q", "-m", "bees")
    repo.settled()
    # `git commit FILE` builds the commit in an index of its own.
    repo.put(ants=note("It may hold.", title="Ants", status="open"), cats=BEES)
    with pytest.raises(AssertionError):
        repo.git("commit", "-q", "-m", "ants", "Claims/ants.md")
    assert "- Reworded [[ants|Ants]]" in repo.journal
    assert "Cats" not in repo.journal


def test_without_git(tmp_path: Path) -> None:
    vault = make(tmp_path / "vault", FILES)
    before = state(vault)
    for args in ([], ["--check"], ["--staged"]):
        found = run(vault, "changelog", *args)
        assert (found.code, found.out) == (2, "")
        assert found.err.startswith("error: ")
        assert "needs git" in found.err
        assert "`git init`" in found.err
    assert state(vault) == before


def test_without_the_program(repo: Repository, tmp_path: Path) -> None:
    found = run(repo.vault, "changelog", env={"PATH": str(tmp_path)})
    assert (found.code, found.out) == (2, "")
    assert "git" in found.err


def test_a_shallow_clone_knows_what_is_recorded(repo: Repository, tmp_path: Path) -> None:
    repo.record()
    repo.commit()
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repo.top}", "clone")
    clone = tmp_path / "clone"
    for args in ([], ["--check"], ["--staged"]):
        assert run(clone, "changelog", *args) == Run(0, "up to date\n", "")
    before = state(clone)
    for args in (["--rebuild"], ["--since", "2026-01-01"], ["ants"]):
        found = run(clone, "changelog", *args)
        assert (found.code, found.out) == (2, "")
        assert "git fetch --unshallow" in found.err
        assert "fetch-depth: 0" in found.err
    assert state(clone) == before


def test_what_a_shallow_clone_cannot_compare_is_refused(repo: Repository, tmp_path: Path) -> None:
    repo.record()
    repo.commit()
    for lead in ("It may hold.", "It might hold."):
        repo.put(ants=note(lead, title="Ants", status="open"))
        repo.commit()
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repo.top}", "clone")
    found = run(tmp_path / "clone", "changelog", "--check")
    assert (found.code, found.out) == (2, "")
    assert "Claims/ants.md: the repository does not have what the journal recorded" in found.err
    assert "git fetch --unshallow" in found.err


def test_a_note_is_found_by_a_bare_name_that_it_had(repo: Repository) -> None:
    repo.record()
    repo.commit()
    repo.git("mv", "Claims/bees.md", "Claims/wasps.md")
    repo.commit("2026-01-03")
    repo.git("mv", "Claims/wasps.md", "Claims/hornets.md")
    repo.day = "2026-01-04"
    expected = repo.changelog("hornets")
    assert expected.code == 0
    for name in ("bees", "Bees", "wasps", "Claims/bees", "Claims/wasps.md"):
        assert repo.changelog(name) == expected


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"Changelog.md": None}, "Changelog.md: there is no such note: make it"),
        ({"Changelog.md": b"Text.\n"}, "there is no `changelog` block in this note: add"),
        ({"Changelog.md": b"<!-- vaultsync:changelog -->\n"}, "there is no `changelog` block"),
        ({"Changelog.md": b"\xff"}, "Changelog.md: not UTF-8 at byte 0"),
        ({"vaultsync.toml": b'[changelog]\nnote = "Log.md"\n'}, "Log.md: there is no such note"),
        ({"vaultsync.toml": b'[changelog]\nnot = "Log.md"\n'}, "did you mean `note`?"),
    ],
)
def test_without_a_journal(repo: Repository, files: dict[str, bytes | None], message: str) -> None:
    for path, data in files.items():
        if data is None:
            (repo.vault / path).unlink()
        else:
            (repo.vault / path).write_bytes(data)
    before = state(repo.vault)
    found = repo.changelog()
    assert (found.code, found.out) == (2, "")
    assert message in found.err
    assert state(repo.vault) == before


def test_before_the_first_commit(tmp_path: Path) -> None:
    repo = Repository(tmp_path, FILES)
    assert repo.changelog("--check").code == 1
    repo.record()
    assert repo.journal == FIRST
    repo.git("add", "--all")
    assert repo.changelog("--staged") == Run(0, "up to date\n", "")


def test_a_journal_that_was_never_written_in_older_commits(tmp_path: Path) -> None:
    repo = Repository(tmp_path, {**FILES, "Changelog.md": "Text.\n"})
    repo.commit()
    make(repo.vault, {"Changelog.md": block("changelog")})
    repo.commit("2026-01-02")
    repo.record("2026-01-05")
    assert repo.journal == "### 2026-01-05\n\n- Initial post: 1 claim"


def test_a_conflict_in_the_index_is_told(repo: Repository) -> None:
    repo.git("add", "--all")
    repo.commit()
    for branch, lead in (("one", "One."), ("two", "Two.")):
        repo.git("checkout", "-q", "-b", branch, "main")
        repo.put(bees=note(lead, title="Bees", status="open"))
        repo.commit()
    with pytest.raises(AssertionError):
        repo.git("merge", "-q", "one")
    found = repo.changelog("--staged")
    assert found.code == 2
    assert "Claims/bees.md: has a merge conflict" in found.err


@pytest.mark.parametrize("settings", [TOML, "# no types\n"])
def test_what_is_no_note_is_never_told_of(tmp_path: Path, settings: str) -> None:
    others = {"vaultsync.toml": settings, "Claims/ants.png": "x", "Board.canvas": "{}"}
    repo = Repository(tmp_path / "repo", {**FILES, **others})
    repo.record()
    repo.commit()
    (repo.vault / "Claims/ants.png").unlink()
    repo.commit()
    assert repo.changelog("--check") == Run(0, "up to date\n", "")
    assert "png" not in repo.changelog("--since", "2026-01-01").out


def test_what_is_not_committed_is_part_of_its_day(repo: Repository) -> None:
    repo.commit()
    repo.put(wasps=BEES.replace("Bees", "Wasps"))
    found = repo.changelog("--rebuild", "--diff").out
    assert found.count("### 2026-01-02") == 1
    assert "+- Added [[bees|Bees]]\n+- Added [[wasps|Wasps]]\n" in found


def test_a_name_is_looked_up_in_the_vault_from_above_it_too(repo: Repository) -> None:
    above = repo.vault.parent
    repo.commit()
    (repo.vault / "Claims/bees.md").unlink()
    repo.commit("2026-01-03")
    options = ("--vault", str(repo.vault), "changelog")
    assert "Added" in run(above, *options, "Claims/bees.md").out
    assert "nor was there one" in run(above, *options, "nobody").err
    make(above, {"elsewhere.md": ""})
    assert "outside the vault" in run(above, *options, "elsewhere.md").err

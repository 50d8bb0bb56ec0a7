"""Merges of branches of which one recorded what the other does not know."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.blocks.sample import TOML, block, note
from tests.repository import Repository

FILES = {
    "vaultsync.toml": TOML,
    "Changelog.md": block("changelog"),
    ".gitattributes": "changelog.lock merge=union\n",
}


def claim(title: str, lead: str = "It holds.") -> str:
    body = "\n\nSo much is known of it, and more of it is not.\n"
    return note(f"{lead}{body}", title=title, status="open")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a repository with two claims, on a branch that will be merged."""
    repo = Repository(tmp_path_factory.mktemp("template") / "repo", FILES)
    repo.put(ants=claim("Ants"), bees=claim("Bees"))
    repo.record()
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    return repo


@pytest.fixture
def repo(template: Repository, tmp_path: Path) -> Repository:
    return template.copied(tmp_path / "repo")


def rename(repo: Repository, old: str, new: str) -> None:
    repo.git("mv", f"Claims/{old}.md", f"Claims/{new}.md")


def merge(repo: Repository, day: str, *, committed: bool) -> list[str]:
    """Merge the branch into main and record it on a day; return the journal's lines."""
    repo.day = day
    options = ["--no-ff", "-m", "merged"] if committed else ["--no-ff", "--no-commit"]
    repo.git("merge", "-q", *options, "side")
    repo.record()
    repo.commit()
    repo.settled()
    return [line for line in repo.journal.splitlines() if line]


@pytest.mark.parametrize("committed", [True, False])
def test_a_note_that_a_branch_recorded_and_then_renamed(
    repo: Repository, *, committed: bool
) -> None:
    repo.put(cats=claim("Cats"))
    repo.record("2026-01-02")
    repo.commit()
    rename(repo, "cats", "felines")
    repo.commit("2026-01-03")
    repo.git("checkout", "-q", "main")
    repo.put(ants=claim("Ants", "It may hold."))
    repo.commit("2026-01-04")
    assert merge(repo, "2026-01-05", committed=committed) == [
        "### 2026-01-05",
        "- Renamed [[felines|Cats]], before: Claims/cats",
        "### 2026-01-04",
        "- Reworded [[ants|Ants]]: “holds.” → “may hold.” (a hedge changed)",
        "### 2026-01-02",
        "- Added [[felines|Cats]]",
        "### 2026-01-01",
        "- Initial post: 2 claims",
    ]


def test_a_note_that_a_branch_recorded_and_then_removed(repo: Repository) -> None:
    repo.put(cats=claim("Cats"))
    repo.record("2026-01-02")
    repo.commit()
    repo.put(cats=None)
    repo.commit("2026-01-03")
    repo.git("checkout", "-q", "main")
    repo.put(ants=claim("Ants", "It may hold."))
    repo.commit("2026-01-04")
    lines = merge(repo, "2026-01-05", committed=True)
    assert lines[:2] == ["### 2026-01-05", "- Removed “Cats”"]
    assert lines[-1] == "- Initial post: 2 claims"


@pytest.mark.parametrize("committed", [True, False])
def test_a_note_that_one_branch_renamed_and_the_other_reworded(
    repo: Repository, *, committed: bool
) -> None:
    rename(repo, "bees", "wasps")
    repo.record("2026-01-02")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.put(bees=claim("Bees", "It may hold."))
    repo.commit("2026-01-03")
    assert merge(repo, "2026-01-04", committed=committed) == [
        "### 2026-01-04",
        "- Reworded [[wasps|Bees]]: “holds.” → “may hold.” (a hedge changed)",
        "### 2026-01-02",
        "- Renamed [[wasps|Bees]], before: Claims/bees",
        "### 2026-01-01",
        "- Initial post: 2 claims",
    ]


@pytest.mark.parametrize("committed", [True, False])
def test_a_note_that_one_branch_renamed_and_the_other_recorded(
    repo: Repository, *, committed: bool
) -> None:
    rename(repo, "bees", "wasps")
    repo.commit("2026-01-02")
    repo.git("checkout", "-q", "main")
    repo.put(bees=claim("Bees", "It may hold."))
    repo.record("2026-01-03")
    repo.commit()
    lines = merge(repo, "2026-01-04", committed=committed)
    assert lines == [
        "### 2026-01-04",
        "- Renamed [[wasps|Bees]], before: Claims/bees",
        "### 2026-01-03",
        "- Reworded [[wasps|Bees]]: “holds.” → “may hold.” (a hedge changed)",
        "### 2026-01-01",
        "- Initial post: 2 claims",
    ]


@pytest.mark.parametrize("day", ["2026-01-02", "2026-01-03"])
def test_a_note_that_one_branch_renamed_and_the_other_removed(repo: Repository, day: str) -> None:
    rename(repo, "bees", "wasps")
    repo.put(wasps=claim("Bees", "It may hold."))
    repo.git("add", "--all")
    repo.record("2026-01-02")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.put(bees=None)
    repo.record(day)
    repo.commit()
    merging = ["git", "merge", "-q", "--no-ff", "--no-commit", "side"]
    subprocess.run(merging, cwd=repo.top, capture_output=True, check=False)
    repo.git("add", "Claims")
    repo.record("2026-01-04")
    repo.commit()
    repo.settled()
    assert [line for line in repo.journal.splitlines() if line] == [
        f"### {day}",
        "- Renamed [[wasps|Bees]], before: Claims/bees",
        "- Reworded [[wasps|Bees]]: “holds.” → “may hold.” (a hedge changed)",
        "### 2026-01-01",
        "- Initial post: 2 claims",
    ]


def test_what_a_merge_renames_and_changes_is_one_note_in_the_lock(repo: Repository) -> None:
    rename(repo, "bees", "wasps")
    repo.record("2026-01-02")
    repo.commit()
    repo.git("checkout", "-q", "main")
    (repo.vault / "Loose.md").write_text("x\n")
    repo.commit("2026-01-03")
    repo.git("merge", "-q", "--no-ff", "--no-commit", "side")
    repo.put(wasps=claim("Bees", "It may hold."))
    repo.git("add", "--all")
    repo.record("2026-01-04")
    before = repo.git("rev-parse", "HEAD:Claims/bees.md").strip()
    lock = (repo.vault / "changelog.lock").read_text().splitlines()
    assert [line.split()[3:5] for line in lock if "wasps" in line] == [["2026-01-04", before]]
    assert "Claims/bees" not in "".join(lock)
    repo.put(wasps=claim("Bees", "It will hold."))
    repo.record()
    assert repo.journal.splitlines()[2:4] == [
        "- Reworded [[wasps|Bees]]: “holds.” → “will hold.” (a hedge changed)",
        "",
    ]


@pytest.mark.parametrize("remover", ["side", "main"])
@pytest.mark.parametrize("new", [None, "wasps"])
def test_lines_of_both_branches_lead_to_the_notes_that_are_left(
    repo: Repository, remover: str, new: str | None
) -> None:
    repo.git("checkout", "-q", "main")
    repo.put(cats=claim("Cats"))
    repo.record("2026-01-02")
    repo.commit()
    repo.git("branch", "-q", "-f", "side")
    for branch in ("side", "main"):
        repo.git("checkout", "-q", branch)
        if branch == remover:
            repo.put(cats=None, **({new: claim("Cats")} if new else {}))
        else:
            repo.put(dogs=claim("Dogs"))
        repo.git("add", "--all")
        repo.record("2026-01-02" if branch != remover else "2026-01-03")
        repo.commit()
        repo.day = "2026-01-02"
    conflict = subprocess.run(
        ["git", "merge", "-q", "--no-ff", "side"], cwd=repo.top, capture_output=True, check=False
    )
    assert conflict.returncode == 1
    repo.record("2026-01-04")
    repo.commit()
    lines = [line for line in repo.journal.splitlines() if line]
    day = lines[lines.index("### 2026-01-02") : lines.index("### 2026-01-01")]
    cats = "- Added [[wasps|Cats]]" if new else "- Added Cats"
    assert sorted(day[1:]) == sorted([cats, "- Added [[dogs|Dogs]]"])
    gone = "- Renamed [[wasps|Cats]], before: Claims/cats" if new else "- Removed “Cats”"
    assert lines[: lines.index("### 2026-01-02")] == ["### 2026-01-03", gone]
    locked = (repo.vault / "changelog.lock").read_text()
    assert not re.search(f"^Claims/cats.md {'[0-9a-f]' * 40}", locked, re.MULTILINE)


@pytest.mark.parametrize("lead", ["It holds.", "It may hold."])
def test_a_note_that_is_not_recorded_here_and_renamed_on_the_branch(
    repo: Repository, lead: str
) -> None:
    repo.git("checkout", "-q", "main")
    repo.put(cats=claim("Cats"))
    repo.commit()
    repo.git("branch", "-q", "-f", "side")
    repo.git("checkout", "-q", "side")
    rename(repo, "cats", "felines")
    repo.put(felines=claim("Cats", lead))
    repo.record()
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.put(dogs=claim("Dogs"))
    repo.commit("2026-01-02")
    assert merge(repo, "2026-01-03", committed=False) == [
        "### 2026-01-02",
        "- Added [[dogs|Dogs]]",
        "### 2026-01-01",
        "- Initial post: 3 claims",
    ]


def test_a_note_that_one_branch_renamed_once_and_the_other_twice(repo: Repository) -> None:
    repo.git("checkout", "-q", "main")
    rename(repo, "bees", "wasps")
    repo.commit("2026-01-02")
    repo.git("branch", "-q", "-f", "side")
    repo.git("checkout", "-q", "side")
    repo.record()
    repo.commit()
    repo.git("checkout", "-q", "main")
    rename(repo, "wasps", "hornets")
    repo.record()
    repo.commit()
    merging = ["git", "merge", "-q", "--no-ff", "--no-commit", "side"]
    subprocess.run(merging, cwd=repo.top, capture_output=True, check=False)
    repo.record()
    repo.commit()
    assert [line for line in repo.journal.splitlines() if line] == [
        "### 2026-01-02",
        "- Renamed [[hornets|Bees]], before: Claims/bees",
        "### 2026-01-01",
        "- Initial post: 2 claims",
    ]


def test_what_one_branch_recorded_anew_of_a_day_replaces_it_also_where_the_other_goes_on(
    repo: Repository,
) -> None:
    repo.git("checkout", "-q", "main")
    rename(repo, "bees", "wasps")
    repo.put(wasps=claim("Bees", "It may hold."))
    repo.record("2026-01-02")
    repo.commit()
    repo.git("branch", "-q", "-f", "side")
    repo.git("checkout", "-q", "side")
    rename(repo, "wasps", "hornets")
    repo.put(hornets=claim("Bees", "It will hold."), cats=claim("Cats"))
    repo.git("add", "--all")
    repo.record()
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.put(wasps=claim("Bees", "It may hold.").replace("open", "contested"), dogs=claim("Dogs"))
    repo.record("2026-01-03")
    repo.commit()
    merging = ["git", "merge", "-q", "--no-ff", "--no-commit", "side"]
    subprocess.run(merging, cwd=repo.top, capture_output=True, check=False)
    repo.put(hornets=claim("Bees", "It will hold.").replace("open", "contested"))
    repo.git("add", "--all")
    repo.record()
    repo.commit()
    lines = [line for line in repo.journal.splitlines() if line]
    assert "[[wasps" not in repo.journal
    assert "Removed" not in repo.journal
    day = lines[lines.index("### 2026-01-02") : lines.index("### 2026-01-01")]
    assert sorted(day[1:]) == [
        "- Added [[cats|Cats]]",
        "- Renamed [[hornets|Bees]], before: Claims/bees",
        "- Reworded [[hornets|Bees]]: “holds.” → “will hold.” (a hedge changed)",
    ]


@pytest.mark.parametrize("is_edited", [False, True])
def test_a_note_that_was_added_and_that_one_branch_removed_on_that_day(
    repo: Repository, *, is_edited: bool
) -> None:
    repo.put(cats=claim("Cats"))
    repo.record("2026-01-02")
    repo.commit()
    repo.git("branch", "-q", "-f", "main")
    repo.put(cats=None)
    repo.record()
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.put(cats=claim("Cats", "It may hold."))
    repo.record()
    if is_edited:
        repo.edit("- Added [[cats|Cats]]\n", "")
    repo.commit()
    merging = ["git", "merge", "-q", "--no-ff", "--no-commit", "side"]
    subprocess.run(merging, cwd=repo.top, capture_output=True, check=False)
    repo.put(cats=claim("Cats", "It may hold."))
    repo.git("add", "--all")
    repo.record()
    assert ("Added [[cats|Cats]]" in repo.journal) is not is_edited

"""What comes in, and whether it is known to be safe."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.infra.git.work import Work
from tests.vaults import git

from vaultsync.app.sync.incoming import unsafe
from vaultsync.app.workspace import Workspace
from vaultsync.sync.plan import Step

NAMES = [f"{name}.md" for name in "abcdef"]


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """Return notes with a second version each, which both sides have."""
    made = Work(tmp_path / "repo")
    made.commit(dict.fromkeys(NAMES, "first\n"))
    made.commit({name: f"second of {name}\n" for name in NAMES}, 2)
    return made


def theirs(work: Work, files: Mapping[str, str | None], *more: Mapping[str, str | None]) -> str:
    """Return a commit that others made on the second version."""
    work.git("switch", "-q", "-C", "theirs", "main")
    for day, one in enumerate((files, *more), 3):
        work.commit(one, day)
    found = work.git("rev-parse", "HEAD")
    work.git("switch", "-q", "main")
    return found


def stops(work: Work, commit: str, *accepted: str, system: str = "posix") -> tuple[Step, ...]:
    workspace = Workspace(str(work.vault), cached=False)
    return unsafe(workspace, work.git("rev-parse", "main"), commit, accepted, system)


def test_everyday_changes_are_safe(work: Work) -> None:
    found = theirs(work, {"a.md": "third\n", "b.md": None, "c.md": "first\n", "d.md": "first\n"})
    assert stops(work, found) == ()


def test_older_versions_of_several_notes(work: Work) -> None:
    found = theirs(work, dict.fromkeys(NAMES[:3], "first\n"))
    (stop,) = stops(work, found)
    assert stop.kind == "older-versions"
    assert stop.text == f"{found[:10]} puts older versions of 3 notes back, as of a.md"
    assert f"git log -p HEAD..{found[:10]}" in stop.remedy
    assert stops(work, found, "older-versions") == ()


def test_versions_that_are_new_on_their_side_are_not_older(work: Work) -> None:
    there = dict.fromkeys(NAMES[:3], "third\n")
    assert stops(work, theirs(work, there, dict.fromkeys(NAMES[:3], "fourth\n"), there)) == ()


def test_deleted_notes_that_come_in(work: Work) -> None:
    found = theirs(work, dict.fromkeys(NAMES[1:]))
    (stop,) = stops(work, found)
    assert stop.kind == "mass-delete"
    assert stop.text == f"5 of 6 notes are deleted by {found[:10]}, as b.md"
    assert stops(work, found, "mass-delete") == ()


def test_moved_notes_are_not_deleted(work: Work) -> None:
    texts = {f"Notes/{name}": f"second of {name}\n" for name in NAMES}
    assert stops(work, theirs(work, {**dict.fromkeys(NAMES), **texts})) == ()


def test_a_name_that_no_system_can_hold(work: Work) -> None:
    name = "x" * 256 + ".md"
    tree = work.git("ls-tree", "main")
    blob = work.git("rev-parse", "main:a.md")
    rows = f"{tree}\n100644 blob {blob}\t{name}\n"
    (work.top / "rows").write_text(rows)
    made = git(work.top, "-c", "alias.make=!git mktree <rows", "make").strip()
    found = git(work.top, "commit-tree", made, "-p", "main", "-m", "long").strip()
    (stop,) = stops(work, found)
    assert stop.text == f"{name} comes in: this system cannot hold the name"
    assert stop.remedy == "rename it where it was made, and sync there"


def test_a_name_that_windows_cannot_hold(work: Work) -> None:
    found = theirs(work, {"what?.md": "text\n"})
    assert stops(work, found) == ()
    (stop,) = stops(work, found, system="nt")
    assert stop.text == "what?.md comes in: this system cannot hold the name"


def test_names_that_are_one_where_case_is_ignored(work: Work) -> None:
    found = theirs(work, {"A.md": "text\n"})
    assert stops(work, found) == ()
    work.git("config", "core.ignoreCase", "true")
    (stop,) = stops(work, found)
    assert stop.text == "A.md comes in: here it is the same file as a.md"


def test_branches_that_never_met(work: Work) -> None:
    work.git("switch", "-q", "--orphan", "other")
    found = work.commit({"other.md": "text\n"}, 3)
    work.git("switch", "-q", "main")
    (stop,) = stops(work, found)
    assert "no commit in common" in stop.text
    assert "--allow-unrelated-histories" in stop.remedy


def test_a_history_that_is_cut_off(work: Work, tmp_path: Path) -> None:
    theirs(work, {"a.md": "third\n"})
    options = ("--depth=1", "--no-single-branch")
    git(tmp_path, "clone", "-q", *options, f"file://{work.top}", "clone")
    workspace = Workspace(str(tmp_path / "clone"), cached=False)
    ends = [git(tmp_path / "clone", "rev-parse", f"origin/{n}").strip() for n in ("main", "theirs")]
    (stop,) = unsafe(workspace, *ends)
    assert stop.text == "the history here was cut off before both branches met"
    assert stop.remedy == "fetch it: `git fetch --unshallow`"

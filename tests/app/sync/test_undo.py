"""The last step of a sync taken back: here alone, or by a commit where others know it."""

from __future__ import annotations

from pathlib import Path

from tests.app.sync.clones import Clones, notes, status, synced
from tests.vaults import git, make

TEXT = "First.\n\nSecond.\n\nThird.\n"


NOTES = {"a.md": TEXT, "b.md": "Text of b.\n"}


def head(clone: Path) -> str:
    return git(clone, "rev-parse", "HEAD").strip()


def offline(clones: Clones, *args: str, code: int = 0) -> dict[str, object]:
    away = clones.remote.rename(clones.top / "away")
    found = synced(clones.a, *args, code=code)
    away.rename(clones.remote)
    return found


def test_a_save_that_is_only_here(clones: Clones) -> None:
    before = head(clones.a)
    make(clones.a, {"a.md": TEXT.replace("First", "Uno")})
    offline(clones)
    make(clones.a, {"b.md": "Later.\n"})
    (step,) = synced(clones.a, "--undo")["steps"]
    assert step["text"].endswith(": the branch is back")
    assert head(clones.a) == before
    assert status(clones.a) == " M a.md\n M b.md\n"
    assert notes(clones.a) == {"a.md": TEXT.replace("First", "Uno"), "b.md": "Later.\n"}
    nothing = synced(clones.a, "--undo", code=2)["stopped"]
    assert nothing["reason"] == "there is no step of a sync to take back"


def test_a_save_that_was_pushed(clones: Clones) -> None:
    make(clones.a, {"a.md": TEXT.replace("First", "Uno"), "c.md": "New.\n"})
    synced(clones.a)
    pushed = head(clones.a)
    make(clones.a, {"a.md": TEXT.replace("First", "Uno").replace("Third", "Tre")})
    (step,) = synced(clones.a, "--undo")["steps"]
    assert step["text"].endswith("by a new commit, which the next sync pushes")
    assert git(clones.a, "rev-parse", "HEAD^").strip() == pushed
    subject = git(clones.a, "show", "-s", "--format=%s", pushed)
    assert git(clones.a, "show", "-s", "--format=%s") == f"Take back {pushed[:10]}: {subject}"
    expected = {"a.md": TEXT.replace("Third", "Tre"), "b.md": "Text of b.\n"}
    assert notes(clones.a) == expected
    synced(clones.a)
    synced(clones.b)
    assert notes(clones.b) == expected


def test_a_merge_that_is_only_here(clones: Clones) -> None:
    make(clones.b, {"a.md": TEXT.replace("First", "Uno"), "c.md": "New.\n"})
    synced(clones.b)
    make(clones.a, {"a.md": TEXT.replace("Third", "Tre")})
    hook = clones.a / ".git/hooks/pre-push"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    synced(clones.a, code=2)
    assert "Uno" in notes(clones.a)["a.md"]
    hook.unlink()
    synced(clones.a, "--undo")
    assert notes(clones.a) == {"a.md": TEXT.replace("Third", "Tre"), "b.md": "Text of b.\n"}
    assert status(clones.a) == ""
    synced(clones.a)
    synced(clones.b)
    assert notes(clones.a) == notes(clones.b)
    assert "Uno" in notes(clones.a)["a.md"]


def test_what_came_in_alone(clones: Clones) -> None:
    before = head(clones.a)
    make(clones.b, {"a.md": TEXT.replace("First", "Uno")})
    synced(clones.b)
    synced(clones.a)
    synced(clones.a, "--undo")
    assert (head(clones.a), notes(clones.a)["a.md"]) == (before, TEXT)


def test_what_came_in_before_other_commits(clones: Clones) -> None:
    make(clones.b, {"a.md": TEXT.replace("First", "Uno")})
    synced(clones.b)
    synced(clones.a)
    git(clones.a, "commit", "-q", "--allow-empty", "-m", "later")
    (step,) = synced(clones.a, "--undo")["steps"]
    assert step["text"].endswith("the next sync pushes, so that others lose it too")
    assert notes(clones.a)["a.md"] == TEXT


def test_a_step_with_others_after_it(clones: Clones) -> None:
    make(clones.a, {"a.md": TEXT.replace("First", "Uno")})
    offline(clones)
    make(clones.a, {"b.md": "Later.\n"})
    git(clones.a, "commit", "-q", "-a", "-m", "later")
    synced(clones.a, "--undo")
    assert notes(clones.a) == {"a.md": TEXT, "b.md": "Later.\n"}
    assert status(clones.a) == ""


def test_a_step_that_is_taken_back_already(clones: Clones) -> None:
    make(clones.a, {"a.md": TEXT.replace("First", "Uno")})
    synced(clones.a)
    make(clones.a, {"a.md": TEXT})
    git(clones.a, "commit", "-q", "-a", "-m", "by hand")
    before = head(clones.a)
    assert len(synced(clones.a, "--undo")["steps"]) == 1
    assert head(clones.a) == before

"""What stops a sync, what stays on a machine, and stale texts, between two clones."""

from __future__ import annotations

from tests.app.sync.clones import Clones, notes, status, synced
from tests.vaults import git, make

NOTES = {f"{name}.md": f"first {name}\n" for name in "abcdef"}


def test_what_one_machine_lets_go_stays_on_both(clones: Clones) -> None:
    path = ".obsidian/plugins/other/data.json"
    make(clones.a, {path: "{}"})
    git(clones.a, "add", "-f", path)
    git(clones.a, "commit", "-q", "-m", "by mistake")
    synced(clones.a)
    synced(clones.b)
    make(clones.b, {path: '{"key": "secret"}'})
    (left,) = synced(clones.b)["left_out"]
    assert (left["path"], "let-go" in left["reason"]) == (path, True)
    assert synced(clones.a, "--dry-run", "--accept", "let-go")["steps"][0] == {
        "step": "save",
        "text": f"1 file: let go {path}",
    }
    synced(clones.a, "--accept", "let-go")
    synced(clones.b)
    assert path not in git(clones.b, "ls-tree", "-r", "--name-only", "HEAD")
    assert (clones.a / path).read_text() == "{}"
    assert (clones.b / path).read_text() == '{"key": "secret"}'
    assert synced(clones.b)["left_out"] == []


def test_an_editor_that_writes_an_old_text_loses_nothing(clones: Clones) -> None:
    make(clones.a, {"a.md": "first a\n\nWords that came in.\n"})
    synced(clones.a)
    synced(clones.b)
    make(clones.b, {"a.md": "My own.\n\nfirst a\n"})
    synced(clones.b)
    synced(clones.a)
    assert notes(clones.a)["a.md"] == "My own.\n\nfirst a\n\nWords that came in.\n"
    assert notes(clones.a) == notes(clones.b)
    assert status(clones.b) == ""


def test_deleted_notes_stop_it_until_that_is_accepted(clones: Clones) -> None:
    for name in "abcde":
        (clones.a / f"{name}.md").unlink()
    stopped = synced(clones.a, code=2)["stopped"]
    assert stopped["reason"] == "5 of 6 notes were deleted here, as a.md"
    synced(clones.a, "--accept", "mass-delete")
    stopped = synced(clones.b, code=2)["stopped"]
    assert "5 of 6 notes are deleted by" in stopped["reason"]
    assert len(notes(clones.b)) == 6
    synced(clones.b, "--accept", "mass-delete")
    assert list(notes(clones.b)) == ["f.md"]


def test_older_versions_that_come_in_stop_it(clones: Clones) -> None:
    make(clones.a, {name: f"second {name}\n" for name in NOTES})
    synced(clones.a)
    synced(clones.b)
    make(clones.a, NOTES)
    synced(clones.a)
    stopped = synced(clones.b, code=2)["stopped"]
    assert "puts older versions of 6 notes back" in stopped["reason"]
    assert "--accept older-versions" in stopped["remedy"]
    synced(clones.b, "--accept", "older-versions")
    assert notes(clones.b) == NOTES


def test_what_a_hook_refuses_stays_here(clones: Clones) -> None:
    hook = make(clones.a / ".git/hooks", {"commit-msg": "#!/bin/sh\necho no ticket\nexit 1\n"})
    (hook / "commit-msg").chmod(0o755)
    make(clones.a, {"a.md": "new\n"})
    stopped = synced(clones.a, code=2)["stopped"]
    assert stopped["reason"] == "a hook refused the commit: commit-msg: no ticket"
    ref = stopped["remedy"].rpartition(" ")[2]
    assert git(clones.a, "show", f"{ref}:a.md") == "new\n"
    assert git(clones.remote, "show", "main:a.md") == "first a\n"


def test_a_rebase_stops_it_with_the_way_out(clones: Clones) -> None:
    (clones.a / ".git/rebase-merge").mkdir()
    stopped = synced(clones.a, code=2)["stopped"]
    assert stopped == {
        "reason": "a rebase is not completed",
        "remedy": "end it: `git rebase --continue` or `git rebase --abort`",
        "kind": "",
    }

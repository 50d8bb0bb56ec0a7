"""What a killed run left behind, and cannot be completed or is in the way."""

from __future__ import annotations

import json

import pytest
from tests.app.sync.clones import Clones, notes, synced
from tests.vaults import git, make

NOTES = {"a.md": "first\n"}


def test_a_lock_that_a_killed_git_left_is_named(
    clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaultsync.app.sync._PAUSE", 0)
    make(clones.a, {"a.md": "second\n"})
    synced(clones.a)
    lock = clones.b / ".git/refs/remotes/origin/main.lock"
    lock.touch()
    assert str(lock) in synced(clones.b, code=2)["stopped"]["reason"]
    lock.unlink()
    synced(clones.b)
    assert notes(clones.b) == {"a.md": "second\n"}


def test_what_cannot_be_completed_is_reported(clones: Clones) -> None:
    old = git(clones.a, "rev-parse", "HEAD").strip()
    make(clones.a, {"b.md": "theirs\n"})
    git(clones.a, "add", "b.md")
    git(clones.a, "commit", "-q", "-m", "b")
    new = git(clones.a, "rev-parse", "HEAD").strip()
    git(clones.a, "reset", "-q", "--hard", old)
    move = {"name": "1-merge", "old": old, "new": new, "checks_out": True}
    make(clones.a, {"b.md": "ours\n", ".git/vaultsync/moving.json": json.dumps(move)})
    assert "b.md" in synced(clones.a, code=2)["stopped"]["reason"]
    assert notes(clones.a) == {"a.md": "first\n", "b.md": "ours\n"}
    # Where the killed run had written the file itself, somebody has changed it since.
    came = {"b.md": {"before": None, "after": git(clones.a, "rev-parse", f"{new}:b.md").strip()}}
    make(clones.a, {".git/vaultsync/incoming.json": json.dumps(came)})
    assert synced(clones.a, code=3)["pushed"]
    assert {"ours", "theirs"} <= {*notes(clones.a)["b.md"].replace(">", "").split()}


def test_settings_that_are_locked_hold_no_word_back(clones: Clones) -> None:
    make(clones.a, {"a.md": "second\n", ".git/config.lock": ""})
    result = synced(clones.a)
    assert result["pushed"]
    assert "could not lock config file" in result["notices"][0]

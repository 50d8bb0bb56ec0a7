"""An editor that writes what it opened before two syncs, at any moment of the second one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.app.sync.clones import Clones, notes, status, synced
from tests.vaults import git, make

FIRST = "# A\n\nOne.\n\nTwo.\n\nThree.\n"
HELD = f"{FIRST}\nMine.\n"
MERGED = "# A\n\nOne came.\n\nTwo came.\n\nThree.\n\nMine.\n"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Clones:
    """Return clones where one change came to `b`, and another one is on the remote."""
    made = Clones(tmp_path_factory.mktemp("template") / "clones", {"a.md": FIRST})
    make(made.a, {"a.md": FIRST.replace("Two.", "Two came.")})
    synced(made.a)
    synced(made.b)
    make(made.a, {"a.md": FIRST.replace("Two.", "Two came.").replace("One.", "One came.")})
    synced(made.a)
    return made


def test_while_it_fetches(clones: Clones, tmp_path: Path) -> None:
    make(tmp_path, {"held.md": HELD})
    script = f"#!/bin/sh\ngrep -q origin/main && mv {tmp_path}/held.md a.md\nexit 0\n"
    hook = make(clones.b / ".git/hooks", {"reference-transaction": script})
    (hook / "reference-transaction").chmod(0o755)
    synced(clones.b)
    assert not (tmp_path / "held.md").exists()
    _check(clones, notes(clones.b)["a.md"])


def test_after_it_was_killed(clones: Clones) -> None:
    _kill(clones)
    _check(clones)


def test_after_it_was_killed_where_git_writes_other_line_ends(clones: Clones) -> None:
    git(clones.b, "config", "core.autocrlf", "true")
    _kill(clones)
    _check(clones, HELD.replace("\n", "\r\n"))
    assert (clones.b / "a.md").read_bytes().count(b"\r\n") == MERGED.count("\n")


def test_after_what_was_killed_is_completed(clones: Clones) -> None:
    _kill(clones)
    synced(clones.b)
    _check(clones)


def test_after_it(clones: Clones) -> None:
    synced(clones.b)
    _check(clones)


def _kill(clones: Clones) -> None:
    """Leave what a sync of `b` leaves that is killed before it writes the note."""
    git(clones.b, "fetch", "-q")
    before, after = (git(clones.b, "rev-parse", f"{x}:a.md").strip() for x in ("main", "@{u}"))
    old, new = git(clones.b, "rev-parse", "main", "@{u}").split()
    move = {"name": "1-forward", "old": old, "new": new, "checks_out": True}
    state = clones.b / ".git/vaultsync"
    known = json.loads((state / "incoming.json").read_text())["a.md"]
    came = {"a.md": {"before": before, "after": after, "earlier": [known["before"]]}}
    make(state, {"moving.json": json.dumps(move), "incoming.json": json.dumps(came)})


def _check(clones: Clones, held: str = HELD) -> None:
    """Write what the editor holds, and sync both."""
    make(clones.b, {"a.md": held})
    synced(clones.b)
    synced(clones.a)
    assert notes(clones.a) == notes(clones.b) == {"a.md": MERGED}
    assert status(clones.b) == ""

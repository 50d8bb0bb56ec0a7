"""Runs that are killed: the next one completes them, and no word is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.sync.clones import Clones, killed, notes, status, synced
from tests.vaults import git, make, run

BODY = "---\nk: {0}\n---\n\nClaim base{0}.\n\nText base{0} here.\n\nMore of base{0} here.\n"
BASE = {f"n{number}.md": BODY.format(number) for number in range(5)}


@pytest.fixture(scope="module")
def clones(tmp_path_factory: pytest.TempPathFactory) -> Clones:
    """Return clones that have both changed a note, each in its own way, and others."""
    found = Clones(tmp_path_factory.mktemp("killed") / "clones", BASE)
    make(found.b, {"n0.md": BASE["n0.md"].replace("Claim base0", "Claim bzero")})
    make(found.b, {"n2.md": BASE["n2.md"].replace("Text", "Text btwo"), "sub/new b.md": "Bnew\n"})
    (found.b / "n4.md").unlink()
    synced(found.b)
    make(found.a, {"n0.md": BASE["n0.md"].replace("Claim base0", "Claim azero")})
    make(found.a, {"n2.md": BASE["n2.md"].replace("More", "More atwo"), "new a.md": "Anew\n"})
    (found.a / "n3.md").unlink()
    return found


# Each is another change of a file or start of git; later ones are after the end.
SOME = range(26, 400, 108)
MORE = [range(first, 400, 72) for first in (8, 44, 62)]


@pytest.mark.forks
@pytest.mark.parametrize(
    "moments", [SOME, *(pytest.param(more, marks=pytest.mark.long) for more in MORE)]
)
def test_a_killed_run_is_completed(clones: Clones, tmp_path: Path, moments: range) -> None:
    whole = clones.copied(tmp_path / "whole")
    synced(whole.a, code=3)
    expected = notes(whole.a)
    for at in moments:
        other = clones.copied(tmp_path / str(at))
        if not killed(other.a, at):
            break
        make(other.a, {"n2.md": (other.a / "n2.md").read_text() + "\nLate.\n"})
        synced(other.a, code=3)
        synced(other.b, code=3)
        late = {**expected, "n2.md": expected["n2.md"] + "\nLate.\n"}
        assert notes(other.a) == notes(other.b) == late
        assert status(other.a) == ""
        assert not [*(other.a / ".git").rglob("index.lock"), *other.a.rglob(".vaultsync-*")]


def test_a_plan_of_a_killed_run_that_cannot_be_followed(clones: Clones, tmp_path: Path) -> None:
    other = clones.copied(tmp_path / "other")
    gone = '{"name": "x-merge", "old": null, "new": "' + "1" * 40 + '", "checks_out": true}'
    other_commit = git(other.a, "commit-tree", "HEAD^{tree}", "-m", "other").strip()
    for text in (gone, "{", gone.replace("1" * 40, other_commit)):
        make(other.a, {".git/vaultsync/moving.json": text})
        run(other.a, "sync", "--undo")
        assert not (other.a / ".git/vaultsync/moving.json").exists()

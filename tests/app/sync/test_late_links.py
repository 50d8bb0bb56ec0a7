"""Links to a name that a note lost by what came in, written by somebody who had not seen that."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.sync.clones import Clones, notes, status, synced
from tests.vaults import git, make

from vaultsync.app.sync import sync
from vaultsync.app.workspace import Workspace
from vaultsync.infra.git.branch import BACKUPS

LONG = "".join(f"Line {number} of {{0}}.\n\n" for number in range(9))
LINKS = "\n[[old#Part|it]] [[twice]] [x](x/twice.md) [[same]] [[nobody]]\n"


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Clones:
    """Return clones of which `a` has sent new names of notes, and that one is deleted."""
    names = ("old", "twice", "x/twice", "same", "x/same")
    files = {f"v/{name}.md": LONG.format(name) for name in names}
    texts = {"v/known.md": "See [[old]].\n", "v/b.md": "Text.\n"}
    clones = Clones(
        tmp_path_factory.mktemp("late") / "clones",
        {"v/.obsidian/app.json": "{}", **files, **texts},
    )
    for old, new in (("old", "new"), ("x/twice", "x/once"), ("same", "other name")):
        (clones.a / f"v/{old}.md").rename(clones.a / f"v/{new}.md")
    (clones.a / "v/twice.md").unlink()
    synced(clones.a / "v")
    return clones


def test_links_that_are_written_meanwhile_and_later(start: Clones, tmp_path: Path) -> None:
    clones = start.copied(tmp_path / "clones")

    def write(line: str) -> None:
        if line.startswith("merging"):
            make(clones.b, {"v/b.md": f"Text.\n{LINKS}"})

    make(clones.b, {"v/c.md": "New.\n"})
    sync(Workspace(str(clones.b / "v"), cached=False), write)
    assert notes(clones.b)["v/b.md"] == f"Text.\n{LINKS}"
    found = synced(clones.b / "v")
    right = LINKS.replace("[[old", "[[new").replace("x/twice.md", "x/once.md")
    # By now [[same]] leads to the other note of this name.
    assert notes(clones.b)["v/b.md"] == f"Text.\n{right}"
    assert found["notices"][:2] == [
        "v/b.md: a link to `old`, a former name, leads to v/new.md now",
        "v/b.md: a link to `x/twice.md`, a former name, leads to v/x/once.md now",
    ]
    assert status(clones.b) == ""


def test_links_that_are_not_new_or_not_known_stay(start: Clones, tmp_path: Path) -> None:
    clones = start.copied(tmp_path / "clones")
    synced(clones.b / "v")
    git(clones.b, "update-ref", f"{BACKUPS}99980101T000000.000000Z-save", "HEAD")
    text = f"{LONG.format('old')}[[old]]\n"
    make(clones.b, {"v/known.md": "See [[old]], [it](old.md).\n", "v/new.md": text})
    synced(clones.b / "v")
    assert notes(clones.b)["v/known.md"] == "See [[old]], [it](new.md).\n"
    assert notes(clones.b)["v/new.md"] == text.replace("[[old]]", "[[new]]")
    git(clones.b, "update-ref", f"{BACKUPS}99990101T000000.000000Z-save", "HEAD:v/new.md")
    make(clones.b, {"v/b.md": "See [[old]] and [[twice]].\n"})
    assert synced(clones.b / "v")["notices"][0].startswith("links may keep a former name: git ")
    for ref in git(clones.b, "for-each-ref", "--format=%(refname)", BACKUPS).split():
        git(clones.b, "update-ref", f"{BACKUPS}20200101T000000.000000Z-{ref[-4:]}", ref)
        git(clones.b, "update-ref", "-d", ref)
    make(clones.b, {"v/c.md": "See [[old]].\n"})
    assert synced(clones.b / "v")["notices"] == []
    assert notes(clones.b)["v/c.md"] == "See [[old]].\n"

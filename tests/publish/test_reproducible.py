"""The same tree makes the same bytes, wherever, whenever and by whomever it is published."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from tests.blocks.sample import NOTES, TOML, block, note
from tests.publish.pictures import jpeg, png
from tests.vaults import committed, git, make, start

from vaultsync.publish import MANIFEST, TARGETS

OWN = Path(__file__).parents[2] / "vault"
SETTINGS = f"""{TOML}
[publish]
targets = {list(TARGETS)}
details = ["area"]
properties = ["tags"]
page = "https://example.org/page/"
references = "References"
"""
FILES: dict[str, str | bytes] = {
    "vaultsync.toml": SETTINGS,
    "Post.md": "![[a.png]] ![[b.jpg]]\n\n"
    + block("toc")
    + block('notes type="claim" exclude="old"')
    + block('stats by="tags, area"')
    + block('changelog style="short"'),
    "Changelog.md": block(
        "changelog", "### 2026-02-01\n\n- Added [[ropes]]\n\n### 2026-01-02\n\n- Initial post"
    ),
    "img/a.png": png(),
    "img/b.jpg": jpeg(6),
    **{
        f"Claims/Ünïcode {name}.md": note(f"Claim {name}.", title=f"Ö {name}", status="open")
        for name in ("ä", "z", "A", "é")
    },
    **NOTES,
}
# Two places that have as little as possible in common.
HERE = {
    "PYTHONHASHSEED": "1",
    "TZ": "Pacific/Kiritimati",
    "LANG": "C",
    "LC_ALL": "C",
    "SOURCE_DATE_EPOCH": "0",
}
THERE = {
    "PYTHONHASHSEED": "4294967295",
    "TZ": "America/Adak",
    "LANG": "tr_TR.UTF-8",
    "LC_ALL": "C.UTF-8",
    "SOURCE_DATE_EPOCH": "4102444800",
    "COLUMNS": "40",
    "NO_COLOR": "1",
}


def published(vault: Path, env: dict[str, str], umask: int) -> dict[str, bytes]:
    """Return what a process of its own publishes, by name."""
    before = os.umask(umask)
    try:
        found = start(vault, "publish", env=env)
    finally:
        os.umask(before)
    assert found.code == 0, found.out + found.err
    out = vault.parent / "public"
    return {
        str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()
    }


def turned(source: Path, target: Path) -> None:
    """Copy a folder so that its entries are made in the reverse order, with times of now."""
    target.mkdir(parents=True)
    for entry in sorted(source.iterdir(), key=lambda path: path.name, reverse=True):
        if entry.is_dir():
            turned(entry, target / entry.name)
        else:
            shutil.copyfile(entry, target / entry.name)


@pytest.fixture(params=["sample", pytest.param("own", marks=pytest.mark.long)])
def origin(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a repository with a vault in it: a small one with all kinds of things, or ours."""
    top = tmp_path / "origin"
    if request.param == "own":
        shutil.copytree(OWN, top / "vault")
    else:
        make(top / "vault", FILES)
    return committed(top)


@pytest.mark.parametrize("dirty", [False, True])
def test_two_clones_publish_the_same_bytes(origin: Path, tmp_path: Path, *, dirty: bool) -> None:
    one, other = tmp_path / "a", tmp_path / "elsewhere/with a blank/ü"
    git(tmp_path, "clone", "-q", str(origin), str(one))
    git(tmp_path, "clone", "-q", str(origin), str(tmp_path / "b"))
    turned(tmp_path / "b", other)
    for top in (one, other):
        if dirty:
            make(top / "vault", {"New.md": "New.", "Post.md": "Words.\n\n" + block("notes")})
    here = published(one / "vault", HERE, 0o022)
    there = published(other / "vault", THERE, 0o077)
    assert here.keys() == there.keys()
    assert {MANIFEST, *(file for target in TARGETS.values() for file in target.files)} <= {*here}
    assert [name for name in here if here[name] != there[name]] == []
    # The cache of the first run changes nothing.
    assert published(one / "vault", THERE, 0o002) == here


def test_where_git_turns_line_ends(origin: Path, tmp_path: Path) -> None:
    """The manifest tells git's ids, and what is published has the same line ends."""
    one, other = tmp_path / "a", tmp_path / "b"
    git(tmp_path, "clone", "-q", str(origin), str(one))
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", str(origin), str(other))
    assert b"\r\n" in (other / "vault/Post.md").read_bytes()
    here, there = (published(top / "vault", {}, 0o022) for top in (one, other))
    assert [name for name in here if here[name] != there[name]] == []

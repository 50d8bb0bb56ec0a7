"""The encyclopedia that the project ships, published, and looked at in a real browser."""

from __future__ import annotations

import json
import re
import shutil
import struct
import zlib
from pathlib import Path

import pytest
from tests.publish.biber import read_back
from tests.publish.browser import chromium
from tests.publish.pages import Page, check_anchors
from tests.vaults import run

from vaultsync.app.workspace import Workspace

VAULT = Path(__file__).parents[2] / "vault"


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the published post."""
    top = tmp_path_factory.mktemp("own")
    shutil.copytree(VAULT, top / "vault")
    found = run(top, "publish")
    assert found.code == 0, found.out + found.err
    assert run(top, "publish", "--check").code == 0
    return top / "public"


def part(markdown: str, heading: str) -> list[str]:
    """Return the list items under a heading."""
    text = re.split(r"^## ", markdown, flags=re.MULTILINE)
    (found,) = [piece for piece in text if piece.partition("\n")[0].endswith(heading)]
    return [line for line in found.split("\n") if line.startswith("- ")]


def test_every_frame_and_draft_is_in_the_post(post: Path) -> None:
    notes = Workspace(str(VAULT)).context.notes
    frames = [n for n in notes if n.type_name == "frame" and not n.is_draft]
    markdown = (post / "post.md").read_text()
    listed = {
        kind: part(markdown, f"{kind.capitalize()} frames")
        for kind in ("representational", "functional")
    }
    for kind, items in listed.items():
        assert len(items) == sum(f.document.text_property("category") == kind for f in frames)
    assert sum(map(len, listed.values())) == len(frames) > 0
    todos = part(markdown, "TODOs")
    assert all(line.startswith("- TODO: look at the papers on “") for line in todos)
    assert len(todos) == sum(note.is_draft for note in notes)
    assert "- 2 Jan 2025: Initial post" in part(markdown, "Changelog")
    assert all(
        re.match(r"- \d{1,2} [A-Z][a-z]{2}( \d{4})?: ", day) for day in part(markdown, "Changelog")
    )
    check_anchors(markdown)
    assert not re.search(r"\[\[|%%|<!--", markdown)


@pytest.mark.parametrize("name", ["post.md", "post.html", "lesswrong.md", "lesswrong.html"])
def test_every_target_states_before_the_frames_what_a_person_checked(post: Path, name: str) -> None:
    notes = Workspace(str(VAULT)).context.current
    count = sum(note.type_name == "frame" for note in notes)
    text = (post / name).read_text()
    found = re.search(rf"\b{count} frames against \w+ sources", text)
    assert found
    assert found.start() < text.index("(dtch1997)")


def test_every_frame_has_its_place_on_the_page(post: Path) -> None:
    page = Page((post / "post.html").read_text())
    page.check_anchors()
    ids = set(page.all("*", "id"))
    for note in Workspace(str(VAULT)).context.current:
        if note.type_name == "frame":
            assert note.path.removeprefix("Frames/").removesuffix(".md") in ids


def test_biber_reads_every_work_that_is_cited(post: Path, tmp_path: Path) -> None:
    found, undated = read_back((post / "references.bib").read_bytes(), tmp_path)
    notes = json.loads((post / "encyclopedia.json").read_text())["notes"]
    sources = {one["key"]: one for note in notes for one in note["sources"] if one["key"]}
    assert found.keys() == sources.keys()
    assert all(sources[key]["year"] is None for key in undated)


def test_a_browser_shows_the_page(post: Path, tmp_path: Path) -> None:
    done = chromium(tmp_path / "profile", post / "post.html", "--dump-dom")
    page = Page(done.stdout)
    assert "An encyclopedia of frames about language models" in page.text
    page.check_anchors()
    # What the page's policy forbids would be in the log.
    assert "CONSOLE" not in done.stderr
    assert "Content Security Policy" not in done.stderr
    details = [
        section for section in done.stdout.split("<details") if "<dt>Sources</dt>" in section
    ]
    assert details
    assert all('<a href="http' in section for section in details)


def test_a_screenshot_is_not_blank(post: Path, tmp_path: Path) -> None:
    shot = tmp_path / "shot.png"
    chromium(tmp_path / "profile", post / "post.html", f"--screenshot={shot}", "--hide-scrollbars")
    data = shot.read_bytes()
    assert struct.unpack(">II", data[16:24]) == (1000, 1600)
    rows = zlib.decompress(pixels(data))
    # In rows that repeat the one above, as those of a blank page do, every byte is zero.
    assert sum(byte != 0 for byte in rows) > len(rows) / 50


def pixels(png: bytes) -> bytes:
    """Return the compressed rows of a PNG image (https://www.w3.org/TR/png-3/#5Chunk-layout)."""
    at, found = 8, b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            found += png[at + 8 : at + 8 + length]
        at += length + 12
    return found

"""The encyclopedia to publish, and what is measured on it."""

from __future__ import annotations

import hashlib
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from benchmarks import publishing
from benchmarks.cases import NOTHING_KEPT, OWN, OWN_VAULT, PREVIEW, PUBLISH, SYNTHETIC_POST
from benchmarks.goals import GOALS
from benchmarks.previewing import previewed
from benchmarks.results import Results, Run
from benchmarks.synthetic_frames import notes, write
from tests.conftest import needs
from tests.vaults import run

# Of the notes with the seed 1, on every machine and under every Python.
DIGEST = "08ef95ad01a3f489e54df0f62564ed8476fab330ff38cb339ac8b8632a716cf2"


def digest(count: int, seed: int = 1) -> str:
    text = "\0".join(f"{note.path}\0{note.text}" for note in notes(count, seed))
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert digest(100) == DIGEST
    assert digest(100, seed=2) != DIGEST


@pytest.mark.parametrize("style", ["list", "sections"])
def test_an_encyclopedia_is_published_whole(tmp_path: Path, style: str) -> None:
    write(tmp_path / "vault", 100, style=style)
    found = run(tmp_path, "--vault", "vault", "publish", "--target", "markdown")
    assert (found.code, found.err) == (0, "")
    post = (tmp_path / "public/post.md").read_text()
    # A question in ten notes, a draft in twenty frames.
    assert len(re.findall(r"^- TODO: ", post, re.MULTILINE)) == 5
    claims = r"^### " if style == "sections" else r"^- .*\(\[Author\d+ et al\. \d{4}\]"
    assert len(re.findall(claims, post, re.MULTILINE)) >= 85
    assert "[[" not in post
    assert "%%" not in post


def test_every_command_does_what_is_measured(tmp_path: Path) -> None:
    for program in ("bash", *publishing._NEEDED):
        needs(program)
    cases = list(publishing.publishing_cases(tmp_path, 30))
    assert {case.tool for case in cases} == {"vaultsync", NOTHING_KEPT, *publishing._OTHERS}
    for case in cases:
        for command in filter(None, (case.prepare, case.command)):
            subprocess.run(shlex.split(command), cwd=case.folder, check=True, capture_output=True)
    made = tmp_path / "frames"
    for name in ("published/post.html", "pandoc.html", "rendered.html"):
        assert (made / name).read_text().count("<li") > 60
    assert len(list((made / "made/frames").glob("*/index.html"))) == 27
    about = publishing.about()
    assert all(re.fullmatch(r"\d+(\.\d+)+", one["version"]) for one in about.values())


def test_a_preview_is_timed_until_the_page_shows_what_was_saved(tmp_path: Path) -> None:
    found = previewed(tmp_path, 30, 2)
    assert (found.case, found.notes, len(found.wall), len(found.cpu)) == (PREVIEW, 30, 2, 2)
    assert all(0 < seconds < 60 for seconds in found.wall)
    saved = [file.read_text() for file in sorted((tmp_path / "vault/Frames").glob("*.md"))]
    assert [sum(f"Saved in round {n}: " in text for text in saved) for n in range(3)] == [1, 1, 0]


def test_goals_are_judged_by_the_runs() -> None:
    def measured(case: str, tool: str, vault: str, *wall: float) -> Run:
        return Run(case, tool, vault, 1000, "", wall, wall)

    def verdicts(ours: float, kept: float, previewed: float) -> list[str]:
        runs = [
            measured(OWN, "vaultsync", OWN_VAULT, ours),
            measured(PUBLISH, NOTHING_KEPT, SYNTHETIC_POST, kept),
            measured(PUBLISH, "vaultsync", SYNTHETIC_POST, 9.0),
            measured(PUBLISH, "pandoc", SYNTHETIC_POST, 2.0),
            measured(PREVIEW, "vaultsync", SYNTHETIC_POST, previewed),
        ]
        found = Results("2026-01-01", {}, {}, runs)
        return [g.verdict(found)[2] for g in GOALS if g.name.startswith(("publish", "preview"))]

    assert verdicts(0.4, 1.2, 1.0) == ["met"] * 3
    assert verdicts(0.5, 1.3, 1.1) == ["not met"] * 3

"""The workflows for suggestions of readers: their own scripts, run by bash in real clones."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.action import ROOT, Runner
from tests.conftest import needs
from tests.vaults import committed, git, make

WORKFLOW: dict[Any, Any] = yaml.safe_load((ROOT / ".github/workflows/suggest.yml").read_text())
JOB: dict[str, Any] = WORKFLOW["jobs"]["draft"]
CHECKS: dict[Any, Any] = yaml.safe_load((ROOT / ".github/workflows/vault.yml").read_text())
PREVIEW: dict[str, Any] = CHECKS["jobs"]["preview"]
# What the host's own program is asked to do, and with which text.
GH = '#!/bin/sh\n{ echo "$*"; cat; } >>"$GH_LOG"\n'
FORM = (ROOT / ".github/ISSUE_TEMPLATE/suggest-frame.yml").read_text()
ANSWERS = """### The claim

Models purr $(touch ran) `touch ran` when they are stroked.

### Original source

https://example.org/purr

### Its name

purring; git push --force
"""


def named(job: dict[str, Any], name: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [step for step in job["steps"] if step.get("name") == name]
    (step,) = found
    return step


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clone of a repository with the settings and templates of this one's vault."""
    needs("bash")
    origin = make(tmp_path / "origin", {})
    git(origin, "init", "-q", "-b", "main")
    for name in ("vaultsync.toml", "Templates"):
        source, target = ROOT / "vault" / name, origin / "vault" / name
        target.parent.mkdir(exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    committed(origin, {"vault/note.md": "A note.\n"})
    git(tmp_path, "clone", "-q", "origin", "clone")
    return tmp_path / "clone"


def drafted(clone: Path, body: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the script on the answers of issue 7; return what it did, and what it asked the host."""
    runner = Runner(clone, str(Path(sys.executable).parent), {})
    programs = make(clone.parent / "programs", {"gh": GH})
    (programs / "gh").chmod(0o755)
    log = clone.parent / "gh.log"
    runner.env |= {"PATH": f"{programs}:{runner.env['PATH']}", "GH_LOG": str(log)}
    step = named(JOB, "Draft")
    done = runner.run({**step, "env": {"BODY": body, "NUMBER": "7", "GH_TOKEN": "t"}})
    return done, log.read_text() if log.exists() else ""


def test_a_suggestion_becomes_a_branch_and_a_pull_request(clone: Path) -> None:
    done, asked = drafted(clone, ANSWERS)
    assert done.returncode == 0, done.stderr
    changed = git(clone, "diff", "--name-status", "main", "origin/suggestion-7").splitlines()
    (line,) = changed
    assert re.fullmatch(r"A\tvault/Frames/[a-z-]+\.md", line)
    assert git(clone, "log", "-1", "--format=%s").strip() == "Draft the suggestion of issue 7"
    first, *text = asked.splitlines()
    assert first.startswith("pr create --draft --head suggestion-7 --title Draft the suggestion")
    assert text[0] == "Closes #7."
    assert all(not line or line.startswith("    ") for line in text[1:])
    assert not [*clone.parent.rglob("ran")]


def test_what_is_missing_is_a_comment(clone: Path) -> None:
    done, asked = drafted(clone, ANSWERS.replace("https://example.org/purr", "my `blog`"))
    assert done.returncode == 0, done.stderr
    assert asked.splitlines() == [
        "issue comment 7 --body-file -",
        "No draft could be made of this:",
        "",
        "    error: `Original source` is not one address of a page, an arXiv id or a DOI",
    ]
    assert git(clone, "branch", "-a", "--list", "*suggestion*") == ""


def test_no_text_of_a_stranger_is_a_part_of_a_script() -> None:
    for job in (JOB, PREVIEW):
        assert not [step for step in job["steps"] if "${{" in step.get("run", "")]


def test_only_the_label_of_a_maintainer_starts_it() -> None:
    assert WORKFLOW[True] == {"issues": {"types": ["labeled"]}}
    assert JOB["if"].startswith("github.event.label.name == 'accepted' && ")
    # The form sets labels of its own for whoever opens an issue.
    assert "accepted" not in yaml.safe_load(FORM)["labels"]


def test_every_answer_of_the_form_has_a_place() -> None:
    labels = {one["attributes"].get("label") for one in yaml.safe_load(FORM)["body"]}
    settings = (ROOT / "vault/vaultsync.toml").read_text()
    table = settings.partition("[types.frame.form]\n")[2].partition("\n\n")[0]
    assert {line.split('"')[1] for line in table.splitlines()} <= labels


def test_what_holds_a_token_is_pinned() -> None:
    used = [step["uses"] for step in JOB["steps"] if "uses" in step]
    assert [name for name in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name)] == []


def test_the_preview_may_only_read() -> None:
    assert CHECKS["permissions"] == {"contents": "read"}
    assert "permissions" not in PREVIEW
    assert "secrets" not in yaml.safe_dump(PREVIEW)
    assert PREVIEW["steps"][0]["with"]["persist-credentials"] is False

"""The workflow that `vaultsync init` writes: its own scripts, run by bash in real clones."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml

from tests.action import ROOT, Runner
from tests.conftest import needs
from tests.vaults import Run, committed, git, make, run

TEXT = (resources.files("vaultsync") / "scaffold/dot_github/workflows/vault.yml").read_text()
JOBS: dict[str, Any] = yaml.safe_load(TEXT)["jobs"]
PROGRAMS = str(Path(sys.executable).parent)
GREEN = Run(0, "up to date\n", "")


def ran(clone: Path, job: str, name: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a step of the workflow as a runner does, with what GitHub fills in."""
    needs("bash")
    (step,) = [one for one in JOBS[job]["steps"] if name in {one.get("name"), one.get("run")}]
    runner = Runner(clone, PROGRAMS, {})
    runner.env["GITHUB_REF"] = "refs/heads/main"
    return runner.run({**step, "env": env})


def linted(clone: Path, base: str) -> tuple[int, str]:
    """Lint as after a push; `base` is where it began."""
    done = ran(clone, "check", "lint", BASE=base, DEFAULT="origin/main")
    return done.returncode, done.stdout + done.stderr


def test_the_workflow_and_the_hook_agree(tmp_path: Path) -> None:
    origin = make(tmp_path / "origin", {})
    git(origin, "init", "-q", "-b", "main")
    committed(origin, {"old.md": "[[nowhere.md]]\n", "vaultsync.toml": ""})
    git(tmp_path, "clone", "-q", "origin", "clone")
    clone, none = tmp_path / "clone", "0" * 40
    # The first push of all: whatever is there is new.
    code, said = linted(clone, none)
    assert code == 1
    assert "old.md" in said
    start = git(clone, "rev-parse", "HEAD").strip()
    git(clone, "checkout", "-q", "-b", "branch")
    committed(clone, {"new.md": "x\n"})
    # A new branch; a push; a push after which the commit before it is gone.
    assert [linted(clone, base)[0] for base in (none, start, "f" * 40)] == [0, 0, 0]
    committed(clone, {"new.md": "[[nowhere.md]]\n"})
    for base in (none, start):
        code, said = linted(clone, base)
        assert code == 1
        assert "new.md" in said
        assert "old.md" not in said


def test_the_workflow_of_this_repository_records_alike() -> None:
    own = yaml.safe_load((ROOT / ".github/workflows/vault.yml").read_text())["jobs"]

    def script(jobs: dict[str, Any], job: str, name: str) -> str:
        (found,) = [step["run"] for step in jobs[job]["steps"] if step.get("name") == name]
        return str(found)

    check = script(own, "check", "Check the changelog")
    assert check.replace("main branch", "default branch") == script(JOBS, "check", "changelog")
    record = script(own, "record", "Record what is new")
    assert record.replace("git add vault", "git add --all") == script(JOBS, "record", "record")


def claim(title: str) -> dict[str, str]:
    """Return a claim as a file, which the workflow's checks find complete."""
    source = f"https://example.org/{title}"
    head = f'title: {title}\nstatus: supported\nsource: {source}\naliases: ["{title}"]'
    body = f"{title} may hold.\n\n## Sources\n\n- original: [{title}]({source})"
    return {f"Claims/{title}.md": f"---\n{head}\n---\n\n{body}\n"}


class Hosted:
    """A vault on a server that can merge branches, and clones of it. No clone has hooks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        start = folder / "start"
        assert run(folder, "init", "start").code == 0
        make(start, claim("Moths"))
        day = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2020-01-02T12:00Z")
        for command in ("index", "changelog"):
            assert run(start, command, env=day).code == 0
        git(start, "add", "--all")
        with mock.patch.dict(os.environ, day):
            git(start, "commit", "-q", "--no-verify", "-m", "start")
        git(folder, "clone", "-q", "--bare", "start", "server.git")

    def clone(self, name: str, branch: str = "main") -> Path:
        git(self.folder, "clone", "-q", "server.git", name)
        git(self.folder / name, "switch", "-q", *(() if branch == "main" else ("-c",)), branch)
        return self.folder / name

    def push(self, clone: Path, title: str) -> None:
        """Commit a claim and push it."""
        make(clone, claim(title))
        git(clone, "add", "--all")
        git(clone, "commit", "-q", "-m", f"add {title}")
        git(clone, "push", "-q", "origin", "HEAD")

    def merge(self, *branches: str) -> None:
        """Merge branches into the default one as the button on a page does."""
        clone = self.clone(f"button-{'-'.join(branches)}")
        for branch in branches:
            git(clone, "merge", "-q", "--no-ff", "--no-verify", f"origin/{branch}")
        git(clone, "push", "-q", "origin", "main")

    @property
    def tip(self) -> str:
        return git(self.folder / "server.git", "rev-parse", "main")


@pytest.fixture
def hosted(tmp_path: Path) -> Hosted:
    return Hosted(tmp_path)


def test_what_is_not_recorded_is_a_warning(hosted: Hosted) -> None:
    clone = hosted.clone("clone", "branch")
    done = ran(clone, "check", "changelog")
    assert (done.returncode, done.stdout, done.stderr) == (0, *GREEN[1:])
    hosted.push(clone, "Ants")
    done = ran(clone, "check", "changelog")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("::warning::")
    make(clone, {"Changelog.md": "No block.\n"})
    done = ran(clone, "check", "changelog")
    assert (done.returncode, done.stdout) == (2, "")


def test_what_merge_buttons_brought_is_recorded(hosted: Hosted) -> None:
    for name, title in (("ann", "Ants"), ("ben", "Bees")):
        hosted.push(hosted.clone(name, name), title)
    hosted.merge("ann", "ben")
    assert run(hosted.clone("before"), "changelog", "--check").code == 1
    done = ran(hosted.clone("runner"), "record", "record")
    assert (done.returncode, done.stderr) == (0, "")
    after = hosted.clone("after")
    assert (
        git(after, "log", "-1", "--format=%s, %an") == "Record what is new, github-actions[bot]\n"
    )
    assert git(after, "show", "--format=", "--name-only", "HEAD").split() == [
        "Changelog.md",
        "Index.md",
        "Post.md",
        "changelog.lock",
    ]
    assert (after / "Changelog.md").read_text().count("- Added [[") == 2
    assert run(after, "changelog", "--check") == run(after, "index", "--check") == GREEN
    assert linted(after, "0" * 40)[0] == 0
    # The push that records starts a second run at most.
    tip = hosted.tip
    assert ran(after, "record", "record").returncode == 0
    assert hosted.tip == tip


def test_a_push_that_comes_between_has_a_run_of_its_own(hosted: Hosted) -> None:
    ann, runner = hosted.clone("ann"), hosted.clone("early")
    hosted.push(ann, "Ants")
    git(runner, "pull", "-q")
    hosted.push(ann, "Bees")
    tip = hosted.tip
    assert ran(runner, "record", "record").returncode == 0
    assert hosted.tip == tip
    assert ran(hosted.clone("late"), "record", "record").returncode == 0
    assert run(hosted.clone("after"), "changelog", "--check") == GREEN


def test_a_branch_that_may_not_be_pushed_to_fails_the_job(hosted: Hosted) -> None:
    hosted.push(hosted.clone("ann"), "Ants")
    hook = hosted.folder / "server.git/hooks/pre-receive"
    make(hook.parent, {hook.name: "#!/bin/sh\necho protected >&2\nexit 1\n"})
    hook.chmod(0o755)
    done = ran(hosted.clone("runner"), "record", "record")
    assert done.returncode == 1
    assert "protected" in done.stderr


def test_two_branches_that_record_the_same_day_conflict_in_blocks_alone(hosted: Hosted) -> None:
    for name, title in (("ann", "Ants"), ("ben", "Bees")):
        clone = hosted.clone(name, name)
        make(clone, claim(title))
        for command in ("index", "changelog"):
            assert run(clone, command).code == 0
        hosted.push(clone, title)
    clone = hosted.clone("both")
    git(clone, "merge", "-q", "origin/ann")
    merging = ["git", "merge", "-q", "origin/ben"]
    assert subprocess.run(merging, cwd=clone, capture_output=True, check=False).returncode == 1
    conflicts = git(clone, "diff", "--name-only", "--diff-filter=U").split()
    assert conflicts == ["Changelog.md", "Index.md", "Post.md"]
    for command in ("index", "changelog"):
        assert run(clone, command).code == 0
    git(clone, "add", "--all")
    git(clone, "commit", "-q", "--no-edit")
    assert (clone / "Changelog.md").read_text().count("- Added [[") == 2
    assert run(clone, "changelog", "--check") == run(clone, "index", "--check") == GREEN


def test_only_a_push_to_the_default_branch_records() -> None:
    assert JOBS["record"]["if"] == (
        "github.event_name == 'push' && github.ref_name == github.event.repository.default_branch"
    )
    assert JOBS["record"]["permissions"] == {"contents": "write"}
    assert yaml.safe_load(TEXT)["permissions"] == {"contents": "read"}
    assert JOBS["record"]["concurrency"] == "record"
    for job in JOBS.values():
        assert not [step for step in job["steps"] if "${{" in step.get("run", "")]

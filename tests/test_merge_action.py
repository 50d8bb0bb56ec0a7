"""The action and the job that merge the base into open branches: their own script, run by bash."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.action import ROOT, Runner
from tests.app.host import Hosted, Hub, serving
from tests.app.test_merge_branches import START, ants
from tests.conftest import needs
from tests.test_workflow import TEXT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "merge-branches/action.yml").read_text())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
JOB: dict[str, Any] = WORKFLOW["jobs"]["merge"]
NAME = "$(touch${IFS}ran)"


def named(steps: list[dict[str, Any]]) -> dict[str, Any]:
    (found,) = (step for step in steps if step.get("name") == "merge")
    return found


@pytest.fixture
def hosted(tmp_path: Path) -> Iterator[Hosted]:
    hub = Hub()
    with serving(hub) as api:
        yield Hosted(tmp_path, hub, api, START)


def test_the_script_merges_into_branches_and_comments_on_forks(hosted: Hosted) -> None:
    needs("bash")
    hosted.branch("ben", ants(status="contested"))
    clash = hosted.branch(NAME, ants(claim="Ants lift 60 times.\n::set-output name=x::y"))
    fork = hosted.branch("main", ants(claim="Ants lift 70 times."), fork=True)
    hosted.push(ants(claim="Ants lift 40 times."))
    tips = {name: hosted.tip(name) for name in ("ben", NAME)}
    runner = Runner(hosted.checkout(), str(Path(sys.executable).parent), {"token": "of the app"})
    runner.env |= {name: value for name, value in hosted.env.items() if name != "GITHUB_TOKEN"}
    done = runner.run(named(STEPS))
    assert (done.returncode, done.stderr) == (0, "")
    first, *lines = done.stdout.splitlines()
    assert re.fullmatch("::stop-commands::[0-9a-f]{64}", first)
    assert [line for line in lines if line.startswith("#")] == [
        "#1 ben: merged",
        f"#2 {NAME}: conflict",
        "#3 main: fork",
    ]
    assert (
        hosted.text("ben", "Claims/ants.md")
        == ants("contested", "Ants lift 40 times.")["Claims/ants.md"]
    )
    for name, tip in tips.items():
        assert hosted.log(name).split("\n")[0] == f"{tip} {hosted.tip('main')} github-actions[bot]"
    assert len(hosted.bodies(clash)) == len(hosted.bodies(fork)) == 1
    assert {token for _, token in hosted.hub.seen} == {"Bearer of the app"}
    assert not list(hosted.folder.rglob("ran"))


def test_the_workflow_runs_the_script_of_the_action() -> None:
    own, job = named(STEPS), named(JOB["steps"])
    assert own["run"] == job["run"]
    assert own["env"].keys() == job["env"].keys() == {"GITHUB_TOKEN"}
    # No expression of GitHub becomes text of a script.
    assert not [step for step in (*STEPS, *JOB["steps"]) if "${{" in step.get("run", "")]


def test_what_holds_a_token_is_pinned() -> None:
    used = [step["uses"] for step in (*STEPS, *JOB["steps"]) if "uses" in step]
    assert len(used) == 4
    assert [name for name in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", name)] == []


def test_the_job_has_the_least_it_needs() -> None:
    app, checkout = JOB["steps"][:2]
    assert JOB["permissions"] == {}
    allowed = {key: value for key, value in app["with"].items() if key.startswith("permission")}
    assert allowed == {"permission-contents": "write", "permission-pull-requests": "write"}
    assert checkout["with"]["token"] == "${{ steps.app.outputs.token }}"  # noqa: S105
    # It starts by a push to the default branch and by hand, never by a pull request.
    assert WORKFLOW[True].keys() == {"push", "pull_request", "workflow_dispatch"}
    assert JOB["if"].split(" && ") == [
        "!cancelled()",
        "vars.VAULTSYNC_APP_ID",
        "github.event_name != 'pull_request'",
        "github.ref_name == github.event.repository.default_branch",
    ]


def test_the_guide_names_the_inputs_and_what_the_app_is_named_by() -> None:
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    wanted = [*ACTION["inputs"], "VAULTSYNC_APP_ID", "VAULTSYNC_APP_KEY"]
    assert [name for name in wanted if f"`{name}`" not in page] == []

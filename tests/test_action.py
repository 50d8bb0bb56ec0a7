"""The action for GitHub: its own script, run by bash on a vault in a repository."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from tests.action import ACTION, ROOT, STEPS, Runner
from tests.conftest import needs
from tests.lint.formats.test_github import understood
from tests.lint.formats.test_sarif import VALID
from tests.vaults import committed

LINT = next(step for step in STEPS if step.get("id") == "lint")
PROGRAMS = str(Path(sys.executable).parent)
NOTES = {"vault/vaultsync.toml": "", "vault/a.md": "[[/x]]\n", "vault/b c/d.md": "[[#x]]\n"}


def runner(tmp_path: Path, **inputs: str) -> Runner:
    needs("bash")
    return Runner(
        committed(tmp_path / "repository", NOTES),
        PROGRAMS,
        {name.replace("_", "-"): said for name, said in inputs.items()},
    )


def test_what_is_found_becomes_annotations(tmp_path: Path) -> None:
    made = runner(tmp_path)
    done = made.run(LINT)
    assert (done.returncode, done.stderr, made.outputs) == (1, "", {})
    said = [understood(line) for line in done.stdout.splitlines()]
    assert [(kind, keys["file"]) for kind, keys, _ in said] == [
        ("error", "vault/a.md"),
        ("warning", "vault/b c/d.md"),
    ]


def test_arguments_and_the_folder_are_passed_on(tmp_path: Path) -> None:
    made = runner(tmp_path, path="vault", args="--ignore LNK001  a.md")
    done = made.run(LINT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_argument_is_no_command(tmp_path: Path) -> None:
    done = runner(tmp_path, args="$(touch ../bad) ; *.md `touch bad`").run(LINT)
    assert done.returncode == 2
    assert done.stderr.startswith("error: $(touch: this is outside the vault ")
    assert not list(tmp_path.rglob("bad"))


@pytest.mark.parametrize(("args", "code", "count"), [("", 1, 2), ("--select TAG", 0, 0)])
def test_a_log_is_written_for_code_scanning(
    tmp_path: Path, args: str, code: int, count: int
) -> None:
    made = runner(tmp_path, args=args, upload_sarif="true")
    done = made.run(LINT)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")
    log = json.loads(Path(made.outputs["sarif"]).read_text(encoding="utf-8"))
    VALID.validate(log)
    assert len(log["runs"][0]["results"]) == count


def test_where_nothing_can_be_checked_there_is_no_log_to_upload(tmp_path: Path) -> None:
    made = runner(tmp_path, args="--select nothing", upload_sarif="true")
    done = made.run(LINT)
    assert (done.returncode, made.outputs) == (2, {})
    assert "there is no rule `nothing`" in done.stderr


def test_a_script_holds_no_expression_and_every_input_is_used() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert not [step for step in STEPS if "${{" in step.get("run", "")]
    used = set(re.findall(r"inputs\.([\w-]+)", text))
    assert used == set(ACTION["inputs"])


def test_the_guide_names_every_input() -> None:
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    assert [name for name in ACTION["inputs"] if f"`{name}`" not in page] == []

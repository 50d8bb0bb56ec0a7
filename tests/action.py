"""The action's steps, run by bash as a runner would."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
_INPUT = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")


class Runner:
    """A workspace with a temporary folder beside it, and the inputs of the action."""

    def __init__(self, workspace: Path, programs: str, inputs: Mapping[str, str]) -> None:
        self.workspace, self.temporary = workspace, workspace.parent / "temporary"
        self.temporary.mkdir(exist_ok=True)
        known = {name: said["default"] for name, said in ACTION["inputs"].items()}
        self.inputs = known | dict(inputs)
        self.env = os.environ | {
            "PATH": os.pathsep.join([programs, os.environ["PATH"]]),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(self.temporary / "output"),
            "RUNNER_TEMP": str(self.temporary),
        }

    def run(self, step: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
        """Run the script of a step with the shell's options that are documented for `shell: bash`.

        Source: https://docs.github.com/actions/reference/workflow-syntax-for-github-actions.
        """
        script = self.temporary / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace / self._filled(step.get("working-directory", ".")),
            env=self.env | {key: self._filled(said) for key, said in step.get("env", {}).items()},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def outputs(self) -> dict[str, str]:
        """What the steps have set so far."""
        file = Path(self.env["GITHUB_OUTPUT"])
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return dict(line.split("=", 1) for line in lines)

    def _filled(self, text: str) -> str:
        return _INPUT.sub(lambda found: self.inputs[found[1]], text)

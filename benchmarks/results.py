"""What was measured, kept as JSON."""

from __future__ import annotations

import dataclasses
import json
import os
import platform
import re
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Run:
    """One command on one vault of so many notes: seconds of each round, bytes, findings.

    `vault` is `corpus` or `synthetic`. Without a run for its memory the last three are None.
    """

    case: str
    tool: str
    vault: str
    notes: int
    command: str
    wall: Sequence[float]
    cpu: Sequence[float]
    resident: int | None = None
    shared_once: int | None = None
    findings: int | None = None

    @property
    def seconds(self) -> float:
        """The median of the wall times."""
        return statistics.median(self.wall)


@dataclass(frozen=True)
class Results:
    """All runs of one day on one machine; `tools` has what was measured, and what it checks."""

    day: str
    machine: Mapping[str, str]
    tools: Mapping[str, Mapping[str, str]]
    runs: Sequence[Run]

    def find(
        self, case: str, tool: str, vault: str = "corpus", notes: int | None = None
    ) -> Run | None:
        """Return the run of a case by a tool, None where it was not measured."""
        for run in self.runs:
            is_it = (run.case, run.tool, run.vault) == (case, tool, vault)
            if is_it and notes in {None, run.notes}:
                return run
        return None


def load(text: str) -> Results:
    """Return results from their JSON."""
    data = json.loads(text)
    return Results(**data | {"runs": [Run(**run) for run in data["runs"]]})


def dump(results: Results) -> str:
    """Return results as JSON, with the numbers of one run on one line."""
    text = json.dumps(dataclasses.asdict(results), indent=1, ensure_ascii=False)
    return re.sub(r"\[[\d\s.,]*\]", lambda found: " ".join(found[0].split()), text) + "\n"


def machine() -> dict[str, str]:
    """Describe the machine in general terms."""
    cpu = re.search(r"^model name\s*: (.*)$", _read("/proc/cpuinfo"), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s+(\d+) kB$", _read("/proc/meminfo"), re.MULTILINE)
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout
    return {
        "processor": cpu[1].strip() if cpu else platform.machine(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{round(int(memory[1]) / 2**20)} GiB" if memory else "unknown",
        "system": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "Python": platform.python_version(),
        "git": git.split()[2],
    }


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")

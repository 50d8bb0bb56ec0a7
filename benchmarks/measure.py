"""Measure commands side by side: times by hyperfine, memory by samples."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from benchmarks.memory import peak
from benchmarks.results import Run


class Case(NamedTuple):
    """A command to measure, in the folder of a vault with so many notes.

    `prepare` is run before each run. A `warm` case has a run before those that count. A `once`
    case is measured in the first round alone; `finding` is a pattern of what it finds.
    """

    name: str
    tool: str
    vault: str
    notes: int
    command: str
    folder: Path
    prepare: str = ""
    warm: bool = False
    once: bool = False
    finding: str = ""


def measure(cases: Sequence[Case], rounds: int) -> list[Run]:
    """Measure the cases in rounds, each once a round, so that noise hits all of them alike."""
    times: list[list[tuple[float, float]]] = [[] for _ in cases]
    for number in range(rounds):
        for case, taken in zip(cases, times, strict=True):
            if not (number and case.once):
                print(f"round {number + 1} of {rounds}: {case.name}, {case.tool}", flush=True)
                taken.append(_timed(case))
    return [_run(case, taken) for case, taken in zip(cases, times, strict=True)]


def with_memory(cases: Iterable[Case], runs: Iterable[Run], repeats: int = 3) -> list[Run]:
    """Return the runs with the highest of several peaks, and the number of findings."""
    return [
        _with_peak(case, run, 1 if case.once else repeats)
        for case, run in zip(cases, runs, strict=True)
    ]


def _timed(case: Case) -> tuple[float, float]:
    """Return the wall and the CPU time of a run, in seconds; its helpers' CPU time counts too."""
    prepare = ["--prepare", case.prepare] if case.prepare else []
    # What the command before has left to be written to the disk is no burden of this one.
    os.sync()
    with tempfile.NamedTemporaryFile("r", suffix=".json") as told:
        subprocess.run(
            [
                *("hyperfine", "--shell=none", "--ignore-failure", "--style=none"),
                *("--runs=1", f"--warmup={int(case.warm)}", f"--export-json={told.name}"),
                *prepare,
                case.command,
            ],
            cwd=case.folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        (found,) = json.load(told)["results"]
    return round(found["mean"], 4), round(found["user"] + found["system"], 4)


def _run(case: Case, times: Sequence[tuple[float, float]]) -> Run:
    wall, cpu = (list(column) for column in zip(*times, strict=True))
    return Run(case.name, case.tool, case.vault, case.notes, case.command, wall, cpu)


def _with_peak(case: Case, run: Run, repeats: int) -> Run:
    print(f"memory: {case.name}, {case.tool}", flush=True)
    found, printed = [], ""
    command = shlex.split(case.command)
    for _ in range(repeats):
        if case.prepare:
            subprocess.run(shlex.split(case.prepare), cwd=case.folder, check=True)
        highest, printed = peak(command, case.folder)
        found.append(highest)
    resident, shared_once = (max(column) for column in zip(*found, strict=True))
    findings = len(re.findall(case.finding, printed)) if case.finding else None
    return replace(run, resident=resident, shared_once=shared_once, findings=findings)

"""How long a preview takes from a save until the page that shows it can be read.

The real process is run, a client waits at its events as an open page does, and then gets the page.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from benchmarks import synthetic_frames
from benchmarks.cases import PREVIEW, SYNTHETIC_POST
from benchmarks.results import Run
from benchmarks.tools import OURS

COMMAND = "vaultsync --vault vault preview --port 0"
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/")
_SECONDS = 60
# A save falls into any moment of the pause between two looks at the files.
_PHASE = 0.07


def previewed(folder: Path, notes: int, rounds: int) -> Run:
    """Write an encyclopedia below a folder, save another of its frames in each round."""
    vault = folder / "vault"
    synthetic_frames.write(vault, notes)
    frames = sorted((vault / "Frames").glob("*.md"))
    # A draft is not on the page.
    frames = [frame for frame in frames if "status: draft" not in frame.read_text("utf-8")]
    step = max(1, len(frames) // (rounds + 1))
    times = []
    with _running(folder) as preview:
        for number, frame in enumerate(frames[step::step][:rounds]):
            print(f"round {number + 1} of {rounds}: {PREVIEW}", flush=True)
            time.sleep(number * _PHASE)
            times.append(_saved(preview, frame, f"Saved in round {number}"))
    wall, cpu = (list(column) for column in zip(*times, strict=True))
    return Run(PREVIEW, OURS, SYNTHETIC_POST, notes, COMMAND, wall, cpu)


class _Preview(NamedTuple):
    """A running preview, and what an open page is sent."""

    process: subprocess.Popen[str]
    address: str
    events: HTTPResponse

    def message(self) -> Mapping[str, str]:
        """Wait for the next message to open pages."""
        while not (line := self.events.readline()).startswith(b"data: "):
            pass
        found: Mapping[str, str] = json.loads(line.removeprefix(b"data: "))
        return found

    def page(self) -> str:
        with _opened(self.address) as response:
            return str(response.read(), "utf-8")


def _opened(address: str) -> HTTPResponse:
    # It is an address of the preview.
    found: HTTPResponse = urlopen(address, timeout=_SECONDS)  # noqa: S310
    return found


@contextmanager
def _running(folder: Path) -> Iterator[_Preview]:
    with subprocess.Popen(
        shlex.split(COMMAND),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            found = _ADDRESS.search(process.stdout.readline() if process.stdout else "")
            if not found:
                raise SystemExit(f"`{COMMAND}` does not start")
            with _opened(f"{found[0]}events") as events:
                preview = _Preview(process, found[0], events)
                preview.message()
                yield preview
        finally:
            process.kill()


def _saved(preview: _Preview, frame: Path, words: str) -> tuple[float, float]:
    """Save a frame whose claim begins with these words; return wall and CPU time in seconds."""
    head, mark, body = frame.read_text(encoding="utf-8").partition("\n---\n\n")
    cpu, start = _cpu(preview.process.pid), time.monotonic()
    frame.write_text(f"{head}{mark}{words}: {body}", encoding="utf-8")
    if problems := preview.message()["problems"]:
        raise SystemExit(f"{frame.name}: the page cannot be made:\n{problems}")
    if words not in preview.page():
        raise SystemExit(f"{frame.name}: the page does not show `{words}`")
    wall = time.monotonic() - start
    return round(wall, 4), round(_cpu(preview.process.pid) - cpu, 4)


def _cpu(pid: int) -> float:
    """Return the CPU time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

"""How much memory a command takes, with all the processes that it starts."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PAUSE = 0.005
_KIB = 1024
_STATE = re.compile(r"\) D ")


class Peak(NamedTuple):
    """The most memory in use at one time, in bytes, added up over the processes.

    In `resident` what two processes share counts twice, in `shared_once` it does not. Both are
    seen in samples, a few milliseconds apart; `resident` is at least what `time` says of the
    largest process, which is exact.
    """

    resident: int
    shared_once: int


def peak(command: Sequence[str], folder: Path) -> tuple[Peak, str]:
    """Run a command in a folder; return its peak, and what it printed. Its exit code is its own."""
    with tempfile.TemporaryFile() as said, tempfile.NamedTemporaryFile("r") as told:
        process = subprocess.Popen(
            ["/usr/bin/time", "--verbose", "--output", told.name, *command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        highest = Peak(0, 0)
        while process.poll() is None:
            highest = Peak(*map(max, highest, _now(process.pid)))
            time.sleep(_PAUSE)
        said.seek(0)
        printed = said.read().decode("utf-8", "replace")
        largest = re.search(r"Maximum resident set size \(kbytes\): (\d+)", told.read())
    exact = int(largest[1]) * _KIB if largest else 0
    return highest._replace(resident=max(highest.resident, exact)), printed


def _now(pid: int) -> Peak:
    """Return what the processes below one take at this moment."""
    found = [_taken(below) for below in _descendants(pid)]
    return Peak(sum(one.resident for one in found), sum(one.shared_once for one in found))


def _taken(pid: int) -> Peak:
    with suppress(OSError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        sizes = dict(re.findall(r"^(Rss|Pss): +(\d+) kB", text, re.MULTILINE))
        return Peak(*(int(sizes.get(name, 0)) * _KIB for name in ("Rss", "Pss")))
    return Peak(0, 0)


def _descendants(pid: int) -> Iterator[int]:
    # A process may end while it is looked at. One that waits in the kernel may have a child that
    # still runs in its memory, on the way to another program: it would be counted twice.
    with suppress(OSError):
        if _STATE.search(Path(f"/proc/{pid}/stat").read_text()):
            return
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                yield child
                yield from _descendants(child)

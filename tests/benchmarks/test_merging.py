"""The measurement of a merge of many notes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def test_a_merge_and_the_driver_are_measured() -> None:
    command = ["-m", "benchmarks.merging", "--notes", "12", "--rounds", "1", "--renamed"]
    done = subprocess.run(
        [sys.executable, *command],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"12 notes: [\d.]+ s, 0 conflicts\ndriver: [\d.]+ s a note\n", done.stdout)

"""Awkward histories in real repositories, and what the changelog makes of them.

A history is a script, `tests/histories/NAME.sh`; what it prints stands in `NAME.txt`.
`pytest --update` writes those anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import needs
from tests.vaults import SOURCES, make, run

HISTORIES = Path(__file__).with_name("histories")
SCRIPTS = sorted(HISTORIES.glob("*.sh"))
# A week shows what a month does.
CASES = [
    pytest.param(
        script,
        id=script.stem,
        marks=[pytest.mark.long] if script.stem.startswith("month-") else [],
    )
    for script in SCRIPTS
]


def play(script: Path, top: Path) -> tuple[int, str]:
    """Run a script and return its exit code and what it prints; this process is its `vaultsync`."""
    (requests, to_us), (from_us, answers) = os.pipe(), os.pipe()
    names = {"REQUESTS": str(to_us), "ANSWERS": str(from_us), "RUN": str(top)}
    python = {"PYTHON": sys.executable, "PYTHONPATH": str(SOURCES)}
    make(top / "history", {})
    with (top / "printed").open("wb") as printed:
        process = subprocess.Popen(
            [needs("bash"), "-c", f". {HISTORIES / 'prelude.bash'}; . {script}"],
            cwd=top / "history",
            env={**os.environ, **python, **names, "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            pass_fds=(to_us, from_us),
        )
    os.close(to_us)
    os.close(from_us)
    with os.fdopen(requests) as lines, os.fdopen(answers, "w", buffering=1) as codes:
        for line in lines:
            folder, epoch, *args = line.removesuffix("\n").split("\x1f")
            done = run(Path(folder), *args, env={"SOURCE_DATE_EPOCH": epoch})
            make(top, {"out": done.out, "err": done.err})
            print(done.code, file=codes)
    return process.wait(), (top / "printed").read_text()


@pytest.mark.parametrize("script", CASES)
def test_history(script: Path, tmp_path: Path, *, update: bool) -> None:
    code, printed = play(script, tmp_path)
    found = printed.replace(str(tmp_path), "TOP")
    found = re.sub(r"\bcommit [0-9a-f]{10}\b", "commit ID", found)
    assert code == 0, found
    expected = script.with_suffix(".txt")
    if update:
        expected.write_text(found)
    assert found == expected.read_text()


def test_every_expectation_has_its_history() -> None:
    assert {path.stem for path in HISTORIES.glob("*.txt")} == {path.stem for path in SCRIPTS}

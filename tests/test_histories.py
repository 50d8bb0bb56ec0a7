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
from tests.vaults import SOURCES

HISTORIES = Path(__file__).with_name("histories")
SCRIPTS = sorted(HISTORIES.glob("*.sh"))


@pytest.mark.parametrize("script", SCRIPTS, ids=[script.stem for script in SCRIPTS])
def test_history(script: Path, tmp_path: Path, *, update: bool) -> None:
    bash = needs("bash")
    folder = tmp_path / "history"
    folder.mkdir()
    command = f". {HISTORIES / 'prelude.bash'}; . {script}"
    env = {**os.environ, "PYTHON": sys.executable, "PYTHONPATH": str(SOURCES), "TZ": "UTC"}
    done = subprocess.run(
        [bash, "-c", command],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    found = done.stdout.decode().replace(str(tmp_path), "TOP")
    found = re.sub(r"\bcommit [0-9a-f]{10}\b", "commit ID", found)
    assert done.returncode == 0, found
    expected = script.with_suffix(".txt")
    if update:
        expected.write_text(found)
    assert found == expected.read_text()


def test_every_expectation_has_its_history() -> None:
    assert {path.stem for path in HISTORIES.glob("*.txt")} == {path.stem for path in SCRIPTS}

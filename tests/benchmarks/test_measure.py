"""Measuring: real commands, whose time and memory are known within bounds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks import cases
from benchmarks.measure import Case, measure, with_memory
from benchmarks.memory import peak
from benchmarks.tools import missing
from tests.conftest import needs
from tests.vaults import git, make

ROOT = Path(__file__).parents[2]
MIB = 2**20
# Two processes with some MiB each, that they do not share, for a while at the same time.
TWO = """
import os, time
child = os.fork()
held = b"x" * (60 * 2**20)
time.sleep(0.5)
if child:
    os.waitpid(child, 0)
    print("done")
"""


def test_the_memory_of_all_processes_is_added_up(tmp_path: Path) -> None:
    needs("/usr/bin/time")
    found, said = peak([sys.executable, "-c", TWO], tmp_path)
    assert said == "done\n"
    assert 120 * MIB < found.shared_once <= found.resident < 180 * MIB


def test_what_a_single_process_takes_is_exact(tmp_path: Path) -> None:
    needs("/usr/bin/time")
    found, _ = peak([sys.executable, "-c", "held = b'x' * (80 * 2**20)"], tmp_path)
    assert 80 * MIB < found.resident < 120 * MIB


def test_each_case_has_a_turn_each_round_and_is_prepared(tmp_path: Path) -> None:
    needs("hyperfine"), needs("/usr/bin/time")
    slow = Case("slow", "sleep", "corpus", 1, "sleep 0.2", tmp_path, "touch prepared", once=True)
    loud = Case("loud", "sh", "corpus", 1, "sh -c 'echo a: bad >&2; exit 3'", tmp_path, warm=True)
    both = [slow, loud._replace(finding="bad")]
    first, second = with_memory(both, measure(both, 2), repeats=1)
    assert (tmp_path / "prepared").exists()
    assert (len(first.wall), len(second.wall)) == (1, 2)
    assert first.seconds >= 0.2
    assert (first.findings, second.findings) == (None, 1)


def test_a_folder_becomes_a_repository_and_three_notes_are_staged(tmp_path: Path) -> None:
    notes = {f"a/note {number}.md": "text\n" for number in range(9)}
    vault = cases.clone(make(tmp_path / "corpus", notes), tmp_path / "clone")
    script = cases._stage(vault)
    for _ in range(2):
        subprocess.run(["sh", str(script)], cwd=vault, check=True)
        status = git(vault, "status", "--porcelain").splitlines()
        assert status == [f'M  "a/note {number}.md"' for number in (2, 4, 6)]
    assert cases._notes(cases.clone(vault, tmp_path / "again")) == 9


def test_what_is_missing_is_named_with_its_package(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", str(tmp_path / "none")],
        cwd=ROOT,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "hyperfine is missing: install the Debian package `hyperfine`\n" in done.stderr
    assert f"{tmp_path / 'none'}: there is no such bundle or folder\n" in done.stderr
    assert not any("npm" in line for line in missing(slow=False))

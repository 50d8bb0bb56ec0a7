"""A few rounds of `python -m simulation`, with the same seeds each time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# To measure their coverage, which other tests have too, would double their time.
pytestmark = pytest.mark.no_cover


def simulate(*args: str) -> subprocess.CompletedProcess[str]:
    """Run the simulation, which ends all that it started: so it is a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "simulation", *args],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("count", [1, pytest.param(3, marks=pytest.mark.long)])
def test_in_a_few_rounds_no_word_is_lost(tmp_path: Path, count: int) -> None:
    record = tmp_path / "record"
    options = ("rounds", "--count", str(count), "--record", str(record))
    done = simulate(*options)
    start = f"{count} rounds, seeds 0 to {count - 1}: 0 failed ({count} played"
    assert done.stdout.startswith(start), done.stdout
    assert done.returncode == 0
    seeds = [json.loads(line)["seed"] for line in record.read_text().splitlines()]
    assert seeds == list(range(count))
    assert "0 failed (0 played" in simulate(*options).stdout


@pytest.mark.long
def test_a_planted_fault_is_found() -> None:
    fault = "a driver that returns ours"
    done = simulate("planted", "--only", fault, "--count", "1")
    assert f"| {fault} | 0 | lost: " in done.stdout
    assert done.returncode == 0


def test_a_round_that_fails_is_told_and_kept(tmp_path: Path) -> None:
    options = ("--count", "1", "--only", "a driver that returns ours", "--keep", str(tmp_path))
    done = simulate("rounds", *options)
    assert f"seed 0 ({tmp_path}/round-0):\n  lost: " in done.stdout
    assert "\n    desk: at the end, sync: 0\n" in done.stdout
    assert (tmp_path / "round-0/desk/vaultsync.toml").exists()
    assert done.returncode == 1


def test_plain_git_is_compared_by_the_same_seeds() -> None:
    done = simulate("compare", "--only", "merge", "--count", "1")
    assert done.stdout.splitlines()[-1].startswith("| merge | ")

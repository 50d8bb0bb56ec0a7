"""Which examples Hypothesis runs, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEST = """
from pathlib import Path
from hypothesis import given, strategies as st
from tests.conftest import examples

@examples(20)
@given(st.integers())
def test_numbers(number):
    with Path(__file__).with_suffix(".txt").open("a") as file:
        file.write(f"{number}\\n")
"""


def examples_of(folder: Path, *options: str, **environment: str) -> list[str]:
    (folder / "test_it.py").write_text(TEST)
    (folder / "test_it.txt").unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", "-p", "tests.conftest"]
    subprocess.run(
        [*command, "-n0", "-q", *options, str(folder / "test_it.py")],
        cwd=ROOT,
        env={**os.environ, "PYTEST_ADDOPTS": "", **environment},
        capture_output=True,
        check=True,
    )
    return (folder / "test_it.txt").read_text().split()


def test_each_run_has_the_same_examples_under_ci_too(tmp_path: Path) -> None:
    usual = examples_of(tmp_path)
    assert len(usual) == 20
    others = "--hypothesis-seed=26", "-p", "tests.lint.settings"
    assert usual == examples_of(tmp_path, *others, CI="true")


@pytest.mark.long
def test_a_thorough_run_has_ten_times_as_many_examples_by_its_seed(tmp_path: Path) -> None:
    thorough = "--hypothesis-profile=thorough"
    first = examples_of(tmp_path, thorough, "--hypothesis-seed=1", CI="true")
    assert len(first) == 200
    assert first == examples_of(tmp_path, thorough, "--hypothesis-seed=1")
    assert first != examples_of(tmp_path, thorough, "--hypothesis-seed=2", CI="true")

"""A few system calls that fail. `python -m fuzz.faults` lets each of them fail in turn."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz.faults import Faults, inject

from tests.conftest import needs


def test_a_call_that_fails_loses_nothing(tmp_path: Path) -> None:
    counts = inject(tmp_path, needs("strace"), seed=0, every=2500, end=float("inf"))
    assert counts["of all"] > 1_000
    assert counts.total() - counts["of all"] == -(-counts["of all"] // 2500)


@pytest.mark.long
def test_a_folder_that_is_not_listed_stops_what_would_go_without_it(tmp_path: Path) -> None:
    faults = Faults(tmp_path, needs("strace"))
    cases = [case for case in faults.cases("index") if case.call == "getdents64"]
    # The first ones list the folders of Python's own modules.
    ends = [faults.check(case) for case in [one for one in cases if one.error == "EIO"][-12:]]
    # The vault and its two folders.
    assert ends.count("stopped") >= 3

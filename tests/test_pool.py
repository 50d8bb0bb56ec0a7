from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec
import pytest

from vaultsync import pool
from vaultsync.pool import ENOUGH, shared


class Done(msgspec.Struct, array_like=True):
    item: int
    process: int


def work(item: int) -> Done:
    return Done(item, os.getpid())


@pytest.mark.parametrize("count", [0, 1, 40, ENOUGH - 1, ENOUGH, ENOUGH * 7 + 3])
def test_each_item_is_worked_on_once(count: int) -> None:
    done = list(shared(work, range(count), Done))
    assert sorted(found.item for found in done) == list(range(count))


def test_a_little_work_stays_in_one_process() -> None:
    assert {found.process for found in shared(work, range(ENOUGH - 1), Done)} == {os.getpid()}


def test_what_a_killed_process_took_on_is_done_all_the_same(tmp_path: Path) -> None:
    main, killed = os.getpid(), tmp_path / "killed"

    def fatal(item: int) -> Done:
        if os.getpid() != main:
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        while not killed.exists():
            """The other process has to get hold of some work."""
        return work(item)

    done = list(shared(fatal, range(ENOUGH), Done)) if pool.helpers(ENOUGH) else []
    assert {found.process for found in done} <= {main}
    assert sorted(found.item for found in done) == list(range(len(done)))


def test_an_error_in_any_process_is_raised_here() -> None:
    def failing(item: int) -> Done:
        if item == ENOUGH:
            raise ValueError(str(item))
        return work(item)

    with pytest.raises(ValueError, match=str(ENOUGH)):
        list(shared(failing, range(ENOUGH * 2), Done))


def test_progress_is_told_up_to_the_end_and_not_beyond() -> None:
    told: list[tuple[int, int]] = []
    list(shared(work, range(100), Done, lambda done, total: told.append((done, total))))
    assert told[-1] == (100, 100)
    assert told == sorted(told)

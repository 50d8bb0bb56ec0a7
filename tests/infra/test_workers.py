from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
from tests.forks import descriptors, refuse_forks

from vaultsync.infra import workers
from vaultsync.infra.workers import ENOUGH, shared

pytestmark = [
    pytest.mark.forks,
    pytest.mark.skipif(
        sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1,
        reason="nobody helps on one CPU, and on other systems",
    ),
]
MOMENT = 0.0005
SOME = 40


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

    done = list(shared(fatal, range(ENOUGH), Done))
    assert {found.process for found in done} == {main}
    assert sorted(found.item for found in done) == list(range(ENOUGH))


def test_what_a_process_brought_before_it_was_killed_is_not_done_again(tmp_path: Path) -> None:
    main, taken, killed = os.getpid(), [], tmp_path / "killed"

    def fatal(item: int) -> Done:
        taken.append(item)
        if os.getpid() != main and len(taken) > SOME:
            killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        while os.getpid() == main and not killed.exists():
            """Others have to get hold of some work."""
        return work(item)

    done = list(shared(fatal, range(ENOUGH), Done))
    assert sorted(found.item for found in done) == list(range(ENOUGH))
    others = sum(found.process != main for found in done)
    assert 0 < others <= SOME * workers.worker_count(ENOUGH)


# In a process of its own, since none helps where a thread of another test is still there. The first
# one waits until another one has done so many items that some part of the work is whole; that one
# waits until the first one has taken a part.
SHARED_WORK = f"""
import os, sys
from pathlib import Path
import msgspec
from vaultsync.infra.workers import shared

class Done(msgspec.Struct):
    process: int

main, taken, folder = os.getpid(), [], Path(sys.argv[1])
begun, flag = folder / "begun", folder / "flag"

def work(item):
    taken.append(item)
    if os.getpid() == main:
        begun.touch()
    elif len(taken) == {SOME}:
        while not begun.exists():
            pass
        flag.touch()
    while os.getpid() == main and not flag.exists():
        pass
    return Done(os.getpid())

print(main, *(done.process for done in shared(work, range({ENOUGH * 2}), Done)))
"""


def test_results_of_others_come_while_there_is_work_left(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SHARED_WORK, str(tmp_path)]
    main, *found = subprocess.run(command, capture_output=True, check=True).stdout.split()
    first = found.index(next(process for process in found if process != main))
    assert main in found[:first]
    assert first < SOME


def test_who_takes_no_more_results_waits_for_no_more_work(tmp_path: Path) -> None:
    def noted(item: int) -> Done:
        time.sleep(MOMENT)
        (tmp_path / str(item)).touch()
        return work(item)

    before = descriptors()
    results = shared(noted, range(ENOUGH * 10), Done)
    next(results)
    results.close()
    assert descriptors() == before
    assert len(list(tmp_path.iterdir())) < ENOUGH * 5


def test_no_descriptor_stays_open() -> None:
    before = descriptors()
    list(shared(work, range(ENOUGH * 2), Done))
    assert descriptors() == before


def test_without_another_process_the_work_is_done_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refuse_forks(monkeypatch)
    before = descriptors()
    done = list(shared(work, range(ENOUGH), Done))
    assert descriptors() == before
    assert sorted(found.item for found in done) == list(range(ENOUGH))


def test_signals_of_children_may_be_ignored() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        done = list(shared(work, range(ENOUGH), Done))
    finally:
        signal.signal(signal.SIGCHLD, before)
    assert sorted(found.item for found in done) == list(range(ENOUGH))


def test_an_error_in_any_process_is_raised_here() -> None:
    def failing(item: int) -> Done:
        if item == ENOUGH:
            raise ValueError(str(item))
        return work(item)

    with pytest.raises(ValueError, match=str(ENOUGH)):
        list(shared(failing, range(ENOUGH * 2), Done))


@pytest.mark.parametrize("count", [100, ENOUGH * 3])
def test_progress_is_told_up_to_the_end_and_not_beyond(count: int) -> None:
    told: list[tuple[int, int]] = []
    helped = workers.worker_count(count) > 0
    assert helped is (count >= ENOUGH)
    list(shared(work, range(count), Done, lambda done, total: told.append((done, total))))
    assert told == sorted(told)
    assert all(done <= total == count for done, total in told)
    # The last parts, or all of them, may be those of others.
    assert helped or told[-1] == (count, count)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_result_that_is_not_whole_is_not_taken() -> None:
    queue, filling = os.pipe()
    os.write(filling, bytes([3, 2]))
    os.close(filling)
    worker = workers._Worker(bytes, queue)
    worker.join()
    file = worker._file.fileno()
    os.truncate(file, os.fstat(file).st_size - 1)
    assert list(worker.results()) == [(3, bytes(3))]
    worker.close()
    os.close(queue)

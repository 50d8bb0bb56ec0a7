from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
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


def test_a_result_that_is_not_whole_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_forks(monkeypatch)
    team = workers._Team()
    with pytest.raises(OSError, match="no more processes"):
        team.start(1)
    team.end_others()
    team.rank = 1
    for number in (3, 2):
        team.write(number, bytes(number))
    file = team._files[1].fileno()
    os.truncate(file, os.fstat(file).st_size - 1)
    assert list(team.results(1)) == [(3, bytes(3))]
    team.rank = 0
    team.end_others()
    team.close()


class Seen(msgspec.Struct, array_like=True):
    """What a process has seen of the work before."""

    item: int
    process: int
    before: int


@pytest.fixture(params=[2, 4])
def processors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return on how many processors this process believes to run."""
    count: int = request.param
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(count)))
    return count


def two_pieces() -> tuple[dict[int, int], list[Seen]]:
    """Share two pieces of work: the second one has other items too."""
    first = {one.item: one.process for one in shared(work, range(SOME), Done, for_all=True)}

    def look(item: int) -> Seen:
        return Seen(item, os.getpid(), len(first))

    return first, list(shared(look, range(SOME * 2), Seen))


@pytest.mark.usefixtures("processors")
def test_in_a_program_each_process_has_all_results() -> None:
    before = descriptors()
    first, second = workers.together(two_pieces, ENOUGH)
    assert sorted(first) == list(range(SOME))
    assert sorted(one.item for one in second) == list(range(SOME * 2))
    assert all(one.before == SOME for one in second)
    assert descriptors() == before
    assert not workers.is_together()


@pytest.mark.usefixtures("processors")
def test_what_a_task_shares_is_its_own() -> None:
    def nested(item: int) -> Seen:
        done = list(shared(work, range(item % 3), Done))
        return Seen(item, os.getpid(), sum(one.process == os.getpid() for one in done))

    def program() -> list[Seen]:
        return list(shared(nested, range(SOME), Seen))

    found = workers.together(program, ENOUGH)
    assert sorted((one.item, one.before) for one in found) == [(n, n % 3) for n in range(SOME)]


@pytest.mark.usefixtures("processors")
def test_who_had_an_item_gets_it_again(tmp_path: Path) -> None:
    main, first, other = os.getpid(), tmp_path / "first", tmp_path / "other"

    def taken(item: int) -> Done:
        (first if os.getpid() == main else other).touch()
        while not (first.exists() and other.exists()):
            """Two processes have to get hold of some work."""
        return work(item)

    def program() -> tuple[set[int], dict[int, int], dict[object, int]]:
        found = list(shared(taken, range(SOME), Done, for_all=True))
        assert workers._team is not None
        again = workers._team.tasks(range(SOME))
        owners = {item: task.owner or 0 for task in again for item in task.items}
        return {one.process for one in found}, owners, workers._team.owners

    processes, given, owners = workers.together(program, ENOUGH)
    assert len(processes) > 1
    assert given == owners
    assert len(set(owners.values())) == len(processes)


@pytest.mark.usefixtures("processors")
@pytest.mark.parametrize("piece", [1, 2])
def test_a_program_goes_on_where_a_process_is_lost(piece: int) -> None:
    main, before = os.getpid(), descriptors()

    def program() -> list[list[int]]:
        def fatal(number: int, item: int) -> Done:
            if number == piece and os.getpid() != main:
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(MOMENT)
            return work(item)

        return [
            sorted(
                one.item for one in shared(partial(fatal, number), range(SOME), Done, for_all=True)
            )
            for number in range(4)
        ]

    assert workers.together(program, ENOUGH) == [list(range(SOME))] * 4
    assert descriptors() == before


@pytest.mark.usefixtures("processors")
def test_an_error_ends_the_program_in_all_processes(tmp_path: Path) -> None:
    main, before = os.getpid(), descriptors()

    def program() -> None:
        list(shared(work, range(SOME), Done, for_all=True))
        if os.getpid() == main:
            raise ValueError("here")
        (tmp_path / str(os.getpid())).touch()
        time.sleep(60)

    with pytest.raises(ValueError, match="here"):
        workers.together(program, ENOUGH)
    assert descriptors() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, 0)


def test_what_is_left_for_afterwards_is_done_once(tmp_path: Path) -> None:
    def note() -> None:
        with (tmp_path / "notes").open("a") as file:
            file.write(f"{os.getpid()} ")

    def program() -> int:
        workers.afterwards(note)
        assert workers.is_together()
        return len(list(shared(work, range(SOME), Done)))

    workers.afterwards(note)
    assert workers.together(program, ENOUGH) == SOME
    assert (tmp_path / "notes").read_text().split() == [str(os.getpid())] * 2


def test_a_fork_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(4)))
    forks, fork = iter([True]), os.fork

    def refused() -> int:
        if next(forks, None):
            return fork()
        raise BlockingIOError

    monkeypatch.setattr(os, "fork", refused)
    before = descriptors()
    done = list(shared(work, range(ENOUGH), Done))
    assert {one.process for one in done} == {os.getpid()}
    assert descriptors() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, 0)


def test_without_a_place_for_results_the_work_is_done_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    before = descriptors()
    done = list(shared(work, range(ENOUGH), Done))
    assert {one.process for one in done} == {os.getpid()}
    assert descriptors() == before


@pytest.mark.parametrize("room", [0, 10, 2000])
def test_where_no_space_is_left_the_first_process_goes_on(room: int) -> None:
    before, limits = descriptors(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        first, second = workers.together(two_pieces, ENOUGH)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert sorted(first) == list(range(SOME))
    assert sorted(one.item for one in second) == list(range(SOME * 2))
    assert descriptors() == before

"""Share work among a few processes where there is enough of it to pay for them.

`shared` starts them for one piece of work. Where several pieces follow each other, `together`
starts them once, and each runs the whole program: it has in memory what came of its own parts.
"""

from __future__ import annotations

import errno
import os
import signal
import struct
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import FileIO
from itertools import chain, pairwise, permutations
from typing import Generic, NamedTuple, TypeVar

import msgspec

from vaultsync.infra.interrupts import signals_held

Item = TypeVar("Item")
Value = TypeVar("Value")
Result = TypeVar("Result", bound=msgspec.Struct)
# Called with how many of how many items are done.
Report = Callable[[int, int], None]

# So many items take longer than it takes to start a process.
ENOUGH = 400
_MOST_PROCESSES = 4
# So many tasks are divided evenly enough.
_MOST_TASKS = 256
# The number of a task in a queue.
_NUMBER = struct.Struct("=H")
# The number of the piece of work, that of a task of it, and the size of its results in bytes.
_HEADER = struct.Struct("=IIQ")


class _Task(NamedTuple, Generic[Item]):
    """Items, and the process that has to work on them: None where nobody had them before."""

    items: Sequence[Item]
    owner: int | None


class _Team:
    """Processes with the same program, of which each does a part of the work that is shared.

    `rank` is the number of this one, and 0 that of the first. A process writes its results to a
    file: a pipe would be full, and it would wait, until another one reads.
    """

    def __init__(self) -> None:
        """Be the first process, alone."""
        self.rank, self.rest = 0, list[Callable[[], object]]()
        self.others, self._processes = list[int](), list[int]()
        self._round, self.owners = 0, dict[object, int]()
        self._files: list[FileIO] = []
        self._read: list[int] = []
        self._pipes: dict[tuple[int, int], tuple[int, int]] = {}
        # The ends of the pipes that are open here.
        self._ends: set[int] = set()
        self._queues: list[tuple[int, int]] = []
        self._add_queue()
        # The tasks of the first piece of work have no owner.
        self._fill(0, range(_MOST_TASKS))

    def _add_queue(self) -> None:
        self._queues.append(os.pipe())
        os.set_blocking(self._queues[-1][0], False)

    def start(self, others: int) -> None:
        """Start so many other processes; raise `OSError` where that fails."""
        ranks = range(1 + others if others else 0)
        for rank in ranks:
            # Without a buffer, a failure is seen where it happens.
            self._files.append(tempfile.TemporaryFile(buffering=0))  # noqa: SIM115 - see `close`
            self._read.append(0)
            if rank:
                self._add_queue()
        for pair in permutations(ranks, 2):
            self._pipes[pair] = os.pipe()
            self._ends.update(self._pipes[pair])
        self.others = list(ranks[1:])
        try:
            with signals_held():
                self._fork()
        finally:
            # With an end of a pipe of others it would not be seen that one of these has ended.
            for (sender, reader), (end, start) in self._pipes.items():
                for number, process in ((end, reader), (start, sender)):
                    if process != self.rank:
                        self._ends.remove(number)
                        os.close(number)

    def _fork(self) -> None:
        for rank in tuple(self.others):
            process = os.fork()
            if not process:
                self.rank, self._processes = rank, []
                self.others = [0, *(other for other in self.others if other != rank)]
                return
            self._processes.append(process)

    def close(self) -> None:
        """End the others; a process that is not the first one ends itself."""
        if self.rank:
            # Without an error message, and without what the first process has still to write.
            os._exit(0)
        self.end_others()
        for end in chain.from_iterable(self._queues):
            os.close(end)
        for file in self._files:
            file.close()

    def end_others(self) -> None:
        """Kill the other processes that are left: this one is alone from here on."""
        for process in self._processes:
            # Where signals of children are ignored, it is gone without being waited for.
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(process, signal.SIGKILL)
                os.waitpid(process, 0)
        while self._ends:
            os.close(self._ends.pop())
        self._processes, self.others, self.owners = [], [], {}

    def tasks(self, items: Sequence[Item]) -> list[_Task[Item]]:
        """Return items that nobody had before, near each other, and then those of each process."""
        groups: dict[int | None, list[Item]] = {}
        for item in items:
            groups.setdefault(self.owners.get(item), []).append(item)
        found: list[_Task[Item]] = []
        for owner in (None, *range(1 + len(self.others))):
            group = groups.get(owner, [])
            count = min(_MOST_TASKS, len(group))
            bounds = [len(group) * number // count for number in range(count + 1)] if count else []
            found += [_Task(group[start:end], owner) for start, end in pairwise(bounds)]
        return found

    def begin(self, tasks: Sequence[_Task[Item]]) -> None:
        """Put the tasks of this process into its queue, with its share of those without owner."""
        self._round += 1
        size, is_first = 1 + len(self.others), self._round == 1
        for number, (_, owner) in enumerate(tasks):
            if (number % size if owner is None and not is_first else owner) == self.rank:
                self._fill(self.rank, [number])

    def _fill(self, rank: int, numbers: Iterable[int]) -> None:
        os.write(self._queues[rank][1], b"".join(map(_NUMBER.pack, numbers)))

    def own(self, tasks: Sequence[_Task[Item]]) -> Iterator[int]:
        """Yield the numbers of tasks of this process, then those that others have still to do."""
        for rank in (self.rank, *self.others):
            with suppress(BlockingIOError):
                while task := os.read(self._queues[rank][0], _NUMBER.size):
                    (number,) = _NUMBER.unpack(task)
                    if number < len(tasks):
                        yield number

    def do_rest(self) -> None:
        """Do what was left for afterwards."""
        while self.rest:
            self.rest.pop(0)()

    def write(self, number: int, data: bytes) -> None:
        """Write the results of a task for the other processes."""
        record = _HEADER.pack(self._round, number, len(data)) + data
        if self._files[self.rank].write(record) < len(record):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def results(self, rank: int) -> Iterator[tuple[int, bytes]]:
        """Yield those results of another process that are complete by now and were not before."""
        file = self._files[rank].fileno()
        while len(header := os.pread(file, _HEADER.size, self._read[rank])) == _HEADER.size:
            made_in, number, size = _HEADER.unpack(header)
            data = os.pread(file, size, self._read[rank] + _HEADER.size)
            # It may already do the next piece of work.
            if len(data) < size or made_in > self._round:
                break
            self._read[rank] += _HEADER.size + size
            if made_in == self._round:
                yield number, data

    def wait(self) -> bool:
        """Wait until all have done their part; return whether none was lost.

        No process begins the next piece of work before, which the others would take for this one.
        """
        for other in self.others:
            # It is seen below that the other one has ended.
            with suppress(BrokenPipeError):
                os.write(self._pipes[self.rank, other][1], b".")
        return all(os.read(self._pipes[other, self.rank][0], 1) for other in self.others)


class _Round(Generic[Item, Result]):
    """One piece of work that a team shares, in this process."""

    def __init__(
        self,
        team: _Team,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        kind: type[Result],
    ) -> None:
        """Divide the work into tasks."""
        self._team, self._work, self._count = team, work, len(items)
        self._tasks = team.tasks(items)
        self._left = dict(enumerate(self._tasks))
        self._decode = msgspec.msgpack.Decoder(list[kind]).decode  # type: ignore[valid-type]

    def results(self, report: Report | None, *, for_all: bool) -> Generator[Result, None, None]:
        """Yield the results as `shared` does, those of others where this process needs them."""
        team = self._team
        takes = for_all or not team.rank
        team.begin(self._tasks)
        if not for_all:
            # The others go on meanwhile, and do what is left then.
            team.do_rest()
        for number in team.own(self._tasks):
            found = self._done(number)
            if team.others and (for_all or team.rank):
                yield from self._send(number, found)
            yield from found
            if takes:
                yield from self._received()
            if report and not team.rank:
                done = len(self._tasks) - len(self._left)
                report(self._count * done // len(self._tasks), self._count)
        yield from self._rest(takes=takes)

    def _rest(self, *, takes: bool) -> Iterator[Result]:
        """Yield what others have done in the end, and the results of what nobody has."""
        complete = self._team.wait()
        if takes:
            yield from self._received()
        if not complete:
            # Not all know what the lost process has done: only the first one goes on.
            if self._team.rank:
                self._team.close()
            self._team.end_others()
        if not self._team.rank:
            for number in tuple(self._left):
                yield from self._done(number)

    def _send(self, number: int, found: list[Result]) -> Iterator[Result]:
        """Send the results of a task to the others; without them go on where that fails."""
        try:
            self._team.write(number, msgspec.msgpack.encode(found))
        except (UnicodeEncodeError, OSError):
            # A name on disk that is not UTF-8, or no space for the results.
            if self._team.rank:
                raise
            yield from self._received()
            self._team.end_others()

    def _done(self, number: int) -> list[Result]:
        self._take(number, self._team.rank)
        return [self._work(item) for item in self._tasks[number].items]

    def _received(self) -> Iterator[Result]:
        for rank in self._team.others:
            for number, data in self._team.results(rank):
                self._take(number, rank)
                yield from self._decode(data)

    def _take(self, number: int, rank: int) -> None:
        for item in self._left.pop(number).items:
            # Who did it first has what came of it, whoever goes on with it now.
            self._team.owners.setdefault(item, rank)


@contextmanager
def _started(others: int) -> Iterator[_Team]:
    team = _Team()
    try:
        # Without others this process does all tasks.
        try:
            team.start(others)
        except OSError:
            team.end_others()
        yield team
    finally:
        team.close()


# The team that this process is in.
_team: _Team | None = None


def together(program: Callable[[], Value], count: int) -> Value:
    """Run a program that works on so many items, in this process and in workers.

    What the program shares is divided among them. It must do the same in each of them, and change
    nothing that is not in memory, except by `afterwards`. The value is that of this process.
    """
    global _team  # noqa: PLW0603 - what is shared need not know whether others run the program
    with _started(worker_count(count)) as team:
        _team = team
        try:
            value = program()
        finally:
            _team = None
    team.do_rest()
    return value


def is_together() -> bool:
    """Whether several processes may run this program."""
    return _team is not None


def afterwards(rest: Callable[[], object]) -> None:
    """Call a function in the first process alone, when no other one has to wait for that."""
    if _team is None:
        rest()
    elif not _team.rank:
        _team.rest.append(rest)


def shared(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    kind: type[Result],
    report: Report | None = None,
    *,
    for_all: bool = False,
    size: int | None = None,
) -> Generator[Result, None, None]:
    """Yield the result of the work on each item, in no order, while workers continue.

    Workers are forked, so `work` may refer to anything; only its results, of the given kind, are
    sent: to the first process, or `for_all` to each that runs the same program. A task that fails
    in a worker is done again in the first process, which raises the error. `size` is how many items
    take as long, where each takes longer than usual.
    """
    if _team is not None:
        yield from _Round(_team, work, items, kind).results(report, for_all=for_all)
        return
    most = max(len(items) - 1, 0)
    with _started(min(most, worker_count(len(items) if size is None else size))) as team:
        found = _Round(team, work, items, kind).results(report, for_all=False)
        if team.rank:
            deque(found, maxlen=0)
        else:
            yield from found


def worker_count(items: int) -> int:
    """Return how many workers help with so many items."""
    if items < ENOUGH or not can_fork():
        return 0
    return min(len(os.sched_getaffinity(0)), _MOST_PROCESSES) - 1


def can_fork() -> bool:
    """Whether another process can be forked that runs at the same time as this one."""
    # On a Mac a forked process may be stopped by the system's own libraries.
    if not hasattr(os, "fork") or sys.platform == "darwin":
        return False
    # Other systems do not show on how many processors this process may run.
    if not hasattr(os, "sched_getaffinity"):
        return False
    # A process that is forked beside a thread may wait for ever for what the thread holds.
    return threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1

"""Share work among a few processes where there is enough of it to pay for them."""

from __future__ import annotations

import os
import signal
import struct
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NoReturn, TypeVar

import msgspec

from vaultsync.infra.interrupts import SIGNALS, signals_held

Item = TypeVar("Item")
Result = TypeVar("Result", bound=msgspec.Struct)
# Called with how many of how many items are done.
Report = Callable[[int, int], None]

# So many items take longer than it takes to start a process.
ENOUGH = 400
_MOST_PROCESSES = 4
# The number of a task is one byte.
_MOST_TASKS = 256
# The number of a task and the size of its results in bytes.
_HEADER = struct.Struct("=BQ")


def shared(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    kind: type[Result],
    report: Report | None = None,
) -> Generator[Result, None, None]:
    """Yield the result of the work on each item, in no order, while workers continue.

    Workers are forked, so `work` may refer to anything; only its results, of the given kind, are
    sent. A task that fails in a worker is done again in this process, which raises the error.
    """
    tasks = max(1, min(_MOST_TASKS, len(items)))
    decode = msgspec.msgpack.Decoder(list[kind]).decode  # type: ignore[valid-type]
    left = set(range(tasks))

    def done(task: int) -> list[Result]:
        return [work(item) for item in _neighbours(items, task, tasks)]

    def received() -> Iterator[Result]:
        for task, data in (result for worker in workers for result in worker.results()):
            left.remove(task)
            yield from decode(data)

    def encoded(task: int) -> bytes:
        return msgspec.msgpack.encode(done(task))

    with _started(encoded, tasks, worker_count(len(items))) as (queue, workers):
        for task in _taken(queue):
            left.remove(task)
            yield from done(task)
            yield from received()
            if report:
                report(len(items) * (tasks - len(left)) // tasks, len(items))
        for worker in workers:
            worker.join()
        yield from received()
    # The tasks of workers that failed or were killed.
    for task in left:
        yield from done(task)


def _neighbours(items: Sequence[Item], task: int, tasks: int) -> Sequence[Item]:
    """Return the items of a task: near each other in memory, of which a process copies its part."""
    start, end = (len(items) * number // tasks for number in (task, task + 1))
    return items[start:end]


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


def _taken(queue: int) -> Iterator[int]:
    """Yield the tasks that no other process took."""
    while task := os.read(queue, 1):
        yield task[0]


@contextmanager
def _started(
    work: Callable[[int], bytes], tasks: int, most: int
) -> Iterator[tuple[int, list[_Worker]]]:
    """Start up to so many workers; yield the queue of tasks, and the workers.

    At the end, tasks that are still in the queue are not begun, and workers that are left killed.
    """
    queue, filling = os.pipe()
    os.write(filling, bytes(range(tasks)))
    os.close(filling)
    workers: list[_Worker] = []
    try:
        # Without workers this process does all tasks.
        with suppress(OSError), signals_held():
            for _ in range(most):
                workers.append(_Worker(work, queue))  # noqa: PERF401 - those started before an error
        yield queue, workers
    finally:
        os.read(queue, _MOST_TASKS)
        os.close(queue)
        for worker in workers:
            worker.close()


class _Worker:
    """A process that does tasks until none is left, and writes their results to a file.

    A pipe would be full, and the process wait, until the first one reads.
    """

    def __init__(self, work: Callable[[int], bytes], queue: int) -> None:
        """Start it; raise `OSError` where that fails."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._read = 0
        try:
            self._process = os.fork()
        except OSError:
            self._file.close()
            raise
        if not self._process:
            self._run(work, queue)

    def _run(self, work: Callable[[int], bytes], queue: int) -> NoReturn:
        try:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            for task in _taken(queue):
                data = work(task)
                self._file.write(_HEADER.pack(task, len(data)) + data)
                self._file.flush()
        finally:
            # Without an error message, and without what the first process has still to write.
            os._exit(0)

    def results(self) -> Iterator[tuple[int, bytes]]:
        """Yield the results that are complete by now and were not before, each with its task."""
        file = self._file.fileno()
        while len(header := os.pread(file, _HEADER.size, self._read)) == _HEADER.size:
            task, size = _HEADER.unpack(header)
            data = os.pread(file, size, self._read + _HEADER.size)
            if len(data) < size:
                break
            self._read += _HEADER.size + size
            yield task, data

    def join(self) -> None:
        """Wait for its end."""
        if self._process:
            # Where signals of children are ignored, it is gone without being waited for.
            with suppress(ChildProcessError):
                os.waitpid(self._process, 0)
        self._process = 0

    def close(self) -> None:
        """Kill it where it still runs, and drop its results."""
        with suppress(ChildProcessError):
            if self._process and os.waitpid(self._process, os.WNOHANG) == (0, 0):
                os.kill(self._process, signal.SIGKILL)
                os.waitpid(self._process, 0)
        self._process = 0
        self._file.close()

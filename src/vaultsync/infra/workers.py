"""Share work among a few processes where there is enough of it to pay for them."""

from __future__ import annotations

import os
import struct
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NoReturn, TypeVar

import msgspec

Item = TypeVar("Item")
Result = TypeVar("Result", bound=msgspec.Struct)
# Told how many of how many items are done.
Report = Callable[[int, int], None]

# So many items take longer than it takes to start a process.
ENOUGH = 400
_MOST_PROCESSES = 4
# A number in one byte names a part of the work.
_MOST_PARTS = 256
# The number of a part, and its size in bytes.
_TOLD = struct.Struct("=BQ")


def shared(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    kind: type[Result],
    report: Report | None = None,
) -> Generator[Result, None, None]:
    """Yield what the work makes of each item, in no order, while others are still worked on.

    Processes are forked, so `work` may refer to anything; only its results, of the given kind,
    travel. What it raises in another process it raises again in this one, which then does that
    part itself.
    """
    parts = max(1, min(_MOST_PARTS, len(items)))
    decode = msgspec.msgpack.Decoder(list[kind]).decode  # type: ignore[valid-type]
    left = set(range(parts))

    def brought() -> Iterator[Result]:
        for part, data in (found for helper in helping for found in helper.brought()):
            left.remove(part)
            yield from decode(data)

    with _started(work, items, parts) as (queue, helping):
        for part in _parts(queue):
            left.remove(part)
            yield from [work(item) for item in items[part::parts]]
            yield from brought()
            if report:
                report(len(items) * (parts - len(left)) // parts, len(items))
        for helper in helping:
            helper.wait()
        yield from brought()
    # What a helper took on and did not bring, since it was killed.
    for part in left:
        yield from [work(item) for item in items[part::parts]]


def helpers(count: int) -> int:
    """Return how many processes help with so many items."""
    if count < ENOUGH or not can_fork():
        return 0
    return min(len(os.sched_getaffinity(0)), _MOST_PROCESSES) - 1


def can_fork() -> bool:
    """Whether another process can be forked that runs at the same time as this one."""
    # On a Mac a forked process may be stopped by the system's own libraries.
    if not hasattr(os, "fork") or sys.platform == "darwin":
        return False
    # Other systems do not tell on how many processors this process may run.
    if not hasattr(os, "sched_getaffinity"):
        return False
    # A process that is forked beside a thread may wait for ever for what the thread holds.
    return threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


def _parts(queue: int) -> Iterator[int]:
    """Yield the numbers of parts that no other process took."""
    while number := os.read(queue, 1):
        yield number[0]


@contextmanager
def _started(
    work: Callable[[Item], Result], items: Sequence[Item], parts: int
) -> Iterator[tuple[int, list[_Helper]]]:
    """Start as many helpers as there can be; yield the queue of the parts, and them.

    At the end, what is still in the queue is not begun.
    """
    queue, filling = os.pipe()
    os.write(filling, bytes(range(parts)))
    os.close(filling)
    helping: list[_Helper] = []
    try:
        # Without help the work is done all the same.
        with suppress(OSError):
            for _ in range(helpers(len(items))):
                helping.append(_Helper(work, items, queue, parts))  # noqa: PERF401 - as far as it goes
        yield queue, helping
    finally:
        for _ in _parts(queue):
            pass
        os.close(queue)
        for helper in helping:
            helper.close()


class _Helper:
    """A process that takes parts of the work until none is left, and brings one after the other."""

    def __init__(
        self, work: Callable[[Item], Result], items: Sequence[Item], queue: int, parts: int
    ) -> None:
        """Start it; raise `OSError` where that cannot be."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._process = self._read = 0
        # Here it says which part is in the file by now, and how long that is.
        self._told, telling = os.pipe()
        os.set_blocking(self._told, False)
        try:
            self._process = os.fork()
            if not self._process:
                self._work(work, items, queue, parts, telling)
        except OSError:
            self.close()
            raise
        finally:
            os.close(telling)

    def _work(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        queue: int,
        parts: int,
        telling: int,
    ) -> NoReturn:
        try:
            for part in _parts(queue):
                data = msgspec.msgpack.encode([work(item) for item in items[part::parts]])
                self._file.write(data)
                self._file.flush()
                os.write(telling, _TOLD.pack(part, len(data)))
        finally:
            # Without a word, and without what the first process has still to write.
            os._exit(0)

    def brought(self) -> Iterator[tuple[int, bytes]]:
        """Yield the parts that are there by now and were not before, each with its number."""
        while told := self._message():
            part, size = _TOLD.unpack(told)
            yield part, os.pread(self._file.fileno(), size, self._read)
            self._read += size

    def _message(self) -> bytes:
        try:
            return os.read(self._told, _TOLD.size)
        except BlockingIOError:
            return b""

    def wait(self) -> None:
        """Wait for its end."""
        if self._process:
            # Where signals of children are ignored, it is gone without being waited for.
            with suppress(ChildProcessError):
                os.waitpid(self._process, 0)
        self._process = 0

    def close(self) -> None:
        """Wait for its end, and take nothing more from it."""
        self.wait()
        self._file.close()
        os.close(self._told)

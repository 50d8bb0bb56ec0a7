"""Share work among a few processes where there is enough of it to pay for them."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import IO, TypeVar

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


def shared(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    kind: type[Result],
    report: Report | None = None,
) -> list[Result]:
    """Return what the work makes of each item, in no order.

    Processes are forked, so `work` may refer to anything; only its results, of the given kind,
    travel. What it raises in another process it raises again in this one, which then does that
    part itself.
    """
    parts = max(1, min(_MOST_PARTS, len(items)))
    queue, filling = os.pipe()
    os.write(filling, bytes(range(parts)))
    os.close(filling)
    helping = [_helper(work, items, queue, parts) for _ in range(helpers(len(items)))]
    done: dict[int, list[Result]] = {}
    try:
        for part in _parts(queue):
            done[part] = [work(item) for item in items[part::parts]]
            if report:
                report(min(len(items), (part + 1) * len(items) // parts), len(items))
    finally:
        os.close(queue)
        for process, file in helping:
            done |= _results(process, file, kind)
    # What a helper took on and did not bring, since it was killed.
    for part in set(range(parts)) - done.keys():
        done[part] = [work(item) for item in items[part::parts]]
    return [result for results in done.values() for result in results]


def helpers(count: int) -> int:
    """Return how many processes help with so many items."""
    # On a Mac a forked process may be stopped by the system's own libraries.
    if count < ENOUGH or not hasattr(os, "fork") or sys.platform == "darwin":
        return 0
    # A process that is forked beside a thread may wait for ever for what the thread holds.
    if threading.active_count() > 1:
        return 0
    return min(len(os.sched_getaffinity(0)), _MOST_PROCESSES) - 1


def _parts(queue: int) -> Iterator[int]:
    """Yield the numbers of parts that no other process took."""
    while number := os.read(queue, 1):
        yield number[0]


def _helper(
    work: Callable[[Item], Result], items: Sequence[Item], queue: int, parts: int
) -> tuple[int, IO[bytes]]:
    """Start a process that takes parts of the work until none is left; return it and its file."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - read and closed by `_results`
    process = os.fork()
    if process:
        return process, file
    status = 1
    try:
        done = {part: [work(item) for item in items[part::parts]] for part in _parts(queue)}
        file.write(msgspec.msgpack.encode(done))
        file.flush()
        status = 0
    finally:
        # Without a word, and without what the first process has still to write.
        os._exit(status)


def _results(process: int, file: IO[bytes], kind: type[Result]) -> dict[int, list[Result]]:
    """Return what a process brought, nothing where it was killed."""
    with file:
        _, status = os.waitpid(process, 0)
        if status:
            return {}
        file.seek(0)
        found: dict[int, list[Result]] = msgspec.msgpack.decode(
            file.read(),
            type=dict[int, list[kind]],  # type: ignore[valid-type]
        )
        return found

"""Have something done in another process while this one does something else."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn, TypeVar

import msgspec

from vaultsync.pool import can_fork

Result = TypeVar("Result")


def aside(work: Callable[[], Result], kind: type[Result]) -> Callable[[], Result]:
    """Begin work, and return what waits for its result, which is to be called once.

    Where there can be no other process, or where that one brings no result of the given kind, the
    work is done when the result is asked for; so it raises in this process what it raises.
    """
    if not can_fork():
        return work
    receiving, sending = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(receiving)
        os.close(sending)
        return work
    if not process:
        _send(work, sending)
    os.close(sending)

    def result() -> Result:
        with os.fdopen(receiving, "rb") as brought:
            data = brought.read()
        # Where signals of children are ignored, it is gone without being waited for.
        with suppress(ChildProcessError):
            os.waitpid(process, 0)
        with suppress(msgspec.DecodeError):
            return msgspec.msgpack.decode(data, type=kind)
        return work()

    return result


def _send(work: Callable[[], Result], sending: int) -> NoReturn:
    try:
        with os.fdopen(sending, "wb") as brought:
            brought.write(msgspec.msgpack.encode(work()))
    finally:
        # Without a word, and without what the first process has still to write.
        os._exit(0)

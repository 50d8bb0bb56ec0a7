"""Have something done in another process while this one does something else."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, NoReturn, TypeVar

import msgspec

from vaultsync.infra.workers import can_fork

Result = TypeVar("Result")


class Aside(Generic[Result]):
    """Work that is done in another process.

    Where there can be no other process, or where that one brings no result of the given kind, the
    work is done when the result is asked for; so it raises in this process what it raises.
    """

    def __init__(self, work: Callable[[], Result], kind: type[Result]) -> None:
        """Begin."""
        self._work, self._kind = work, kind
        self._process = 0
        if can_fork():
            self._begin()

    def _begin(self) -> None:
        self._receiving, sending = os.pipe()
        try:
            self._process = os.fork()
        except OSError:
            os.close(self._receiving)
        else:
            if not self._process:
                _send(self._work, sending)
        os.close(sending)

    @property
    def is_under_way(self) -> bool:
        """Whether the result would have to be waited for by now."""
        return bool(self._process) and not select.select([self._receiving], [], [], 0)[0]

    def result(self) -> Result:
        """Return the result; to be called once."""
        if not self._process:
            return self._work()
        with os.fdopen(self._receiving, "rb") as brought:
            data = brought.read()
        # Where signals of children are ignored, it is gone without being waited for.
        with suppress(ChildProcessError):
            os.waitpid(self._process, 0)
        with suppress(msgspec.DecodeError):
            return msgspec.msgpack.decode(data, type=self._kind)
        return self._work()


def _send(work: Callable[[], Result], sending: int) -> NoReturn:
    try:
        with os.fdopen(sending, "wb") as brought:
            brought.write(msgspec.msgpack.encode(work()))
    finally:
        # Without a word, and without what the first process has still to write.
        os._exit(0)

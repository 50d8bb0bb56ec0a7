"""How work on many things is done: one after the other, unless a caller has processes to spare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import msgspec

Item = TypeVar("Item")
Result = TypeVar("Result", bound=msgspec.Struct)


class Share(Protocol):
    """Returns what the work makes of each item, in no order; results are of the given kind."""

    def __call__(
        self, work: Callable[[Item], Result], items: Sequence[Item], kind: type[Result], /
    ) -> list[Result]:
        """Do the work, which must not raise."""


def in_turn(
    work: Callable[[Item], Result], items: Sequence[Item], _kind: type[Result], /
) -> list[Result]:
    """Do the work here."""
    return [work(item) for item in items]

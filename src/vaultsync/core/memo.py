"""Results of pure functions, kept from one round of work to the next, and shared work."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

import msgspec

Value = TypeVar("Value")
Result = TypeVar("Result", bound=msgspec.Struct)
Made = TypeVar("Made", bound=msgspec.Struct)


class Share(Protocol):
    """Does work on many items, perhaps in several processes (`infra.workers.shared`)."""

    def __call__(
        self,
        work: Callable[[str], Result],
        items: Sequence[str],
        kind: type[Result],
        /,
        *,
        for_all: bool = False,
    ) -> Iterable[Result]:
        """Yield the results, of the given kind, in any order."""


def alone(
    work: Callable[[str], Result],
    items: Sequence[str],
    _kind: type[Result],
    /,
    *,
    for_all: bool = False,  # noqa: ARG001 - there are no others
) -> Iterable[Result]:
    """Do all work in this process."""
    return map(work, items)


class _Numbered(msgspec.Struct, Generic[Made], array_like=True):
    number: str
    made: Made


class Memo:
    """Results by function and arguments, which must be all that a result depends on.

    At the end of a round those go that it did not use, so that there are never more than one round
    needs.
    """

    def __init__(self, share: Share = alone) -> None:
        """Start with nothing; `share` does the work where many results are missing."""
        self._share = share
        self._before: Mapping[Hashable, Any] = {}
        self._now: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        """Return how many results are kept."""
        return len(self._before.keys() | self._now.keys())

    def end_round(self) -> None:
        """Drop what was not used since the last call."""
        self._before, self._now = self._now, {}

    def __call__(self, function: Callable[..., Value], *arguments: Hashable) -> Value:
        """Return what the function returns for the arguments."""
        key = (function, *arguments)
        if key not in self._now:
            known = self._before
            self._now[key] = known[key] if key in known else function(*arguments)
        found: Value = self._now[key]
        return found

    def each(
        self, function: Callable[[str], Made], texts: Iterable[str], kind: type[Made]
    ) -> dict[str, Made]:
        """Return what the function returns for each of the texts, of the given kind."""
        keys = {text: (function, text) for text in texts}
        missing = [
            text for text, key in keys.items() if key not in self._now and key not in self._before
        ]

        def work(number: str) -> _Numbered[Made]:
            return _Numbered(number, function(missing[int(number)]))

        numbers = [str(number) for number in range(len(missing))]
        for one in self._share(work, numbers, _Numbered[kind]):  # type: ignore[valid-type]
            self._now[keys[missing[int(one.number)]]] = one.made
        return {text: self(function, text) for text in keys}

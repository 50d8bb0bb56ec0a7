"""Results of pure functions, kept from one round of work to the next, and shared work."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
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
        size: int | None = None,
    ) -> Iterable[Result]:
        """Yield the results, of the given kind, in any order.

        `size` is how much work it is, counted in notes, if not that of so many items.
        """


def alone(
    work: Callable[[str], Result],
    items: Sequence[str],
    _kind: type[Result],
    /,
    *,
    for_all: bool = False,  # noqa: ARG001 - there are no others
    size: int | None = None,  # noqa: ARG001
) -> Iterable[Result]:
    """Do all work in this process."""
    return map(work, items)


class _Numbered(msgspec.Struct, Generic[Made], array_like=True):
    number: str
    made: Made


class Memo:
    """Values that depend on nothing but their keys and the settings, from earlier rounds of work.

    At the end of a round those go that it did not use, so that there are never more than one round
    needs.
    """

    def __init__(self, share: Share = alone) -> None:
        """Start with nothing; `share` does the work where many values are missing."""
        self.share, self._settings = share, object()
        self._before: dict[Hashable, Any] = {}
        self._now: dict[Hashable, Any] = {}

    @property
    def known(self) -> frozenset[Hashable]:
        """The keys of what is kept."""
        return frozenset(self._before.keys() | self._now.keys())

    def begin_round(self, settings: object) -> None:
        """Drop everything if it was made with other settings."""
        if settings != self._settings:
            self._settings, self._before, self._now = settings, {}, {}

    def end_round(self) -> None:
        """Drop what was not used in this round."""
        self._before, self._now = self._now, {}

    def find(self, key: Hashable) -> Any:
        """Return the value of a key, None where it is not known."""
        if key not in self._now and key in self._before:
            self._now[key] = self._before[key]
        return self._now.get(key)

    def keep(self, key: Hashable, value: Value) -> Value:
        """Keep the value of a key, and return it."""
        self._now[key] = value
        return value

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of a key, which is made where it is not known; it must not be None."""
        found: Value | None = self.find(key)
        return self.keep(key, make()) if found is None else found

    def each(
        self,
        function: Callable[[str], Made],
        texts: Iterable[str],
        kind: type[Made],
        times: int = 1,
    ) -> dict[str, Made]:
        """Return what a pure function returns for each of the texts, of the given kind.

        Each is as much work as so many `times` a note.
        """
        found = {text: self.find((function, text)) for text in texts}
        missing = [text for text, made in found.items() if made is None]

        def work(number: str) -> _Numbered[Made]:
            return _Numbered(number, function(missing[int(number)]))

        numbers, size = [str(number) for number in range(len(missing))], times * len(missing)
        for one in self.share(work, numbers, _Numbered[kind], size=size):  # type: ignore[valid-type]
            text = missing[int(one.number)]
            found[text] = self.keep((function, text), one.made)
        return found

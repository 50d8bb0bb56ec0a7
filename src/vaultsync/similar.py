"""Nearness of short texts: which of many names was probably meant."""

from __future__ import annotations

import difflib
import heapq
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

_SHORTLIST = 20
_CUTOFF = 0.7


class Names:
    """Names to search for the ones nearest to another. The first search builds the table."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names; nothing is computed yet."""
        self._names = names

    @cached_property
    def _table(self) -> tuple[list[str], dict[str, list[int]]]:
        names = sorted(set(self._names))
        table: dict[str, list[int]] = {}
        for number, name in enumerate(names):
            for pair in _pairs(name):
                table.setdefault(pair, []).append(number)
        return names, table

    def nearest(self, name: str, count: int = 1) -> list[str]:
        """Return up to `count` names that are near, the nearest first."""
        names, table = self._table
        shared: Counter[int] = Counter()
        for pair in _pairs(name):
            shared.update(table.get(pair, ()))
        # Of those that share as many pairs the first by name, not the first met.
        most = heapq.nsmallest(_SHORTLIST, shared.items(), key=lambda pair: (-pair[1], pair[0]))
        shortlist = {names[number].lower(): names[number] for number, _ in most}
        found = difflib.get_close_matches(name.lower(), shortlist, n=count, cutoff=_CUTOFF)
        return [shortlist[key] for key in found]


def _pairs(name: str) -> set[str]:
    padded = f" {name.lower()} "
    return {padded[at : at + 2] for at in range(len(padded) - 1)}

"""Which notes have each of some things, such as words, sources or links, and how rare these are."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

# A note, by path, with what it had and what it has.
Change = tuple[str, AbstractSet[str], AbstractSet[str]]
_NOBODY: frozenset[str] = frozenset()


class Holders:
    """The notes that have each thing, of so many notes: those of a version before, and changes.

    `reweighted` are the things whose weight is another than before.
    """

    def __init__(self, total: int, changes: Iterable[Change], before: Holders | None) -> None:
        """Apply the changes to a copy."""
        known: Mapping[str, AbstractSet[str]] = before.notes if before else {}
        self.total = max(2, total)
        copied: dict[str, set[str]] = {}
        for path, old, new in changes:
            one = {path}
            for name in old ^ new if old else new:
                notes = copied.get(name)
                if notes is None:
                    notes = copied[name] = set(known.get(name, ()))
                notes ^= one
        self.notes: dict[str, AbstractSet[str]] = {**known, **copied}
        self.reweighted: set[str] = set()
        for name, notes in copied.items():
            if _power(len(notes)) != _power(len(known.get(name, ()))):
                self.reweighted.add(name)
            if not notes:
                del self.notes[name]

    def has_size_of(self, other: Holders) -> bool:
        """Whether things that as many notes have count the same in both."""
        return _power(self.total) == _power(other.total)

    def of(self, name: str) -> AbstractSet[str]:
        """Return the notes that have a thing."""
        return self.notes.get(name, _NOBODY)

    def weight(self, name: str) -> float:
        """Return how much a thing counts: the more, the rarer it is.

        Numbers of notes count as powers of two, so that an edit changes few weights.
        """
        return _weight(_power(self.total) - _power(len(self.of(name))))

    def rarity(self, name: str) -> float:
        """Return how rare a thing is: 1 if one note has it, 0 if each has."""
        return 1 - math.log(max(1, len(self.of(name)))) / math.log(self.total)


@lru_cache(maxsize=4096)
def _power(count: int) -> int:
    return round(math.log2(max(1, count)))


@lru_cache(maxsize=64)
def _weight(powers: int) -> float:
    return math.log1p(2.0**powers)

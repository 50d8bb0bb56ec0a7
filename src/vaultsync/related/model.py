"""The notes of a vault as vectors of their words, and the links between them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from vaultsync.related.facts import Facts, Words

Vector = Mapping[str, float]
# Of more neighbours the mean changes little.
_MOST_NEIGHBOURS = 12
_MOST_IN_MIDDLE = 500


class Rarity:
    """How rare each of the things is that some notes have: 1 for one note's, 0 for every note's."""

    def __init__(self, sets: Iterable[Iterable[str]]) -> None:
        """Count them."""
        listed = [frozenset(one) for one in sets]
        self.counts = Counter(name for one in listed for name in one)
        self.total = max(2, len(listed))

    def of(self, name: str) -> float:
        """Return how rare a thing is."""
        return 1 - math.log(max(1, self.counts[name])) / math.log(self.total)


class Model:
    """What is compared, of all notes: `facts` and the notes that each is linked with, by path."""

    def __init__(self, facts: Mapping[str, Facts], links: Mapping[str, frozenset[str]]) -> None:
        """Bind the values; nothing is computed yet."""
        self.facts, self.links = facts, links
        self._vectors: dict[tuple[str, ...], Vector] = {}

    @cached_property
    def rarity(self) -> Rarity:
        """How rare the words are."""
        return Rarity(one.text.stems.split() for one in self.facts.values())

    @cached_property
    def work_rarity(self) -> Rarity:
        """How rare the sources are."""
        return Rarity((work.identity for work in one.works) for one in self.facts.values())

    @cached_property
    def author_rarity(self) -> Rarity:
        """How rare the authors are."""
        return Rarity(one.authors for one in self.facts.values())

    @cached_property
    def property_rarity(self) -> tuple[Rarity, ...]:
        """How rare the words of each property are."""
        columns = zip(*(one.properties for one in self.facts.values()), strict=True)
        return tuple(Rarity(words.stems.split() for words in column) for column in columns)

    def of_property(self, path: str, number: int) -> Vector:
        """Return the vector of the value of a property."""
        words, rarity = self.facts[path].properties[number], self.property_rarity[number]
        return self._kept(("property", path, str(number)), lambda: self.vector(words, rarity))

    def vector(self, words: Words, rarity: Rarity) -> Vector:
        """Return a text as a vector of length 1: how often it has each stem, and how rare that is.

        The tenth use of a word counts less than the second.
        """
        counts = Counter(words.stems.split())
        found = {
            one: (1 + math.log(count)) * math.log(1 + rarity.total / max(1, rarity.counts[one]))
            for one, count in counts.items()
        }
        return _unit(found)

    def of_text(self, path: str) -> Vector:
        """Return the vector of all words of a note."""
        return self._kept(("text", path), lambda: self.vector(self.facts[path].text, self.rarity))

    def of_claim(self, path: str) -> Vector:
        """Return the vector of a note's claim."""
        return self._kept(("claim", path), lambda: self.vector(self.facts[path].claim, self.rarity))

    def around(self, path: str) -> Vector:
        """Return the mean of the vectors of the notes that a note is linked with."""
        return self._kept(("around", path), lambda: self._around(path))

    def _around(self, path: str) -> Vector:
        chosen = sorted(self.links[path], key=lambda one: (len(self.links[one]), one))
        chosen = chosen[:_MOST_NEIGHBOURS]
        return _mean(map(self.of_text, chosen), len(chosen) + 1)

    @cached_property
    def _chosen(self) -> dict[str, None]:
        """The notes by which all are judged: in a large vault some of them."""
        return dict.fromkeys([*self.facts][:: 1 + len(self.facts) // _MOST_IN_MIDDLE])

    @cached_property
    def _middle(self) -> Vector:
        return _mean(map(self.of_text, self._chosen), len(self._chosen))

    def usual(self, path: str) -> float:
        """Return how similar a note is to the others on average."""
        own, count = int(path in self._chosen), len(self._chosen)
        total = dot(self.of_text(path), self._middle) * count - own
        return total / max(1, count - own)

    def _kept(self, key: tuple[str, ...], make: Callable[[], Vector]) -> Vector:
        if key not in self._vectors:
            self._vectors[key] = make()
        return self._vectors[key]


def dot(one: Vector, other: Vector) -> float:
    """Return the scalar product of two vectors."""
    if len(one) > len(other):
        one, other = other, one
    return math.fsum(weight * other[word] for word, weight in one.items() if word in other)


def _unit(vector: Vector) -> Vector:
    length = math.hypot(*vector.values()) or 1.0
    return {word: weight / length for word, weight in vector.items()}


def _mean(vectors: Iterable[Vector], count: int) -> Vector:
    total: dict[str, float] = {}
    for vector in vectors:
        for word, weight in vector.items():
            total[word] = total.get(word, 0.0) + weight / count
    return total

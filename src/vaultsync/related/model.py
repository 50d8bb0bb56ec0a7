"""The notes of a vault as vectors of their words, and the links between them."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property

from vaultsync.notes.link_index import LinkIndex
from vaultsync.related.facts import Facts
from vaultsync.related.holders import Holders
from vaultsync.related.links import Links

Vector = Mapping[str, float]
# Of more neighbours the mean changes little.
_MOST_NEIGHBOURS = 12
_MOST_IN_MIDDLE = 500


class Model:
    """What is compared, of all notes: `facts` by path, and the notes that each is linked with.

    It is made of a version before and of what differs; of none before, all differs. What was known
    then is kept where it would be the same now.
    """

    def __init__(
        self, facts: Mapping[str, Facts], index: LinkIndex, before: Model | None = None
    ) -> None:
        """Count what differs; vectors are made when they are needed."""
        old: Mapping[str, Facts] = before.facts if before else {}
        paths = old.keys() | facts.keys()
        changed = [path for path in paths if old.get(path) is not facts.get(path)]
        things = ((path, _things(old.get(path)), _things(facts.get(path))) for path in changed)
        self.facts: Mapping[str, Facts] = facts
        self.holders: Holders = Holders(len(facts), things, before.holders if before else None)
        self.links: Links = Links(facts, index, changed, before.links if before else None)
        self.texts: dict[str, Vector] = {}
        self.claims: dict[str, Vector] = {}
        self._similar: dict[tuple[str, str], float] = {}
        if before and before.holders.has_size_of(self.holders):
            stale = set(changed).union(*map(self.holders.of, self.holders.reweighted))
            self.texts = {p: one for p, one in before.texts.items() if p not in stale}
            self.claims = {p: one for p, one in before.claims.items() if p not in stale}

    def among(self, paths: frozenset[str]) -> Model:
        """Return the same, with the links among some of the notes alone."""
        other = copy(self)
        other.links = self.links.among(paths)
        return other

    def of_property(self, path: str, number: int) -> Vector:
        """Return the vector of the value of a property."""
        return self.vector(self.facts[path].property_stems(number))

    def vector(self, stems: Iterable[str]) -> Vector:
        """Return a text as a vector of length 1: how often it has each stem, and how rare that is.

        The tenth use of a word counts less than the second.
        """
        weight = self.holders.weight
        found = {
            stem: (1 + math.log(times)) * weight(stem) for stem, times in Counter(stems).items()
        }
        length = math.hypot(*found.values()) or 1.0
        return {stem: weight / length for stem, weight in found.items()}

    def of_text(self, path: str) -> Vector:
        """Return the vector of all words of a note."""
        if path not in self.texts:
            self.texts[path] = self.vector(self.facts[path].text.stems.split())
        return self.texts[path]

    def of_claim(self, path: str) -> Vector:
        """Return the vector of a note's claim."""
        if path not in self.claims:
            self.claims[path] = self.vector(self.facts[path].claim.stems.split())
        return self.claims[path]

    def similar(self, one: str, other: str) -> float:
        """Return how similar the words of two notes are."""
        pair = (one, other) if one < other else (other, one)
        if pair not in self._similar:
            self._similar[pair] = dot(*map(self.of_text, pair))
        return self._similar[pair]

    def around(self, one: str, other: str) -> float:
        """Return how similar a note is to those that the other one is linked with, on average."""
        nearest = self._nearest(other)
        return sum(self.similar(one, near) for near in nearest) / (len(nearest) + 1)

    def _nearest(self, path: str) -> list[str]:
        links = self.links
        return heapq.nsmallest(_MOST_NEIGHBOURS, links[path], lambda one: (len(links[one]), one))

    @cached_property
    def _chosen(self) -> dict[str, None]:
        """The notes by which all are judged: in a large vault some of them."""
        return dict.fromkeys([*self.facts][:: 1 + len(self.facts) // _MOST_IN_MIDDLE])

    @cached_property
    def _middle(self) -> Vector:
        total: dict[str, float] = {}
        for path in self._chosen:
            for word, weight in self.of_text(path).items():
                total[word] = total.get(word, 0.0) + weight
        return total

    def usual(self, path: str) -> float:
        """Return how similar a note is to the others on average."""
        own = path in self._chosen
        total = dot(self.of_text(path), self._middle) - own
        return total / max(1, len(self._chosen) - own)


def dot(one: Vector, other: Vector) -> float:
    """Return the scalar product of two vectors."""
    if len(one) > len(other):
        one, other = other, one
    return math.fsum(weight * other[word] for word, weight in one.items() if word in other)


def _things(facts: Facts | None) -> set[str]:
    return facts.things() if facts else set()

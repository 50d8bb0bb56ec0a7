"""Similarity of short texts: the names most similar to another, and claims that mean the same."""

from __future__ import annotations

import difflib
import functools
import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from operator import add
from typing import NamedTuple

_SHORTLIST = 20
_CUTOFF = 0.7
# Between what different claims on one subject have in common, and one claim in other words; among
# many claims more are alike by chance. `benchmarks/repeated_claims.py` measures it.
_ALIKE = 0.35
_MORE_AMONG_MANY = 0.065
_FEW = 50
_FEWEST = 5
_RAREST = 12
_MOST_TEXTS = 100
_WORD = re.compile(r"[^\W\d_]{2,}|\d+")
_ENDING = re.compile(
    r"(?<=\w{3})(?:[iy][sz](?:ations?|ed|es?|ing)|ations?|ities|ingly|ments?|ness|ings?|ity|ies|ied"
    r"|edly|ed|es|ly|s)$"
)
# Stop words.
_COMMON = frozenset(
    _WORD.findall(
        "about after all also an and any are as at be because before between both but by can do "
        "does each even every few for from had has have how if in into is it its just less many "
        "may might more most much must no not of off often on one only or other others out over "
        "own per rather same should so some still such than that the their them then there "
        "these they this those though to too two under up very was we were what when where "
        "which while who whose will with within without would yet you"
    )
)


class NameSearch:
    """Names to search for the ones nearest to another."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names; nothing is computed yet."""
        self._given = names

    @cached_property
    def _names(self) -> list[str]:
        return sorted(set(self._given))

    @cached_property
    def _by_pair(self) -> dict[str, list[int]]:
        """Numbers of names by the pairs of letters that they hold."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self._names):
            for pair in _pairs(name):
                found[pair].append(number)
        return found

    def nearest(self, name: str, count: int = 1) -> list[str]:
        """Return up to `count` names that are near, the nearest first."""
        wanted = name.lower()
        shortlist = {known.lower(): known for known in self._shortlist(name)}
        found = [(score, known) for known in shortlist if (score := _nearness(known, wanted))]
        return [shortlist[known] for _, known in sorted(found, reverse=True)[:count]]

    def _shortlist(self, name: str) -> list[str]:
        """Return the names that are worth a closer look: of many, those that share most pairs.

        Of those that share as many the first by name.
        """
        if len(self._names) <= _SHORTLIST:
            return self._names
        shared = Counter(chain.from_iterable(self._by_pair.get(pair, ()) for pair in _pairs(name)))
        most = heapq.nlargest(_SHORTLIST, sorted(shared), key=shared.__getitem__)
        return [self._names[number] for number in most]


def _pairs(name: str) -> set[str]:
    padded = f" {name.lower()} "
    return set(map(add, padded, padded[1:]))


@functools.lru_cache(maxsize=256)
def _nearness(one: str, other: str) -> float:
    """Return how near two texts are, from 0 to 1; 0 for what is under the cutoff.

    Notes that come from one template have the same headings, and lack the same one.
    """
    # What they can have in common at most, by their lengths, and by their letters in any order.
    both = len(one) + len(other)
    if 2 * min(len(one), len(other)) < _CUTOFF * both or 2 * _shared(one, other) < _CUTOFF * both:
        return 0.0
    score = difflib.SequenceMatcher(None, one, other).ratio()
    return score if score >= _CUTOFF else 0.0


def _shared(one: str, other: str) -> int:
    """Return how many letters the two have in common, at any place."""
    letters = set(one)
    return sum(map(min, map(one.count, letters), map(other.count, letters)))


class SimilarPair(NamedTuple):
    """Two texts that mean nearly the same; the score is above 0 and at most 1."""

    score: float
    names: tuple[str, str]


def similar_texts(texts: Mapping[str, str]) -> tuple[SimilarPair, ...]:
    """Return the pairs of texts that mean nearly the same, those with the highest score first.

    The score is the cosine of the texts as vectors of their stems, each weighted by how rare it
    is. Texts of fewer than five stems that count are left out. Only pairs that share two of their
    rarest stems are compared, so that the time grows with the number of texts and not with its
    square.
    """
    stems = {name: found for name in sorted(texts) if len(found := _stems(texts[name])) >= _FEWEST}
    counts = Counter(stem for found in stems.values() for stem in found)
    vectors = {name: _vector(found, counts, len(stems)) for name, found in stems.items()}
    scored = (
        SimilarPair(_cosine(vectors[one], vectors[other]), (one, other))
        for one, other in _candidates(stems, counts)
    )
    least = _ALIKE + _MORE_AMONG_MANY * math.log10(max(len(stems), _FEW) / _FEW)
    alike = (pair for pair in scored if pair.score >= least)
    return tuple(sorted(alike, key=lambda pair: (-pair.score, pair.names)))


def _stems(text: str) -> frozenset[str]:
    words = _WORD.findall(text.lower())
    return frozenset(_ENDING.sub("", word) for word in words if word not in _COMMON)


def _vector(stems: frozenset[str], counts: Mapping[str, int], texts: int) -> dict[str, float]:
    weights = {stem: math.log(1 + texts / counts[stem]) for stem in sorted(stems)}
    length = math.hypot(*weights.values())
    return {stem: weight / length for stem, weight in weights.items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return min(1.0, math.fsum(weight * other.get(stem, 0.0) for stem, weight in one.items()))


def _candidates(
    stems: Mapping[str, frozenset[str]], counts: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    seen: dict[str, list[str]] = {}
    for name, found in stems.items():
        shared = [(counts[stem], stem) for stem in found if 1 < counts[stem] <= _MOST_TEXTS]
        rare = [stem for _, stem in sorted(shared)[:_RAREST]]
        met = Counter(other for stem in rare for other in seen.get(stem, ()))
        yield from ((other, name) for other, times in met.items() if times > 1)
        for stem in rare:
            seen.setdefault(stem, []).append(name)

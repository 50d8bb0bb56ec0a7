"""Similarity of short texts: the names most similar to another, and claims that mean the same."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

_MOST_EDITS = 2
# So few names are compared one by one.
_FEW_NAMES = 20
# What is never misspelt: another number or month means something else.
_FIXED = re.compile(
    r"\d+|\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri"
    r"|satur|sun)day)\b"
)
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
    """Names to search for the one that another is probably a misspelling of."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names; nothing is computed yet."""
        self._given = names

    @cached_property
    def _names(self) -> dict[str, str]:
        """The names by their folded forms; of those with the same form the first."""
        return {name.lower(): name for name in sorted(set(self._given), reverse=True)}

    @cached_property
    def _by_piece(self) -> dict[tuple[int, int], dict[str, list[str]]]:
        """Folded names by their length and the number of a piece, then by its text."""
        lengths: defaultdict[int, list[str]] = defaultdict(list)
        for name in self._names:
            lengths[len(name)].append(name)
        found: defaultdict[tuple[int, int], dict[str, list[str]]] = defaultdict(dict)
        for length, names in lengths.items():
            for number, (start, end) in enumerate(_pieces(length)):
                pieces = found[length, number]
                for name in names:
                    pieces.setdefault(name[start:end], []).append(name)
        return found

    def nearest(self, name: str) -> str | None:
        """Return the name that another is a misspelling of, None where there is none.

        That is the one with the fewest edits between them, of several the first. A known name of
        six characters or more may be one edit away, one of twelve two; numbers and months are
        never misspelt, or a date would be another's.
        """
        wanted = name.lower()
        letters, fixed = set(wanted), _FIXED.findall(wanted)
        found = [
            (edits, known)
            for known in self._shortlist(wanted)
            # An edit changes at most two of the letters that are there at all.
            if len(letters.symmetric_difference(known)) <= 2 * _MOST_EDITS
            and (edits := _edits(known, wanted)) <= _limit(len(known))
            and _FIXED.findall(known) == fixed
        ]
        return self._names[min(found)[1]] if found else None

    def _shortlist(self, wanted: str) -> Iterable[str]:
        """Return the folded names worth a closer look: those of like length with a common piece."""
        size = len(wanted)
        lengths = range(max(1, size - _MOST_EDITS), size + _MOST_EDITS + 1)
        if len(self._names) <= _FEW_NAMES:
            return [name for name in self._names if len(name) in lengths]
        found: set[str] = set()
        for length in lengths:
            moves = range(-_limit(length), _limit(length) + 1)
            for number, (start, end) in enumerate(_pieces(length)):
                names = self._by_piece[length, number]
                for move in moves:
                    found.update(names.get(wanted[max(0, start + move) : end + move], ()))
        return found


def of_like_length(names: Iterable[str], wanted: str) -> list[str]:
    """Return the names that may be near another one by their length."""
    size = len(wanted.lower())
    return [name for name in names if abs(len(name.lower()) - size) <= _MOST_EDITS]


def _limit(length: int) -> int:
    """Return how many edits a misspelling of a name of some length may have."""
    return 2 if length >= 12 else int(length >= 6)  # noqa: PLR2004 - the rule itself


@functools.lru_cache(maxsize=256)
def _pieces(length: int) -> list[tuple[int, int]]:
    """Return where the pieces of a name are, of which at least one is in each misspelling.

    An edit damages at most two neighbours, as two letters may be swapped.
    """
    count = 2 * _limit(length) + 1
    return [(number * length // count, (number + 1) * length // count) for number in range(count)]


# Notes that come from one template have the same headings, and lack the same one.
@functools.lru_cache(maxsize=256)
def _edits(one: str, other: str) -> int:
    """Return how many characters are added, dropped, changed or swapped with their neighbour.

    This is the optimal string alignment distance.
    """
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    above: list[int] = []
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        before, above, row = above, row, [i]
        for j, known in enumerate(other, 1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (char != known))
            if i > 1 < j and char == other[j - 2] and one[i - 2] == known:
                best = min(best, before[j - 2] + 1)
            row.append(best)
    return row[-1]


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
    return frozenset(map(without_ending, telling_words(text)))


def telling_words(text: str) -> list[str]:
    """Return the words of a text in lower case, without those that every text has."""
    return [word for word in _WORD.findall(text.lower()) if word not in _COMMON]


def without_ending(word: str) -> str:
    """Return a word in lower case without the ending that differs between its forms."""
    return _ENDING.sub("", word)


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

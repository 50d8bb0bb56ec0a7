"""Which words of a text changed, and whether that touches what it claims."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

import msgspec

Meaning = Literal["number", "negation", "quantifier"]

_EDGES = re.compile(r"^\W+|[^\w%]+$")
_NEAR = 2
# Words as regular expressions.
_LISTS: dict[Meaning, str] = {
    "number": "zero two three four five six seven eight nine ten eleven twelve dozen hundred "
    "hundreds thousand thousands million millions billion billions twice half third quarter "
    r"double triple .*\d.*",
    "negation": "no not none never nor neither nothing nobody nowhere cannot without hardly "
    r".*n['\u2019]t",
    "quantifier": "all always any both each either every everything few fewer generally least "
    "less mainly many more most mostly much often only partly rarely seldom several some "
    "sometimes typically usually",
}
_WORDS = {kind: re.compile("|".join(words.split())) for kind, words in _LISTS.items()}


class Rewording(msgspec.Struct, frozen=True):
    """Words that were replaced and those in their place; neither is empty but for a whole text."""

    before: str
    after: str


def rewordings(before: str, after: str) -> tuple[Rewording, ...]:
    """Return what changed between two texts, word by word, in order.

    Spaces separate words. Where words were only added or only left out, the word beside them is
    on both sides. Changes with no more than two words between them are one.
    """
    old, new = before.split(), after.split()
    return tuple(
        Rewording(" ".join(old[a:b]), " ".join(new[c:d]))
        for a, b, c, d in _anchored(_joined(_ranges(old, new)), len(old), len(new))
    )


_Range = tuple[int, int, int, int]


def _ranges(old: list[str], new: list[str]) -> Iterable[_Range]:
    start = end = 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    middle = old[start : len(old) - end], new[start : len(new) - end]
    for tag, *places in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
        if tag != "equal":
            a, b, c, d = (place + start for place in places)
            yield a, b, c, d


def _joined(ranges: Iterable[_Range]) -> list[_Range]:
    found: list[_Range] = []
    for a, b, c, d in ranges:
        if found and a - found[-1][1] <= _NEAR:
            a, _, c, _ = found.pop()  # noqa: PLW2901
        found.append((a, b, c, d))
    return found


def _anchored(ranges: Iterable[_Range], olds: int, news: int) -> Iterable[_Range]:
    for a, b, c, d in ranges:
        if a < b and c < d:
            yield a, b, c, d
        elif a and c:
            yield a - 1, b, c - 1, d
        else:
            yield a, min(b + 1, olds), c, min(d + 1, news)


def meanings(changed: tuple[Rewording, ...]) -> tuple[Meaning, ...]:
    """Return which of numbers, negations and quantifiers differ; English words only."""
    old, new = _words(one.before for one in changed), _words(one.after for one in changed)
    differing = (old - new) | (new - old)
    return tuple(kind for kind, words in _WORDS.items() if any(map(words.fullmatch, differing)))


def _words(texts: Iterable[str]) -> Counter[str]:
    return Counter(_EDGES.sub("", word).lower() for text in texts for word in text.split())


class Claim(msgspec.Struct, frozen=True):
    """A note's first paragraph and when a person checked it, in the version of a day."""

    day: str
    text: str | None
    checked: str | None


def last_reworded(versions: Sequence[Claim]) -> str | None:
    """Return the day on which a claim last changed, None where it was checked in the same step.

    `versions` come newest first; what is before the oldest is nothing.
    """
    for version, before in pairwise([*versions, Claim("", None, None)]):
        if version.text != before.text:
            return version.day if version.checked == before.checked else None
    return None

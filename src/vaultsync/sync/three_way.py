"""Three-way merges: of sequences, and of parts that have a key of their own.

Three versions are the base, ours and theirs, in this order: what both sides began with, and what
each has now. Where one side alone changed something, its change is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Self, TypeVar

T = TypeVar("T")
Versions = tuple[T, T, T]


class Part(str):
    """A part of a text, and the line breaks behind it, which are not compared."""

    __slots__ = ("gap",)
    gap: str

    def __new__(cls, text: str, gap: str = "") -> Self:
        """Bind both."""
        part = super().__new__(cls, text)
        part.gap = gap
        return part

    @classmethod
    def of(cls, text: str) -> Self:
        """Return a text as a part, its last line breaks as the gap."""
        bare = text.rstrip("\n")
        return cls(bare, text[len(bare) :])


Parts = Mapping[str, Part]
Keyed = Mapping[str, object]
# What merges a part that both sides changed, by its key.
Both = Callable[[str, Versions[Part]], Part]
Hunk = Versions[Sequence[Part]]


def versions(values: Iterable[T]) -> Versions[T]:
    """Return three values as versions."""
    base, ours, theirs = values
    return base, ours, theirs


def taken(hunk: Versions[T]) -> T | None:
    """Return what three versions become; None where both sides changed it, each in its own way."""
    base, ours, theirs = hunk
    if ours in (base, theirs):
        return theirs
    return ours if theirs == base else None


def hunks(sequences: Hunk) -> Iterator[Hunk]:
    """Yield the stretches of three sequences, in order: what is between, and what all have."""
    base, *sides = sequences
    ours, theirs = (_places(base, side) for side in sides)
    shared = [(place, ours[place], theirs[place]) for place in ours if place in theirs]
    starts = (0, 0, 0)
    for place in [*shared, versions(map(len, sequences))]:
        yield _cut(sequences, starts, place)
        starts = versions(at + 1 for at in place)
        yield _cut(sequences, place, starts)


def _cut(sequences: Hunk, starts: Versions[int], ends: Versions[int]) -> Hunk:
    cut = zip(sequences, starts, ends, strict=True)
    return versions(side[start:end] for side, start, end in cut)


def _places(base: Sequence[Part], side: Sequence[Part]) -> dict[int, int]:
    """Return where a side has what it kept of the base, by the place there."""
    blocks = SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks()
    return {one.a + step: one.b + step for one in blocks for step in range(one.size)}


def merge_keyed(sides: Versions[Parts], both: Both) -> dict[str, Part]:
    """Return the parts of three versions as one.

    Of a part that one side deleted and the other changed, the change stays.
    """
    found: dict[str, Part] = {}
    for key in merged_keys(*sides):
        was, our, their = (side.get(key) for side in sides)
        if our is None or their is None:
            kept = our if their is None else their
            if kept is not None and kept != was:
                found[key] = kept
            continue
        part = versions((was or Part(""), our, their))
        merged = taken(part)
        found[key] = both(key, part) if merged is None else merged
    return found


def merged_keys(base: Keyed, ours: Keyed, theirs: Keyed) -> list[str]:
    """Return all keys: in their order, or in ours where we alone changed that of the base."""
    by_us = _is_reordered(base, ours) and not _is_reordered(base, theirs)
    first, second = (ours, theirs) if by_us else (theirs, ours)
    order: list[str] = list(first)
    for before, key in pairwise(["", *second]):
        if key not in first:
            order.insert(order.index(before) + 1 if before in order else 0, key)
    return order


def _is_reordered(base: Keyed, side: Keyed) -> bool:
    return [key for key in base if key in side] != [key for key in side if key in base]


def joined(parts: Iterable[Part], least: str) -> str:
    """Return parts as one text, with at least the line breaks `least` between them."""
    *others, last = [*parts] or [Part("")]
    return "".join([*(f"{part}{max(part.gap, least)}" for part in others), last])

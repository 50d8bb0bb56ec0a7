"""Three-way merges: of sequences, and of parts that have a key of their own.

A version is what one side has now; the base is what both began with. Where one side alone
changed something, its change is taken; where both made the same change, that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import msgspec

Parts = Mapping[str, "Part"]
Both = Callable[[str, "Part", "Part", "Part"], "Part"]


class Part(str):
    """A part of a text, and the line breaks behind it, which are not compared."""

    __slots__ = ("gap",)

    def __new__(cls, text: str, gap: str = "") -> Part:
        """Bind both."""
        part = super().__new__(cls, text)
        part.gap = gap
        return part

    @classmethod
    def of(cls, text: str) -> Part:
        """Return a text as a part, its last line breaks as the gap."""
        bare = text.rstrip("\n")
        return cls(bare, text[len(bare) :])


class Hunk(msgspec.Struct, frozen=True):
    """A stretch of a sequence as each version has it."""

    base: Sequence[Part]
    ours: Sequence[Part]
    theirs: Sequence[Part]

    @property
    def merged(self) -> Sequence[Part] | None:
        """What the stretch becomes; None where both sides changed it, each in its own way."""
        if self.base == self.ours or self.ours == self.theirs:
            return self.theirs
        return self.ours if self.base == self.theirs else None


def hunks(base: Sequence[Part], ours: Sequence[Part], theirs: Sequence[Part]) -> Iterator[Hunk]:
    """Yield the stretches of three versions, in order: what all have, and what is between."""
    at_ours, at_theirs = _places(base, ours), _places(base, theirs)
    shared = [place for place in at_ours if place in at_theirs]
    ends = [(place, at_ours[place], at_theirs[place]) for place in shared]
    first = (0, 0, 0)
    for end in [*ends, (len(base), len(ours), len(theirs))]:
        between = Hunk(base[first[0] : end[0]], ours[first[1] : end[1]], theirs[first[2] : end[2]])
        if between.base or between.ours or between.theirs:
            yield between
        first = (end[0] + 1, end[1] + 1, end[2] + 1)
        if end[0] < len(base):
            yield Hunk(*(side[at : at + 1] for side, at in zip((base, ours, theirs), end, strict=True)))


def _places(base: Sequence[Part], side: Sequence[Part]) -> dict[int, int]:
    """Return where a side has what it kept of the base, by the place there."""
    blocks = SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks()
    return {one.a + step: one.b + step for one in blocks for step in range(one.size)}


def merge_keyed(base: Parts, ours: Parts, theirs: Parts, both: Both) -> dict[str, Part]:
    """Return the parts of three versions as one; `both` merges one that each side changed, by its key.

    Of a part that one side deleted and the other changed, the change stays.
    """
    found: dict[str, Part] = {}
    for key in _order(base, ours, theirs):
        was, our, their = base.get(key), ours.get(key), theirs.get(key)
        if our is None or their is None:
            kept = our if their is None else their
            if kept is not None and kept != was:
                found[key] = kept
        elif our in (was, their):
            found[key] = their
        else:
            found[key] = our if was == their else both(key, was or Part(""), our, their)
    return found


def _order(base: Parts, ours: Parts, theirs: Parts) -> list[str]:
    """Return all keys: in their order, or in ours where we alone changed that of the base."""
    by_us = _is_reordered(base, ours) and not _is_reordered(base, theirs)
    first, second = (ours, theirs) if by_us else (theirs, ours)
    order: list[str] = list(first)
    for before, key in pairwise(["", *second]):
        if key not in first:
            order.insert(order.index(before) + 1 if before in order else 0, key)
    return order


def _is_reordered(base: Parts, side: Parts) -> bool:
    return [key for key in base if key in side] != [key for key in side if key in base]


def joined(parts: Iterable[Part], least: str) -> str:
    """Return parts as one text, with at least the line breaks `least` between them."""
    *others, last = [*parts] or [Part("")]
    gaps = ((part, part.gap if len(part.gap) >= len(least) else least) for part in others)
    return "".join([*(f"{part}{gap}" for part, gap in gaps), last])

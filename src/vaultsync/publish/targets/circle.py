"""Where notes stand on a circle: those of a group together, related ones near each other.

Each step grows with the number of notes and relations alone, but for sorting them.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from vaultsync.publish.catalogue import Catalogue, Tie

# The room between two groups, where that of a note is one.
_BETWEEN = 1.5


def circle(catalogue: Catalogue) -> list[int]:
    """Return the numbers of the entries that have a group, in their order around the circle.

    Within a group each note is followed by those related to it, the nearest first, from the note
    with the most relations on.
    """
    beside = neighbours(catalogue.ties)
    groups: dict[str, list[int]] = {}
    for number, entry in enumerate(catalogue.entries):
        if entry.group is not None:
            groups.setdefault(entry.group, []).append(number)
    return [number for group in sorted(groups) for number in _spread(groups[group], beside)]


def neighbours(ties: Iterable[Tie]) -> Mapping[int, Sequence[int]]:
    """Return the numbers of the entries that each entry is related to."""
    found: dict[int, list[int]] = {}
    for tie in ties:
        found.setdefault(tie.one, []).append(tie.other)
        found.setdefault(tie.other, []).append(tie.one)
    return found


def _spread(members: Sequence[int], beside: Mapping[int, Sequence[int]]) -> Iterator[int]:
    left = dict.fromkeys(sorted(members, key=lambda number: -len(beside.get(number, ()))))
    for first in list(left):
        queue = deque([first])
        while queue:
            number = queue.popleft()
            if number in left:
                del left[number]
                yield number
                queue.extend(other for other in beside.get(number, ()) if other in left)


def angles(catalogue: Catalogue, order: Sequence[int]) -> Mapping[int, float]:
    """Return the direction of each entry in radians, clockwise from the top."""
    places, at = {}, 0.0
    for number, before in zip(order, [*order[-1:], *order[:-1]], strict=True):
        at += 1
        if catalogue.entries[number].group != catalogue.entries[before].group:
            at += _BETWEEN
        places[number] = at
    return {number: math.tau * (place / at - 0.25) for number, place in places.items()}

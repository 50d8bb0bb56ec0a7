"""Whether an editor wrote a text that it had opened before a sync changed the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def opened(now: bytes, held: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes] | None:
    """Return which of some pairs, before and after a sync, a text was most likely written over.

    That is the one before which it differs least; None where it is not older than any.
    """
    stale = [pair for pair in held if is_stale(*pair, now) and is_alike(pair[0], now)]
    return min(stale, key=lambda pair: _distance(pair[0], now), default=None)


def _distance(one: bytes, other: bytes) -> int:
    """Return how many lines are in one of two texts alone."""
    lines, others = (Counter(text.splitlines()) for text in (one, other))
    return (lines - others).total() + (others - lines).total()


def is_alike(one: bytes, other: bytes) -> bool:
    """Whether half of the lines of a text are in another, so that they may be of one note."""
    lines = Counter(filter(bytes.strip, one.splitlines()))
    shared = lines & Counter(other.splitlines())
    return 2 * shared.total() >= lines.total()


def is_stale(before: bytes, after: bytes, now: bytes) -> bool:
    """Whether a text lacks all that came in with a sync, which changed it from before to after.

    Empty lines do not count. Where a new line has most words of one that came in, that one was
    edited. Both sides may have removed the same line.
    """
    old, new, present = (Counter(filter(bytes.strip, x.splitlines())) for x in (before, after, now))
    added, removed, written = new - old, old - new, present - old
    if not (added or removed) or any(present[line] > old[line] for line in added):
        return False
    if any(present[line] < old[line] for line in removed):
        return bool(added and written) and not _is_edited(added, written)
    return bool(removed) or not _is_edited(added, written)


def _is_edited(added: Counter[bytes], written: Counter[bytes]) -> bool:
    words = [set(line.split()) for line in added]
    return any(2 * len(one & set(line.split())) > len(one) for one in words for line in written)

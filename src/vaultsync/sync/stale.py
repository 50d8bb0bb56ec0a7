"""Whether an editor wrote a text that it had opened before a sync changed the file."""

from __future__ import annotations

from collections import Counter


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

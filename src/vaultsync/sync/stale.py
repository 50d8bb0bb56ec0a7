"""Whether an editor wrote a text that it had opened before a sync changed the file."""

from __future__ import annotations

from collections import Counter


def is_stale(before: bytes, after: bytes, now: bytes) -> bool:
    """Whether a text lacks all that came in with a sync, which changed it from before to after.

    Empty lines do not count. Where lines were only added, and a new one has most words of one of
    them, that one was edited.
    """
    old, new, present = (Counter(filter(bytes.strip, x.splitlines())) for x in (before, after, now))
    added, removed = new - old, old - new
    lacks = all(present[line] <= old[line] for line in added)
    is_back = all(present[line] >= old[line] for line in removed)
    if not (added or removed) or not lacks or not is_back:
        return False
    return bool(removed) or not _is_edited(added, present - old)


def _is_edited(added: Counter[bytes], written: Counter[bytes]) -> bool:
    words = [set(line.split()) for line in added]
    return any(2 * len(one & set(line.split())) > len(one) for one in words for line in written)

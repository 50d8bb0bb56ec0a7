"""Merge Markdown of which nothing is known: by lines, and where both sides changed them by blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from vaultsync.markdown import elements
from vaultsync.markdown.conflict_callouts import callout
from vaultsync.sync.three_way import Hunk, Part, hunks, joined

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BLANK = "\n\n"


def merge_text(base: str, ours: str, theirs: str) -> str:
    """Return three versions (LF line ends) as one.

    Where both sides changed a block, theirs is in place, and ours in a callout behind it.
    """
    merged = merge_lines(base, ours, theirs)
    return _by_blocks(base, ours, theirs) if merged is None else merged


def merge_lines(base: str, ours: str, theirs: str) -> str | None:
    """Return the merged text; None where both sides changed the same lines."""
    merged = [hunk.merged for hunk in hunks(*map(_lines, (base, ours, theirs)))]
    if any(part is None for part in merged):
        return None
    return "".join(line for part in merged for line in part or ())


def _lines(text: str) -> list[Part]:
    return [Part(line) for line in _LINE.findall(text)]


def _by_blocks(base: str, ours: str, theirs: str) -> str:
    found: list[Part] = []
    for hunk in hunks(*map(blocks, (base, ours, theirs))):
        merged = hunk.merged
        if merged is None:
            # Of what one side deleted and the other changed, the change stays.
            both = hunk.ours and hunk.theirs
            merged = _both(hunk) if both else hunk.ours or hunk.theirs
        found += merged
    return joined(found, "\n") + (found[-1].gap if found else "")


def _both(hunk: Hunk) -> Sequence[Part]:
    """Return the blocks that both sides changed."""
    base, ours, theirs = (joined(side, "\n") for side in (hunk.base, hunk.ours, hunk.theirs))
    merged = merge_lines(base, ours, theirs)
    if merged is not None:
        return [Part(merged, hunk.theirs[-1].gap)]
    *above, last = hunk.theirs
    return [*above, conflict(last, ours, len(hunk.theirs))]


def conflict(theirs: str, ours: str, count: int = 1) -> Part:
    """Return the last of `count` blocks of theirs, with what we have instead of them behind it."""
    return Part(f"{theirs}{_BLANK}{callout(ours, count)}", _BLANK)


def blocks(text: str) -> list[Part]:
    """Return the blocks of a text: paragraphs, the items of its lists, and others.

    What is before the first one, as definitions of links, is part of it; what is between two, of
    the one before.
    """
    starts = [text.rfind("\n", 0, one.start) + 1 for one in elements(text, 0) if one.depth <= 1]
    places = [0, *starts[1:], len(text)] if text else []
    return [Part.of(text[start:end]) for start, end in pairwise(places)]

"""Merge Markdown of which nothing is known: by lines, or by blocks where both changed these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from vaultsync.markdown import elements
from vaultsync.markdown.conflict_callouts import callout
from vaultsync.sync.three_way import Hunk, Part, Versions, hunks, joined, taken, versions

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_BLANK = "\n\n"


def merge_text(texts: Versions[str]) -> str:
    """Return three versions (LF line ends, none at the end) as one.

    Where both sides changed a block, theirs is in place, and ours in a callout behind it.
    """
    merged = merge_lines(texts)
    return _merge_blocks(texts) if merged is None else merged


def merge_lines(texts: Versions[str]) -> str | None:
    """Return the merged text; None where both sides changed the same lines."""
    merged = [taken(hunk) for hunk in hunks(versions(map(_lines, texts)))]
    if any(lines is None for lines in merged):
        return None
    return "".join(line for lines in merged for line in lines or ())


def _lines(text: str) -> list[Part]:
    return [Part(line) for line in _LINE.findall(text)]


def _merge_blocks(texts: Versions[str]) -> str:
    found: list[Part] = []
    for hunk in hunks(versions(map(_blocks, texts))):
        merged = taken(hunk)
        if merged is None:
            _, ours, theirs = hunk
            # Of what one side deleted and the other changed, the change stays.
            merged = _both(hunk) if ours and theirs else ours or theirs
        found += merged
    return joined(found, "\n")


def _both(hunk: Hunk) -> Sequence[Part]:
    """Return the blocks that both sides changed."""
    texts = versions(joined(side, "\n") for side in hunk)
    *above, last = hunk[2]
    merged = merge_lines(texts)
    if merged is not None:
        return [Part(merged, last.gap)]
    return [*above, conflict(last, texts[1], len(hunk[2]))]


def conflict(theirs: str, ours: str, count: int = 1) -> Part:
    """Return the last of `count` blocks of theirs, with what we have instead of them behind it."""
    return Part(f"{theirs}{_BLANK}{callout(ours, count)}", _BLANK)


def _blocks(text: str) -> list[Part]:
    """Return the blocks of a text: paragraphs, the items of its lists, and others.

    What is before the first one, as definitions of links, is part of it; what is between two, of
    the one before.
    """
    starts = [text.rfind("\n", 0, one.start) + 1 for one in elements(text, 0) if one.depth <= 1]
    places = [0, *starts[1:], len(text)] if text else []
    return [Part.of(text[start:end]) for start, end in pairwise(places)]

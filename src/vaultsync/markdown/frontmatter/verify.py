"""Whether edits to a note leave alone the properties that they do not touch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from vaultsync.core.model import Properties
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown.frontmatter.block import read_properties


def keeps_the_rest(text: str, edits: Sequence[Edit]) -> bool:
    """Whether a note's properties say the same after the edits, but for those that are edited.

    An edit is to a property where it lies between its name and the next one; at either end it
    stands beside it. A block that could not be read may stay so, unless it is edited. Edits that
    overlap each other say nothing certain: False.
    """
    ordered = sorted(edits)
    if any(one.span.end > other.span.start for one, other in pairwise(ordered)):
        return False
    before, after = read_properties(text), read_properties(apply_edits(text, ordered))
    inside = _inside(text, before, ordered)
    if after.error:
        return bool(before.error) and not inside
    return _same_end(before, after, inside) and _same_values(before, after, inside)


def _inside(text: str, before: Properties, edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits to the block, those that make one included."""
    start = len(text) - len(text.removeprefix("\ufeff"))
    end = before.span.end if before.span else start + 1
    return [edit for edit in edits if edit.span.start < end]


def _same_end(before: Properties, after: Properties, inside: Sequence[Edit]) -> bool:
    """Whether the text behind the block is what it was."""
    if before.span is None:
        return after.span is None or bool(inside)
    grown = sum(len(edit.new) - (edit.span.end - edit.span.start) for edit in inside)
    return after.span is not None and after.span.end == before.span.end + grown


def _same_values(before: Properties, after: Properties, inside: Sequence[Edit]) -> bool:
    edited = _edited(before, inside)
    # Types count: `true` is no 1, and `.nan` equals itself.
    kept = [(name, repr(value)) for name, value in before.data.items() if name not in edited]
    names = {name for name, _ in kept}
    still = [(name, repr(value)) for name, value in after.data.items() if name in names]
    return kept == still and (bool(inside) or len(after.data) == len(before.data))


def _edited(before: Properties, inside: Sequence[Edit]) -> set[str]:
    if before.span is None:
        return set()
    starts = [*(span.start for span in before.keys.values()), before.span.end]
    return {
        name
        for name, span in zip(before.keys, map(Span, starts, starts[1:]), strict=False)
        if any(edit.span.start < span.end and edit.span.end > span.start for edit in inside)
    }

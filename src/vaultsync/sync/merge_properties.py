"""Merge the properties of a note: each key by itself, lists as sets."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from vaultsync.markdown.conflict_callouts import comment
from vaultsync.markdown.frontmatter.block import find_block, read_properties
from vaultsync.markdown.frontmatter.edit import Scalar, write_scalar
from vaultsync.sync.three_way import Part, Parts, Versions, joined, merge_keyed

_SCALAR = (str, int, float, bool)
_REMARK = re.compile(r"(?:^|\s)#", re.MULTILINE)


def read_parts(text: str) -> dict[str, Part] | None:
    """Return the lines of each property of a note (LF line ends), comments behind it included.

    What is before the first one has the key "". None where it is unclear where a property ends.
    """
    properties, block = read_properties(text), find_block(text)
    if properties.error:
        return None
    if block is None:
        return {}
    inner, names = block[1], list(properties.keys)
    starts = [place.start for place in properties.keys.values()]
    # A mapping in braces, or one behind a tag, has no line for each key.
    if any(text[start - 1] != "\n" for start in starts) or sorted(starts) != starts:
        return None
    places = [inner.start, *starts, inner.end]
    pairs = zip(["", *names], pairwise(places), strict=True)
    return {name: Part.of(text[start:end]) for name, (start, end) in pairs if end > start}


def merge_properties(sides: Versions[Parts]) -> str:
    """Return the block of properties with its fences, "" where there is none."""
    lines = joined(merge_keyed(sides, _both).values(), "\n")
    return f"---\n{lines}\n---\n" if lines else ""


def _both(_name: str, parts: Versions[Part]) -> Part:
    """Return the lines of a property that both sides changed."""
    _, ours, theirs = parts
    (_, was), (name, our), (_, their) = map(_value, parts)
    if repr(our) == repr(their):
        return theirs
    if isinstance(our, list) and isinstance(their, list) and not _REMARK.search(ours + theirs):
        items = _merged_list(was if isinstance(was, list) else [], our, their)
        if all(isinstance(item, _SCALAR) for item in items):
            return Part(_written(name, items, theirs), theirs.gap)
    return Part(f"{theirs}\n{comment(ours)}", theirs.gap)


@functools.lru_cache(maxsize=64)
def _value(lines: str) -> tuple[str, Any]:
    """Return the name and the value of a property; of no lines, no value."""
    data = read_properties(f"---\n{lines}\n---\n").data
    return next(iter(data.items()), ("", None))


def _merged_list(base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
    """Return what either side has, without what one of them removed: theirs first."""
    # Values that differ in their type alone, as 1 and true do, differ as texts.
    was, our, their = ({repr(item): item for item in side} for side in (base, ours, theirs))
    either = their | our
    removed = {key for key in was if key not in our or key not in their}
    return [item for key, item in either.items() if key not in removed]


def _written(name: str, items: Sequence[Scalar], like: str) -> str:
    """Return the lines of a list, in brackets or item by item as `like` has it."""
    key = like[: like.index(":", len(name))]
    if "[" in like.partition("\n")[0] or not items:
        return f"{key}: [{', '.join(write_scalar(item, flow=True) for item in items)}]"
    indent = re.search(r"^[ ]*(?=- )", like, re.MULTILINE)
    lead = indent[0] if indent else "  "
    return "\n".join([f"{key}:", *(f"{lead}- {write_scalar(item)}" for item in items)])

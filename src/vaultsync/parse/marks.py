"""Tags and block ids: marks inside running text."""

from __future__ import annotations

import re
from bisect import bisect_right

from vaultsync.model import Block, Tag

Ranges = list[tuple[int, int]]

# Obsidian's tag characters, as observed: everything but white space, general and supplemental
# punctuation, and ASCII punctuation other than - _ /.
_TAG = re.compile(
    r"#([^\s\u2000-\u206f\u2e00-\u2e7f!\"#$%&'()*+,.:;<=>?@\[\\\]^`{|}~]+)"
)
_NUMBER = re.compile(r"[0-9/]+")
_BLOCK = re.compile(r"(?:^|(?<=[ \t]))\^([A-Za-z0-9-]+)(?=[ \t]*(?:\r\n|\n|\r|\Z))", re.MULTILINE)


def tags(text: str, texts: Ranges) -> list[Tag]:
    """Return the tags in the running text, whose ranges `texts` are in order."""
    found = []
    for match in _TAG.finditer(text):
        start = match.start()
        span = _range_at(texts, start)
        if span is None or not _may_open(text, start, span[0]):
            continue
        name = match[1].removesuffix("/")
        if name and not _NUMBER.fullmatch(name):
            found.append(Tag(start, start + 1 + len(name), name))
    return found


def _may_open(text: str, start: int, run: int) -> bool:
    before = text[start - 1 : start]
    return not before or before.isspace() or (start == run and before in "*_`)]=~/>")


def block_ids(text: str, texts: Ranges, breaks: set[int]) -> list[Block]:
    """Return the block ids: each ends the last line of a block, so no line break follows."""
    found = []
    if "^" not in text:
        return found
    for match in _BLOCK.finditer(text):
        if _range_at(texts, match.start()) and match.end() not in breaks:
            found.append(Block(match.start(), match.end(), match[1]))
    return found


def _range_at(ranges: Ranges, offset: int) -> tuple[int, int] | None:
    index = bisect_right(ranges, (offset, 1 << 60)) - 1
    if index < 0:
        return None
    start, end = ranges[index]
    return (start, end) if start <= offset < end else None

"""Tags and block ids: marks inside running text."""

from __future__ import annotations

import re
from bisect import bisect_right

from vaultsync.model import Block, Tag
from vaultsync.parse.offsets import Offsets

# Obsidian's tag characters, as observed: everything but white space, general and supplemental
# punctuation, and ASCII punctuation other than - _ /.
_TAG = re.compile(r"#([^\s\u2000-\u206f\u2e00-\u2e7f!\"#$%&'()*+,.:;<=>?@\[\\\]^`{|}~]+)")
_NUMBER = re.compile(r"[0-9/]+")
# The lookbehind stands second, so that the search runs from caret to caret.
_BLOCK = re.compile(r"\^(?<![^ \t\r\n]\^)(?P<id>[A-Za-z0-9-]+)(?=[ \t]*(?P<end>\r\n|\n|\r|\Z))")
# What may stand right before a tag: white space, or the end of some markup.
_OPENED_TAG = re.compile(rf"#(?<![\w\"'(/&?.,:;!+-]#){_TAG.pattern[1:]}")


class Running:
    """Where running text stands: not in code, mathematics, HTML or the text of a wikilink.

    It is told byte offsets, which cost nothing, and asked for code points, of which there are few.
    """

    def __init__(self, at: Offsets) -> None:
        """Start with no text."""
        self._at = at
        self._ranges: list[tuple[int, int]] = []
        self._breaks: set[int] = set()
        self._after_markup: set[int] = set()

    def add(self, start: int, end: int, *, after_markup: bool) -> None:
        """Take a range of text, behind those before it."""
        if after_markup:
            self._after_markup.add(start)
        self._ranges.append((start, end))

    def add_break(self, end: int) -> None:
        """Take a line break inside a block, by the offset behind it."""
        self._breaks.add(end)

    def __bool__(self) -> bool:
        """Whether there is any text."""
        return bool(self._ranges)

    def holds(self, offset: int) -> bool:
        """Whether the character at `offset` is running text."""
        byte = self._at.byte(offset)
        index = bisect_right(self._ranges, (byte, 1 << 60)) - 1
        return index >= 0 and byte < self._ranges[index][1]

    def breaks_at(self, offset: int) -> bool:
        """Whether `offset` is behind a line break inside a block."""
        return self._at.byte(offset) in self._breaks

    def opens_word(self, text: str, offset: int) -> bool:
        """Whether nothing but white space or markup stands right before `offset`."""
        before = text[max(offset - 2, 0) : offset]
        if not before or before[-1].isspace() or before == "==":
            return True
        return self._at.byte(offset) in self._after_markup and before[-1] != "\\"


def may_hold_marks(text: str, base: int) -> bool:
    """Whether anything from `base` on looks like a tag or a block id."""
    return bool(_OPENED_TAG.search(text, base) or _BLOCK.search(text, base))


def tags(text: str, running: Running) -> list[Tag]:
    """Return the tags in the running text. Another tag may follow one directly."""
    found = []
    last = -1
    for match in _TAG.finditer(text) if running else ():
        start, name = match.start(), match[1].removesuffix("/")
        if not running.holds(start) or not (start == last or running.opens_word(text, start)):
            continue
        if name and not _NUMBER.fullmatch(name):
            found.append(Tag(start, start + 1 + len(name), name))
            last = match.end()
    return found


def block_ids(text: str, running: Running) -> list[Block]:
    """Return the block ids: each ends the last line of a block, so no line break follows."""
    return [
        Block(match.start(), match.end(), match["id"])
        for match in (_BLOCK.finditer(text) if running else ())
        if running.holds(match.start()) and not running.breaks_at(match.end("end"))
    ]

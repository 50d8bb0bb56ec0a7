"""Tags and block ids: marks inside running text."""

from __future__ import annotations

import re
from bisect import bisect_right

from vaultsync.model import Block, Tag

# Obsidian's tag characters, as observed: everything but white space, general and supplemental
# punctuation, and ASCII punctuation other than - _ /.
_TAG = re.compile(r"#([^\s\u2000-\u206f\u2e00-\u2e7f!\"#$%&'()*+,.:;<=>?@\[\\\]^`{|}~]+)")
_NUMBER = re.compile(r"[0-9/]+")
_BLOCK = re.compile(
    r"(?:^|(?<=[ \t\r]))\^(?P<id>[A-Za-z0-9-]+)(?=[ \t]*(?P<end>\r\n|\n|\r|\Z))", re.MULTILINE
)


class Running:
    """Where running text stands: not in code, mathematics, HTML or the text of a wikilink.

    `breaks` are the offsets behind the line breaks inside blocks.
    """

    def __init__(self) -> None:
        """Start with no text."""
        self.breaks: set[int] = set()
        self._ranges: list[tuple[int, int]] = []
        self._after_markup: set[int] = set()
        self._interrupted = True

    def add(self, start: int, end: int) -> None:
        """Take a range of text, behind those before it."""
        if self._interrupted:
            self._after_markup.add(start)
        self._ranges.append((start, end))
        self._interrupted = False

    def interrupt(self) -> None:
        """Take note that something else than text follows."""
        self._interrupted = True

    def holds(self, offset: int) -> bool:
        """Whether the character at `offset` is running text."""
        index = bisect_right(self._ranges, (offset, 1 << 60)) - 1
        return index >= 0 and offset < self._ranges[index][1]

    def opens_word(self, text: str, offset: int) -> bool:
        """Whether nothing but white space or markup stands right before `offset`."""
        before = text[max(offset - 2, 0) : offset]
        if not before or before[-1].isspace() or before == "==":
            return True
        return offset in self._after_markup and before[-1] != "\\"


def tags(text: str, running: Running) -> list[Tag]:
    """Return the tags in the running text. Another tag may follow one directly."""
    found = []
    last = -1
    for match in _TAG.finditer(text):
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
        for match in (_BLOCK.finditer(text) if "^" in text else ())
        if running.holds(match.start()) and match.end("end") not in running.breaks
    ]

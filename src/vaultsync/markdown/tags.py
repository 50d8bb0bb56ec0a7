"""Tags and block ids: marks inside running text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vaultsync.core.model import Block, Tag
from vaultsync.markdown.events import Offsets

# Obsidian's tag characters, as observed: everything but white space, general and supplemental
# punctuation, and ASCII punctuation other than - _ /.
TAG_CHARACTER = r"[^\s\u2000-\u206f\u2e00-\u2e7f!\"\#$%&'()*+,.:;<=>?@\[\\\]^`{|}~]"
_TAG = re.compile(rf"#({TAG_CHARACTER}+)")
NOWHERE = 1 << 60
_NUMBER = re.compile(r"[0-9/]+")
_BLOCK = re.compile(r"\^(?<![^ \t\r\n]\^)(?P<id>[A-Za-z0-9-]+)(?=[ \t]*(?P<end>\r\n|\n|\r|\Z))")
# What may precede a tag directly: white space, or the end of some markup.
_OPENED_TAG = re.compile(rf"#(?<![\w\"'(/&?.,:;!+-]#){_TAG.pattern[1:]}")


class CandidatePositions:
    """The few places of a body where a mark may start, and which of them are in running text.

    Running text is what is not code, mathematics, HTML or shown by a wikilink. The runs are given
    in bytes, as pyromark has them; the place that the next one may reach is `next`.
    """

    def __init__(self, starts: Iterable[int], at: Offsets) -> None:
        """Take the code-point offsets at which marks may start."""
        self._at = at
        self._pending = sorted(map(at.byte, starts), reverse=True)
        self._running: dict[int, bool] = {}
        self._breaks: set[int] = set()
        self.next = NOWHERE
        self._advance()

    def _advance(self) -> None:
        self.next = self._pending.pop() if self._pending else NOWHERE

    def add_text(self, start: int, end: int, *, after_markup: bool) -> None:
        """Take a run of text that ends behind the next place."""
        while self.next < end:
            if start <= self.next:
                self._running[self.next] = after_markup and start == self.next
            self._advance()

    def add_line_break(self, end: int) -> None:
        """Take a line break inside a block, by the offset behind it."""
        self._breaks.add(end)

    def is_in_text(self, offset: int) -> bool:
        """Whether the mark at `offset` is in running text."""
        return self._at.byte(offset) in self._running

    def follows_line_break(self, offset: int) -> bool:
        """Whether `offset` is behind a line break inside a block."""
        return self._at.byte(offset) in self._breaks

    def begins_word(self, text: str, offset: int) -> bool:
        """Whether the mark at `offset` follows white space or markup, or begins the text."""
        before = text[max(offset - 2, 0) : offset]
        if not before or before[-1].isspace() or before == "==":
            return True
        return self._running[self._at.byte(offset)] and before[-1] != "\\"


def possible_tags(text: str, base: int) -> list[re.Match[str]]:
    """Return what looks like a tag, from `base` on; of tags in a row the first."""
    return list(_OPENED_TAG.finditer(text, base))


def possible_block_ids(text: str, base: int) -> list[re.Match[str]]:
    """Return what looks like a block id at the end of a line, from `base` on."""
    # Most notes have no caret, or one near the end, which a plain search finds soonest.
    first = text.find("^", base)
    return list(_BLOCK.finditer(text, first)) if first >= 0 else []


def confirmed_tags(
    text: str, found: Iterable[re.Match[str]], places: CandidatePositions
) -> list[Tag]:
    """Return those that are tags, with those that follow one directly."""
    return [
        tag
        for first in found
        if places.is_in_text(first.start()) and places.begins_word(text, first.start())
        for tag in adjacent_tags(text, first.start())
    ]


def adjacent_tags(text: str, start: int) -> Iterator[Tag]:
    """Yield the tag at `start`, if it is one, and those that follow it directly."""
    match = _TAG.match(text, start)
    while match:
        name = match[1].removesuffix("/")
        if not name or _NUMBER.fullmatch(name):
            break
        yield Tag(match.start(), match.start() + 1 + len(name), name)
        match = _TAG.match(text, match.end())


def is_tag(name: str) -> bool:
    """Whether a tag may have this name, which is without `#`."""
    return bool(_TAG.fullmatch(f"#{name}")) and not is_numeric(name)


def is_numeric(name: str) -> bool:
    """Whether a name would be that of a tag if it held more than digits."""
    return bool(_NUMBER.fullmatch(name))


def confirmed_block_ids(found: Iterable[re.Match[str]], places: CandidatePositions) -> list[Block]:
    """Return those that are block ids: each ends the last line of a block."""
    return [
        Block(match.start(), match.end(), match["id"])
        for match in found
        if places.is_in_text(match.start()) and not places.follows_line_break(match.end("end"))
    ]

"""What looks like markup and is none. It is looked for only when somebody asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from vaultsync.parse.events import events
from vaultsync.parse.facts import Facts, walk
from vaultsync.parse.marks import Places, is_number, possible_tags
from vaultsync.parse.offsets import Offsets
from vaultsync.text import Span

Unclosed = Literal["comment", "fence", "math"]

# `%%%%` opens no comment (Obsidian 1.13 and later).
_COMMENT = re.compile(r"(?<!%)%%%?(?!%)")
_MATH = re.compile(r"(?<![\\$])\$\$(?!\$)")
_FENCE = re.compile(r"(?:`{3,}|~{3,})")
_LAST = re.compile(r"[ \t>]*(?P<fence>`+|~+)[ \t]*")
_MOST_INDENT = 3
_MARKS = {"comment": _COMMENT, "math": _MATH, "fence": _FENCE}


def unclosed(text: str, base: int, kind: Unclosed) -> Iterator[Span]:
    """Yield where a comment, a block of code or of mathematics opens that is never closed.

    A comment and mathematics hide the rest of the note only where they open a line.
    """
    found = list(_MARKS[kind].finditer(text, base))
    if not found:
        return
    if kind == "fence":
        yield from _open_fences(text, base)
        return
    places = _places(text, base, (mark.start() for mark in found))
    at = base
    for mark in found:
        if mark.start() < at or not places.holds(mark.start()):
            continue
        close = text.find(mark[0][:2], mark.end())
        opens_line = _opens_line(text, mark.start())
        if opens_line and close < 0:
            yield Span(*mark.span())
            return
        if close >= 0 and (opens_line or "\n" not in text[mark.end() : close]):
            at = close + 2


def numeric_tags(text: str, base: int) -> Iterator[Span]:
    """Yield what would be a tag in the body if it held more than digits."""
    found = [mark for mark in possible_tags(text, base) if is_number(mark[1])]
    if found:
        places = _places(text, base, (mark.start() for mark in found))
        for mark in found:
            if places.holds(mark.start()) and places.opens_word(text, mark.start()):
                yield Span(*mark.span())


def _places(text: str, base: int, starts: Iterable[int]) -> Places:
    """Return which of the offsets are in running text."""
    at = Offsets(text[base:], base)
    places = Places(starts, at)
    walk(text[base:], Facts(text, at), places)
    return places


def _opens_line(text: str, at: int) -> bool:
    return not text[_line_start(text, at) : at].strip(" \t>\ufeff")


def _line_start(text: str, at: int) -> int:
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def _open_fences(text: str, base: int) -> Iterator[Span]:
    at = Offsets(text[base:], base)
    for event, place in events(text[base:]):
        opened = event.get("Start") if isinstance(event, dict) else None
        if isinstance(opened, dict) and "Fenced" in (opened.get("CodeBlock") or ""):
            start, end = at(place["start"]), at(place["end"])
            fence = _FENCE.match(text, start)
            if fence and not _is_closed(text, fence, end):
                yield Span(*fence.span())


def _is_closed(text: str, fence: re.Match[str], end: int) -> bool:
    """Whether the last line of a block of code is a fence like the one that opens it.

    Source: https://spec.commonmark.org/0.31.2/#fenced-code-blocks.
    """
    end = len(text[:end].rstrip("\r\n"))
    start = _line_start(text, end)
    closing = _LAST.fullmatch(text, start, end)
    if closing is None or start <= fence.start():
        return False
    indent = closing.start("fence") - start
    alike = closing["fence"].startswith(fence[0])
    return alike and indent <= fence.start() - _line_start(text, fence.start()) + _MOST_INDENT

"""Markup that is not closed or not valid: comments, code, mathematics, numeric tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from vaultsync.core.text import Span
from vaultsync.markdown.events import is_numeric, markup_spans, possible_tags
from vaultsync.markdown.reader import running_text

MarkupKind = Literal["comment", "fence", "math"]

# `%%%%` opens no comment (Obsidian 1.13 and later).
_MARKS = {
    "comment": re.compile(r"(?<!%)%%%?(?!%)"),
    "math": re.compile(r"(?<![\\$])\$\$(?!\$)"),
    "fence": re.compile(r"`{3,}|~{3,}"),
}
_LAST = re.compile(r"[ \t>]*(?P<fence>`+|~+)[ \t]*")
_MOST_INDENT = 3
_COLOUR = 6
_NEAR = 80
_LINE_END = re.compile(r"[\r\n]")
# The start of a line, perhaps of a quote, an item or a task; or behind a tag.
_PLACED = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?:\[.\][ \t]+)?$|#[^\s#]+[ \t]+$")
_NEXT_TAG = re.compile(r"[ \t]+#[^\s#]")


def unclosed_markup(text: str, base: int, kind: MarkupKind) -> Iterator[Span]:
    """Yield where a comment, a block of code or of mathematics opens that is never closed.

    A comment and mathematics hide the rest of the note only where they open a line.
    """
    found = list(_MARKS[kind].finditer(text, base))
    if not found:
        return
    if kind == "fence":
        yield from _open_fences(text, base)
        return
    running = running_text(text, base, (mark.start() for mark in found))
    at = base
    for mark in found:
        if mark.start() < at or not running.is_in_text(mark.start()):
            continue
        close = text.find(mark[0][:2], mark.end())
        opens_line = _opens_line(text, mark.start())
        if opens_line and close < 0:
            yield Span(*mark.span())
            return
        if close >= 0 and (opens_line or "\n" not in text[mark.end() : close]):
            at = close + 2


def numeric_tags(text: str, base: int) -> Iterator[Span]:
    """Yield what would be a tag in the body if it held more than digits.

    It is at the place of a tag, at the start of a line or beside another tag: in "issue #12" it is
    not, and six digits are a colour.
    """
    found = [
        mark
        for mark in possible_tags(text, base)
        if is_numeric(mark[1]) and len(mark[1]) != _COLOUR and _is_placed(text, mark)
    ]
    if found:
        running = running_text(text, base, (mark.start() for mark in found))
        for mark in found:
            if running.begins_word(text, mark.start()):
                yield Span(*mark.span())


def _is_placed(text: str, mark: re.Match[str]) -> bool:
    # Not the whole line, which may be as long as the text.
    near = max(0, mark.start() - _NEAR)
    before = text[near : mark.start()]
    before = _LINE_END.split(before)[-1] if near == 0 or _LINE_END.search(before) else f"x{before}"
    return bool(_PLACED.search(before) or _NEXT_TAG.match(text, mark.end()))


def _opens_line(text: str, at: int) -> bool:
    while at and text[at - 1] in " \t>\ufeff":
        at -= 1
    return at == 0 or text[at - 1] in "\r\n"


def _line_start(text: str, at: int) -> int:
    start = text.rfind("\n", 0, at) + 1
    return max(start, text.rfind("\r", start, at) + 1)


def _open_fences(text: str, base: int) -> Iterator[Span]:
    for span, kind in markup_spans(text, base, "CodeBlock"):
        fence = _MARKS["fence"].match(text, span.start) if "Fenced" in kind else None
        if fence and not _is_closed(text, fence, span.end):
            yield Span(*fence.span())


def _is_closed(text: str, fence: re.Match[str], end: int) -> bool:
    """Whether the last line of a block of code is a fence like the one that opens it.

    Source: https://spec.commonmark.org/0.31.2/#fenced-code-blocks.
    """
    end = fence.start() + len(text[fence.start() : end].rstrip("\r\n"))
    start = _line_start(text, end)
    closing = _LAST.fullmatch(text, start, end)
    if closing is None or start <= fence.start():
        return False
    indent = closing.start("fence") - start
    alike = closing["fence"].startswith(fence[0])
    return alike and indent <= fence.start() - _line_start(text, fence.start()) + _MOST_INDENT

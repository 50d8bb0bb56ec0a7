"""Comments (`%%`) and mathematics (`$$`) that go on over several lines, as Obsidian reads them.

pulldown-cmark knows no comments, and no mathematics beyond the end of a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown.events import CandidatePositions

# `%%%%` opens no comment (Obsidian 1.13 and later).
COMMENT = re.compile(r"(?<!%)%%%?(?!%)")
MATH = re.compile(r"(?<![\\$])\$\$(?!\$)")
# Comments on one line each, and the first that is not.
_PAIRS = re.compile(
    r"(?:%(?!%)[^%]*)*(?:%%[^%\r\n]*(?:%(?!%)[^%\r\n]*)*%%[^%]*(?:%(?!%)[^%]*)*)*"
    r"(?:(?P<open>%%)|\Z)"
)
_TO_LINE_END = re.compile(r"[ \t]*(?P<end>\r\n|\n|\r|\Z)")
_HEADING = re.compile(r"[ \t>]*#{1,6}[ \t]")
_BLANK_LINE = re.compile(r"(?:\r\n|\n|\r)[ \t>]*[\r\n]")
_ASCII = re.compile("[\x00-\x7f]")


def open_comment(text: str, base: int) -> int:
    """Return where a comment begins that may go on behind its line, -1 where none does."""
    # A search for one character finds the first one soonest.
    first = text.find("%", base)
    found = _PAIRS.match(text, first) if first >= 0 else None
    return found.start("open") if found else -1


def hiding(
    text: str, marks: Iterable[re.Match[str]], places: CandidatePositions
) -> Iterator[tuple[re.Match[str], int]]:
    """Yield the marks that hide the lines behind them, and where each is closed: -1 for nowhere.

    Those are marks in running text that open a line, or in the case of mathematics end a paragraph.
    Any other mark is closed by another one of its line, or hides nothing.
    """
    reached = 0
    for mark in marks:
        if mark.start() < reached or not places.is_in_text(mark.start()):
            continue
        close = text.find(mark[0][:2], mark.end())
        hides = _opens_line(text, mark.start()) or ends_paragraph(text, mark, places)
        if hides:
            yield mark, close
            if close < 0:
                return
        if close >= 0 and (hides or "\n" not in text[mark.end() : close]):
            reached = close + 2


def ends_paragraph(text: str, mark: re.Match[str], places: CandidatePositions) -> bool:
    """Whether mathematics opens at the end of a paragraph; a heading is none."""
    end = _TO_LINE_END.match(text, mark.end()) if mark[0] == "$$" else None
    if end is None or not places.ends_block(end.end()):
        return False
    return not _HEADING.match(text, line_start(text, mark.start()))


def math_on_one_line(
    text: str, base: int, places: CandidatePositions, body: str, *, closed: bool
) -> str | None:
    """Return a body with such mathematics on one line each, None where there is none.

    `body` is the text from `base` on, in which others are on one line already. `closed`: not that
    which is never closed. What only opens a line is left there if it is never closed. Where the
    text behind one would be read otherwise now, what follows in its paragraph is left too.
    """
    edits = []
    read_to = base
    for mark, close in hiding(text, MATH.finditer(text, base), places):
        ends = close >= 0 or (not closed and ends_paragraph(text, mark, places))
        if not ends or mark.start() < read_to:
            break
        inner = Span(mark.end() - base, close - base if close >= 0 else len(body))
        edits.append(Edit(inner, _ASCII.sub("x", inner.of(body)) + "$$" * (close < 0)))
        blank = _BLANK_LINE.search(text, max(close, mark.end()))
        read_to = blank.start() if blank else len(text)
    return apply_edits(body, edits) if edits else None


def _opens_line(text: str, at: int) -> bool:
    while at and text[at - 1] in " \t>\ufeff":
        at -= 1
    return at == 0 or text[at - 1] in "\r\n"


def line_start(text: str, at: int) -> int:
    """Return where the line of an offset starts."""
    start = text.rfind("\n", 0, at) + 1
    return max(start, text.rfind("\r", start, at) + 1)

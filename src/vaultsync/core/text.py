"""Positions in a text and edits to it, and a form of regular expressions for all Pythons.

A position is a code-point offset into the whole file. Lines and columns exist only in `Lines`.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate, repeat
from typing import Literal

import msgspec

# What moves the cursor, ends a line or changes the direction of writing.
_BEYOND_ASCII = "\x7f-\x9f\u2028-\u202e\u2066-\u2069"
_CONTROL = re.compile(f"[\0-\x1f{_BEYOND_ASCII}]")
_IN_JSON = re.compile(f"[{_BEYOND_ASCII}]")
_LINE_END = re.compile(r"\r\n|\n|\r")
# What belongs to the character before it: accents, marks of variation, colours of skin.
_JOINED = frozenset({"Mn", "Mc", "Me", "Cf", "Sk"})
_JOINER = "\u200d"
# So many searches take less time than a table that serves many.
_FEW_SEARCHES = 6
# Plain marks, and what editors and sites make of each.
_FORMS = {'"': "\u201c\u201d\u201e\u00ab\u00bb", "'": "\u2018\u2019\u201a", "...": "\u2026"}
_FORMS |= {"-": "\u2010\u2011\u2013\u2014\u2212", " ": "\u00a0", "": "\u200b\ufeff\u00ad"}
_PLAIN = {ord(form): plain for plain, forms in _FORMS.items() for form in forms}


def printable(text: str) -> str:
    """Return a text for one line of a terminal or a log, each control character as a space."""
    # Most text is printable, and to check that takes a tenth of the time.
    return text if text.isprintable() else _CONTROL.sub(" ", text)


def printable_lines(text: str) -> str:
    """Return a text of several lines, each of them printable."""
    return "\n".join(map(printable, text.split("\n")))


def shortened(text: str, longest: int) -> str:
    """Return a text cut to so many characters, between words or else between what a reader sees."""
    if len(text) <= longest:
        return text
    at = text.rfind(" ", longest // 2, longest)
    if at < 0:
        at = longest - 1
        while at and (text[at - 1] == _JOINER or unicodedata.category(text[at]) in _JOINED):
            at -= 1
    return f"{text[:at].rstrip()}…"


def plain_marks(text: str) -> str:
    """Return a text in NFC with quotation marks, dashes and spaces as a typewriter has them."""
    return unicodedata.normalize("NFC", text).translate(_PLAIN)


def escape_controls(text: str) -> str:
    """Return a text in JSON, or a string in TOML, without the control characters it may hold."""
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Span(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """A half-open range of code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the part of `text` that the span covers."""
        return text[self.start : self.end]


class Edit(msgspec.Struct, frozen=True, order=True, array_like=True):
    """Replace what `span` covers by `new`."""

    span: Span
    new: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with all edits made; spans refer to the text as given.

    Of two edits that overlap the later one is left out.
    """
    parts: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        if edit.span.start < at:
            continue
        parts += [text[at : edit.span.start], edit.new]
        at = edit.span.end
    return "".join([*parts, text[at:]])


def with_backslash(found: re.Match[str]) -> str:
    """Return a match behind a backslash; `sub` would look through a template at each call."""
    return f"\\{found[0]}"


def line_ending(text: str) -> str:
    """Return the line ending that the first line of `text` uses; LF where there is none."""
    found = _LINE_END.search(text)
    return found.group() if found else "\n"


class Lines:
    r"""The lines of a text, ended as in Markdown by LF, CRLF or CR alone.

    `str.splitlines` would also split at form feeds and U+2028.
    """

    def __init__(self, text: str) -> None:
        """Take the text; nothing is computed yet."""
        self.text = text
        self._searches = 0

    @cached_property
    def _starts(self) -> list[int]:
        if "\r" in self.text:
            return [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        # Each line with its end. Maps of built-in functions take half the time of a loop.
        lengths = map(int.__add__, map(len, self.text.split("\n")), repeat(1))
        return list(accumulate(lengths, initial=0))[:-1]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both counted from 1, columns in code points."""
        self._searches += 1
        if self._searches <= _FEW_SEARCHES and "\r" not in self.text:
            before = self.text.count("\n", 0, offset)
            return before + 1, offset - self.text.rfind("\n", 0, offset)
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def positions(self, span: Span) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return those of both ends of a span; of one that ends before it begins, its start's."""
        line, column = start = self.position(span.start)
        length = max(0, span.end - span.start)
        # Most are within a line.
        if _LINE_END.search(self.text, span.start, span.end):
            return start, self.position(span.end)
        return start, (line, column + length)

    def line_span(self, line: int) -> Span:
        """Return the place of a line, counted from 1, without its ending; the end beyond all."""
        if line > len(self._starts):
            return Span(len(self.text), len(self.text))
        start = self._starts[line - 1]
        end = _LINE_END.search(self.text, start)
        return Span(start, end.start() if end else len(self.text))

    def line_text(self, offset: int) -> str:
        """Return the text of the line that an offset is in, without its ending."""
        if "\r" in self.text:
            start = offset - self.position(offset)[1] + 1
        else:
            start = self.text.rfind("\n", 0, offset) + 1
        end = _LINE_END.search(self.text, start)
        return self.text[start : end.start() if end else len(self.text)]


# In earlier versions such a group may match too much:
# https://github.com/python/cpython/issues/100061 and
# https://github.com/python/cpython/issues/106052.
POSSESSIVE_WORKS = sys.version_info >= (3, 11, 5)


def possessive_group(
    pattern: str, times: Literal["*", "+"] = "*", *, native: bool = POSSESSIVE_WORKS
) -> str:
    """Return a pattern that repeats another one as often as possible, without backtracking.

    Where Python's own form does not work (`native` False) it is an atomic group, which takes
    memory for each repetition.
    """
    return f"(?:{pattern}){times}+" if native else f"(?>(?:{pattern}){times})"

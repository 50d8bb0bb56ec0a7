"""Positions in a text and edits to it.

A position is a code-point offset into the whole file. Lines and columns exist only in `Lines`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate, repeat

import msgspec

_LINE_END = re.compile(r"\r\n|\n|\r")


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


def newline_of(text: str) -> str:
    """Return the line ending that the first line of `text` uses; LF where there is none."""
    found = _LINE_END.search(text)
    return found.group() if found else "\n"


class Lines:
    r"""The lines of a text, ended as in Markdown by LF, CRLF or CR alone.

    `str.splitlines` would also split at form feeds and U+2028.
    """

    def __init__(self, text: str) -> None:
        """Note where the lines of `text` start."""
        self.text = text
        if "\r" in text:
            self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
        else:
            # Each line with its end. Maps of built-in functions take half the time of a loop.
            lengths = map(int.__add__, map(len, text.split("\n")), repeat(1))
            self._starts = list(accumulate(lengths, initial=0))[:-1]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both counted from 1, columns in code points."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return the text of a line, counted from 1, without its ending."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

"""Places in a text as the protocol has them: lines from 0, columns in code units of an encoding.

Source: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification.
"""

from __future__ import annotations

import functools

from lsprotocol import types

from vaultsync.core.text import Edit, Lines, Span

_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def clean(text: str) -> str:
    """Return a text without halves of characters, which a client may send and no file can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Positions:
    """Converts between offsets in a text and positions of the protocol."""

    def __init__(self, text: str, encoding: str) -> None:
        """Bind the values; `encoding` is one of `utf-8`, `utf-16` and `utf-32`."""
        self._text, self._lines = text, Lines(text)
        self._codec, self._unit = _CODECS[encoding]

    def offset(self, position: types.Position) -> int:
        """Return the offset of a position; one past the end of its line or of the text is there."""
        line = self._lines.line_span(position.line + 1)
        text = line.of(self._text)
        if text.isascii() or self._unit == _CODECS["utf-32"][1]:
            return min(line.start + position.character, line.end)
        units = text.encode(self._codec)[: position.character * self._unit]
        return line.start + len(units.decode(self._codec, "ignore"))

    def span(self, place: types.Range) -> Span:
        """Return the span of a range; one that ends before it begins is empty."""
        start, end = self.offset(place.start), self.offset(place.end)
        return Span(start, max(start, end))

    def position(self, offset: int) -> types.Position:
        """Return the position of an offset."""
        line, column = self._lines.position(offset)
        before = self._text[offset - column + 1 : offset]
        units = column - 1 if before.isascii() else len(before.encode(self._codec)) // self._unit
        return types.Position(line - 1, units)

    def range(self, span: Span) -> types.Range:
        """Return the range of a span."""
        return types.Range(self.position(span.start), self.position(max(span.start, span.end)))

    def edit(self, edit: Edit) -> types.TextEdit:
        """Return an edit of the text."""
        return types.TextEdit(self.range(edit.span), edit.new)


# One request converts many places in a few texts.
@functools.lru_cache(maxsize=8)
def positions_of(text: str, encoding: str) -> Positions:
    """Return what converts places in a text."""
    return Positions(text, encoding)

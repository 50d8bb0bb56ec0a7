"""What people read: one line for each finding, or the source line with the place underlined."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Literal

from vaultsync.lint.report import Shown

Style = Literal["error", "warning", "hint", "path", "dim"]
Paint = Callable[[str, Style], str]
_WIDE = 100
# What moves the cursor, or turns the direction of writing, is none of a terminal's business.
_UNSEEN = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A)], " "
)


def concise(items: Iterable[Shown], paint: Paint) -> str:
    """Return one line for each."""
    return "".join(f"{_head(item, paint)}\n" for item in items)


def full(items: Iterable[Shown], paint: Paint) -> str:
    """Return each with its source line and the span underlined; hints on one line.

    A finding about the file as a whole has an empty span and nothing to underline.
    """
    parts = []
    for item in items:
        head = _head(item, paint)
        said = item.source.strip() and item.start != item.end
        quoted = said and item.diagnostic.severity != "hint"
        parts.append(f"{head}\n{_excerpt(item, paint)}\n" if quoted else f"{head}\n")
    return "".join(parts)


def _head(item: Shown, paint: Paint) -> str:
    diagnostic, (line, column) = item.diagnostic, item.start
    place = paint(f"{_seen(diagnostic.path)}:{line}:{column}:", "path")
    label = paint(f"{diagnostic.severity} {diagnostic.code}", diagnostic.severity)
    fixable = " [fix]" if diagnostic.fix and diagnostic.fix.safe else ""
    return f"{place} {label} {_seen(item.message)}{fixable}"


def _seen(text: str) -> str:
    # Most is printable, which is told in a tenth of the time.
    return text if text.isprintable() else text.translate(_UNSEEN)


def _excerpt(item: Shown, paint: Paint) -> str:
    line, start = item.start[0], item.start[1] - 1
    end = item.end[1] - 1 if item.end[0] == line else len(item.source)
    cut = max(0, start - _WIDE // 3) if len(item.source) > _WIDE else 0
    text = _seen(item.source[cut : cut + _WIDE])
    indent = " " * _columns(text[: start - cut])
    marks = "^" * max(1, _columns(text[start - cut : end - cut]))
    gutter = paint(f"{line:>5} |", "dim")
    blank = paint("      |", "dim")
    return f"{gutter} {text}\n{blank} {indent}{paint(marks, item.diagnostic.severity)}"


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1

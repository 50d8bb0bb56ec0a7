"""The formats in which findings are shown, by the names that `--output-format` has for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec

from vaultsync.blocks.context import format_count
from vaultsync.lint.report import Shown
from vaultsync.lint.rule import Diagnostic
from vaultsync.notes.link_index import name_key

Style = Literal["error", "warning", "hint", "path", "dim"]
Paint = Callable[[str, Style], str]

FOR_PEOPLE = ("full", "concise")
FOR_PROGRAMS = ("json", "sarif", "github")
NAMES = (*FOR_PEOPLE, *FOR_PROGRAMS)
# Readers of these know the repository, not the folder that the command ran in.
FROM_TOP = ("sarif", "github")


def render(name: str, items: Iterable[Shown], paint: Paint) -> str:
    """Return findings in the format of that name."""
    # A run needs one format, and that of SARIF imports the pages of all rules.
    if name == "sarif":
        from vaultsync.lint.formats.sarif import sarif

        return sarif(items)
    if name in FOR_PROGRAMS:
        from vaultsync.lint.formats.json_and_github import as_json, github

        return as_json(items) if name == "json" else github(items)
    return full(items, paint) if name == "full" else concise(items, paint)


_WIDE = 100
# What moves the cursor or changes the direction of writing must not reach a terminal.
_CONTROLS = dict.fromkeys(
    [*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A)], " "
)


def concise(items: Iterable[Shown], paint: Paint) -> str:
    """Return one line for each."""
    return "".join(f"{_head(item, paint)}\n" for item in _folded(items))


def _folded(items: Iterable[Shown]) -> list[Shown]:
    """Return items; hints that there is no note of one name are one, in the first place."""
    groups: dict[str | int, list[Shown]] = {}
    for item in items:
        groups.setdefault(_unwritten(item) or id(item), []).append(item)
    return [_joined(group) for group in groups.values()]


def _unwritten(item: Shown) -> str:
    wanted = item.diagnostic.finding.wanted
    if item.diagnostic.severity != "hint" or wanted is None or wanted.certain is not False:
        return ""
    return name_key(wanted.target)


def _joined(group: list[Shown]) -> Shown:
    first, *others = group
    if not others:
        return first
    notes = format_count(len({item.diagnostic.path for item in group}), "note")
    message = f"{first.message} ({format_count(len(group), 'link')} in {notes})"
    return msgspec.structs.replace(first, message=message)


def full(items: Iterable[Shown], paint: Paint) -> str:
    """Return each with its source line, the span underlined, and the related places.

    A hint has one line. A finding about the file as a whole has an empty span and nothing to
    underline.
    """
    return "".join(f"{line}\n" for item in _folded(items) for line in _lines(item, paint))


def _lines(item: Shown, paint: Paint) -> Iterator[str]:
    yield _head(item, paint)
    diagnostic = item.diagnostic
    if diagnostic.severity == "hint":
        return
    if diagnostic.source.strip() and diagnostic.start != diagnostic.end:
        yield _excerpt(diagnostic, paint)
    for related in item.related:
        place = f"{_printable(related.path)}:{related.start[0]}:{related.start[1]}:"
        yield f"    {paint(place, 'path')} {_printable(related.message)}"


def _head(item: Shown, paint: Paint) -> str:
    diagnostic, (line, column) = item.diagnostic, item.diagnostic.start
    place = paint(f"{_printable(diagnostic.path)}:{line}:{column}:", "path")
    label = paint(f"{diagnostic.severity} {diagnostic.code}", diagnostic.severity)
    fixable = " [fix]" if diagnostic.fix and diagnostic.fix.safe else ""
    return f"{place} {label} {_printable(item.message)}{fixable}"


def _printable(text: str) -> str:
    # Most text is printable, and to check that takes a tenth of the time.
    return text if text.isprintable() else text.translate(_CONTROLS)


def _excerpt(diagnostic: Diagnostic, paint: Paint) -> str:
    source, (line, column) = diagnostic.source, diagnostic.start
    start = column - 1
    end = diagnostic.end[1] - 1 if diagnostic.end[0] == line else len(source)
    cut = max(0, start - _WIDE // 3) if len(source) > _WIDE else 0
    text = _printable(source[cut : cut + _WIDE])
    indent = " " * _columns(text[: start - cut])
    marks = "^" * max(1, _columns(text[start - cut : end - cut]))
    gutter = paint(f"{line:>5} |", "dim")
    blank = paint("      |", "dim")
    return f"{gutter} {text}\n{blank} {indent}{paint(marks, diagnostic.severity)}"


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1

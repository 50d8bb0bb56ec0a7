"""Where in `vaultsync.toml` each key is, which `tomllib` does not return."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator

from vaultsync.core.config import FILE_NAME
from vaultsync.core.text import Lines, possessive_group

# The names on the way to a key, and the number of an item on the way through a list.
Key = tuple[str | int, ...]
_BASIC = possessive_group(r'[^"\\]++|\\.')
_NAME = rf"""(?:[\w-]++|"{_BASIC}"|'[^']*+')"""
_DOTTED = _NAME + possessive_group(rf"[ \t]*+\.[ \t]*+{_NAME}")
_HEADER = re.compile(rf"\[(?P<list>\[)?[ \t]*+(?P<key>{_DOTTED})[ \t]*+\]{{1,2}}", re.DOTALL)
_TEXT = possessive_group(r'[^"\\]++|\\.|"{1,2}+(?!")')
_RAW_TEXT = possessive_group(r"[^']++|'{1,2}+(?!')")
_TOKEN = re.compile(
    rf"(?P<key>{_DOTTED})(?=[ \t]*+=)|(?P<comment>#[^\n]*+)"
    rf"|\"\"\"{_TEXT}\"{{3,5}}|'''{_RAW_TEXT}'{{3,5}}|{_NAME}|[\[\]{{}},]",
    re.DOTALL,
)


def with_places(problems: Iterable[str], text: str) -> Iterator[str]:
    """Yield problems with settings, each with its place and then that line of the text.

    A problem is about the key that comes first in it, in backticks. One has no place if it is not
    about a key of the file, or if that may be another key with the same dotted name.
    """
    offsets = dotted_offsets(text)
    lines = Lines(text)
    for problem in problems:
        reason = problem.removeprefix(f"{FILE_NAME}: ")
        offset = None if reason == problem else _offset(reason, offsets)
        if offset is None:
            yield problem
        else:
            line, column = lines.position(offset)
            yield f"{FILE_NAME}:{line}:{column}: {reason}"
            yield shown_line(line, lines.line_text(offset))


def shown_line(number: int, text: str) -> str:
    """Return a line of the settings as it is shown below a problem with it."""
    return f"{number:>5} | {text}"


def dotted_offsets(text: str) -> dict[str, int | None]:
    """Return the offsets by the names that problems have for keys; None where two have the same."""
    found: dict[str, int | None] = {}
    for key, offset in key_offsets(text).items():
        name = "".join(f".{part}" if isinstance(part, str) else f"[{part}]" for part in key)[1:]
        found[name] = None if name in found else offset
    return found


def _offset(reason: str, offsets: dict[str, int | None]) -> int | None:
    """Return the offset of the key that a problem is about, or of the table that lacks the key."""
    name = reason.partition("`")[2]
    ends = [end.start() for end in re.finditer(r"[`.]", name)]
    known = (name[:end] for end in reversed(ends) if name[:end] in offsets)
    return next((offsets[name] for name in known), None)


def key_offsets(text: str) -> dict[Key, int]:
    """Return where each key and each item of a list first appears in a text, which must be TOML."""
    found: dict[Key, int] = {}
    tables: dict[Key, int] = {}
    # What each open bracket is the value of, and in a list the number of the item.
    opened: list[tuple[Key, int | None]] = [((), None)]
    value: Key | None = None
    at = 0
    while token := _TOKEN.search(text, at):
        (start, at), mark, (inside, item) = token.span(), token[0], opened[-1]
        if token["key"]:
            value = _record(found, start, inside, _names(mark))
        elif mark == ",":
            value = None
            if item is not None:
                value = (*inside, item + 1)
                opened[-1] = inside, item + 1
        elif mark in {"]", "}"}:
            value = None
            opened.pop()
        elif header := _HEADER.match(text, start) if value is None else None:
            at = header.end()
            opened = [(_table(header, tables, found), None)]
        elif value is not None and not token["comment"]:
            found.setdefault(value, start)
            if mark == "[":
                opened.append((value, 0))
            elif mark == "{":
                opened.append((value, None))
            value = (*value, 0) if mark == "[" else None
    return found


def _record(found: dict[Key, int], offset: int, inside: Key, names: Iterable[str]) -> Key:
    """Record a dotted key and what it is part of; return it."""
    for name in names:
        inside = (*inside, name)
        found.setdefault(inside, offset)
    return inside


def _table(header: re.Match[str], tables: dict[Key, int], found: dict[Key, int]) -> Key:
    """Record the table of a header, in `tables` how many a list has by now; return its key."""
    *above, last = _names(header["key"])
    key: Key = ()
    for name in above:
        key = _record(found, header.start(), key, [name])
        key = (*key, tables[key]) if key in tables else key
    key = _record(found, header.start(), key, [last])
    if header["list"]:
        tables[key] = tables.get(key, -1) + 1
        key = (*key, tables[key])
        found[key] = header.start()
    return key


def _names(written: str) -> Iterator[str]:
    """Yield the parts of a dotted key."""
    data = tomllib.loads(f"{written} = 0")
    while isinstance(data, dict):
        ((name, data),) = data.items()
        yield name

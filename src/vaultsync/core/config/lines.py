"""Where in the text of `vaultsync.toml` a setting stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

Key = tuple[str, ...]
_HEADER = re.compile(r"[ \t]*\[(?P<list>\[)?")


def key_lines(text: str) -> dict[Key, int]:
    """Return the line, from 1, in which each key of a TOML text first stands.

    A key is the names on the way to it. A list is one value: what stands in a later `[[table]]` has
    the line of the first. Raises `tomllib.TOMLDecodeError` where the text is not TOML.
    """
    tomllib.loads(text)
    found: dict[Key, int] = {}
    lists: list[Key] = []
    table: Key = ()
    for line, statement in _statements(text.replace("\r\n", "\n")):
        keys = list(_keys(tomllib.loads(statement)))
        header = _HEADER.match(statement)
        if header:
            table = keys[-1]
            lists += [table] if header["list"] else []
        for key in [table] if header else [(*table, *inner) for inner in keys]:
            # Within a table of a list nothing has a place of its own.
            whole = next((known for known in lists if key[: len(known)] == known), key)
            found.setdefault(whole, line)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield each header and each key with its value, which is TOML by itself, with its line."""
    begun, lines = 0, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        begun = begun if lines else number
        lines.append(line)
        statement = "\n".join(lines)
        try:
            data = tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        lines = []
        if data:
            yield begun, statement


def _keys(data: Mapping[str, Any], before: Key = ()) -> Iterator[Key]:
    """Yield the keys of a statement, each behind those that it is part of."""
    for name, value in data.items():
        yield (*before, name)
        if isinstance(value, Mapping):
            yield from _keys(value, (*before, name))

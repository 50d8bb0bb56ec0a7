"""Read a block in which every line is `name: value` or an item of a list: most blocks are such.

It takes a fraction of the time that libyaml takes, and says the same or nothing.
"""

from __future__ import annotations

import re
from typing import Any

from vaultsync.model import Link, Properties
from vaultsync.properties.scalars import plain_value
from vaultsync.properties.value_links import value_link
from vaultsync.text import Span

# In a longer one there may be too much, which the reader of all YAML finds out.
MAX_LENGTH = 4_000
# What libyaml refuses, breaks a line at or takes for a blank.
_ODD = r"\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
# A colon before a blank would make a mapping of it, a hash behind one a comment.
_PLAIN = rf"\w(?:[^:#{_ODD}]|:(?![ \r\n]|\Z)|(?<! )#)*(?<! )"
_QUOTED = rf"\"[^\"\\{_ODD}]*\"|'[^'{_ODD}]*'"
_LINE = re.compile(
    r"(?:(?P<name>[A-Za-z_][\w-]*):|(?P<dash>[ ]*-))"
    rf"(?:[ ]+(?:(?P<plain>{_PLAIN})|(?P<quoted>{_QUOTED})))?[ ]*(?:\r?\n|\Z)"
)


def read_plain(text: str, block: Span, source: Span) -> Properties | None:
    """Return what the YAML at `source` says, None where it is not as plain as that."""
    if not 0 < source.end - source.start <= MAX_LENGTH:
        return None
    reading = _Reading(text)
    at = source.start
    while at < source.end:
        line = _LINE.match(text, at, source.end)
        if line is None or not reading.take(line):
            return None
        at = line.end()
    return reading.properties(block)


class _Reading:
    """The properties read so far."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._data: dict[str, Any] = {}
        self._keys: dict[str, Span] = {}
        self._values: dict[str, Span] = {}
        self._links: list[Link] = []
        # The property read last, and with what the items of its list begin: None until there is
        # one, "" where there can be none.
        self._name = ""
        self._dash: str | None = ""

    def take(self, line: re.Match[str]) -> bool:
        """Take a line; say whether it can be what it seems to be."""
        return self._take_property(line) if line["dash"] is None else self._take_item(line)

    def _take_property(self, line: re.Match[str]) -> bool:
        name = line["name"]
        if name in self._data:
            return False
        self._name, self._dash = name, None if line.lastgroup == "name" else ""
        self._keys[name] = Span(*line.span("name"))
        self._data[name], self._values[name] = self._value(line, line.end("name") + 1)
        return True

    def _take_item(self, line: re.Match[str]) -> bool:
        value, place = self._value(line, line.end("dash"))
        start = line.end("dash") - 1
        if self._dash is None:
            self._dash = line["dash"]
            self._data[self._name] = [value]
        elif self._dash == line["dash"]:
            self._data[self._name].append(value)
            start = self._values[self._name].start
        else:
            return False
        self._values[self._name] = Span(start, place.end)
        return True

    def _value(self, line: re.Match[str], nowhere: int) -> tuple[Any, Span]:
        """Return the value of a line and its place, which is `nowhere` if there is none."""
        if line.lastgroup == "plain":
            return plain_value(line["plain"]), Span(*line.span("plain"))
        if line.lastgroup != "quoted":
            return None, Span(nowhere, nowhere)
        value, place = line["quoted"][1:-1], Span(*line.span("quoted"))
        link = value_link(self._text, value, place) if "[" in value else None
        self._links += [link] if link else []
        return value, place

    def properties(self, block: Span) -> Properties:
        """Return what has been read."""
        links = tuple(dict.fromkeys(self._links))
        return Properties(self._data, block, self._keys, self._values, links)

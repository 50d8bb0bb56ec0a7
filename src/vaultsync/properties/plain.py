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
    # Any other line begins with some character, so that the search never goes on to the next one.
    r"|.",
    re.DOTALL,
)

# Its groups by number, since each line of each note passes here.
_NAME_GROUP, _DASH_GROUP, _PLAIN_GROUP, _QUOTED_GROUP = 1, 2, 3, 4


def read_plain(text: str, block: Span, source: Span) -> Properties | None:
    """Return what the YAML at `source` says, None where it is not as plain as that."""
    if not 0 < source.end - source.start <= MAX_LENGTH:
        return None
    reading = _Reading(text)
    for line in _LINE.finditer(text, source.start, source.end):
        if not reading.take(line):
            return None
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
        name, dash, plain, quoted = line.groups()
        if name is None and dash is None:
            return False
        if plain is not None:
            value = plain_value(plain)
            start, end = line.span(_PLAIN_GROUP)
        elif quoted is not None:
            value = quoted[1:-1]
            start, end = line.span(_QUOTED_GROUP)
            link = value_link(self._text, value, Span(start, end)) if "[" in value else None
            self._links += [link] if link else []
        else:
            value = None
            start = end = line.end(_DASH_GROUP) if name is None else line.end(_NAME_GROUP) + 1
        if name is None:
            return self._take_item(dash, line.end(_DASH_GROUP) - 1, value, end)
        if name in self._data:
            return False
        self._name, self._dash = name, None if plain is None and quoted is None else ""
        self._keys[name] = Span(*line.span(_NAME_GROUP))
        self._data[name], self._values[name] = value, Span(start, end)
        return True

    def _take_item(self, dash: str, start: int, value: Any, end: int) -> bool:
        name = self._name
        if self._dash is None:
            self._dash = dash
            self._data[name] = [value]
        elif self._dash == dash:
            self._data[name].append(value)
            start = self._values[name].start
        else:
            return False
        self._values[name] = Span(start, end)
        return True

    def properties(self, block: Span) -> Properties:
        """Return what has been read."""
        links = tuple(dict.fromkeys(self._links))
        return Properties(self._data, block, self._keys, self._values, links)

"""Read a block in which every line is `name: value` or an item of a list: most blocks are such.

It takes a fraction of the time that libyaml takes, and says the same or nothing.
"""

from __future__ import annotations

import re
from typing import Any

from vaultsync.core.model import Link, Properties
from vaultsync.core.text import Span
from vaultsync.markdown.frontmatter.scalars import plain_value
from vaultsync.markdown.frontmatter.value_links import value_link

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
    data: dict[str, Any] = {}
    keys: dict[str, Span] = {}
    values: dict[str, Span] = {}
    links: dict[Link, None] = {}
    # With what the items of the list that is read begin: None until there is one, "" where there
    # can be none.
    name = ""
    begin: str | None = ""
    # In one function, since each line of each note passes here.
    for line in _LINE.finditer(text, source.start, source.end):
        key, dash, plain, quoted = line.groups()
        if plain is not None:
            value, (start, end) = plain_value(plain), line.span(_PLAIN_GROUP)
        elif quoted is not None:
            value, (start, end) = quoted[1:-1], line.span(_QUOTED_GROUP)
            links |= _links(text, value, Span(start, end))
        else:
            value, start = None, line.end(_DASH_GROUP) if key is None else line.end(_NAME_GROUP) + 1
            end = start
        if key is not None and key not in data:
            name, begin = key, None if plain is None and quoted is None else ""
            keys[key] = Span(*line.span(_NAME_GROUP))
            data[key], values[key] = value, Span(start, end)
        elif dash is not None and begin is None:
            begin = dash
            data[name], values[name] = [value], Span(line.end(_DASH_GROUP) - 1, end)
        elif dash is not None and begin == dash:
            data[name].append(value)
            values[name] = Span(values[name].start, end)
        else:
            return None
    return Properties(data, block, keys, values, tuple(links))


def _links(text: str, value: str, place: Span) -> dict[Link, None]:
    link = value_link(text, value, place) if "[" in value else None
    return {link: None} if link else {}

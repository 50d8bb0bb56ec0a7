"""Find the block of properties and read it as Obsidian does (YAML 1.2, links in values).

**The fast path** reads most blocks line by line instead of by libyaml. A block is *plain* if every
line is `name: value`, `name:` or an item `- value` of the list below such a name, where a value is
a plain scalar on one line or a quoted text without escapes. In any other line `_LINE` matches a
single character, and `read_fast` returns None: the block is read with libyaml
(`yaml12.read_yaml`). So are duplicate names, items with another indent, and blocks longer than
`MAX_LENGTH`.

In this form YAML has one reading. The expression excludes all characters that could give another
one: `: ` and ` #` within a value, and what libyaml refuses or takes for a line break. Scalars get
their types from the same table (`values.KINDS`). `tests/markdown/frontmatter/test_fast_path.py`
compares both readers on generated blocks, values and places included.
"""

from __future__ import annotations

import re
from sys import intern
from typing import Any

import msgspec

from vaultsync.core.model import Link, Properties, PropertiesError
from vaultsync.core.text import Span
from vaultsync.markdown.frontmatter.values import property_link, scalar_value

# A longer one may hold too many values, which `read_yaml` counts.
MAX_LENGTH = 4_000
# What libyaml refuses, or takes for a line break or white space.
_ODD = r"\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
# A colon before a space would start a mapping, a hash behind one a comment.
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


def read_fast(text: str, block: Span, source: Span) -> Properties | None:
    """Return the properties of the YAML at `source`, None where it is not plain."""
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
            value, (start, end) = scalar_value(plain), line.span(_PLAIN_GROUP)
        elif quoted is not None:
            value, (start, end) = quoted[1:-1], line.span(_QUOTED_GROUP)
            link = property_link(text, value, Span(start, end)) if "[" in value else None
            links |= {link: None} if link else {}
        else:
            value, start = None, line.end(_DASH_GROUP) if key is None else line.end(_NAME_GROUP) + 1
            end = start
        if key is not None and key not in data:
            # Many notes have the same properties.
            name, begin = intern(key), None if plain is None and quoted is None else ""
            keys[name] = Span(*line.span(_NAME_GROUP))
            data[name], values[name] = value, Span(start, end)
        elif dash is not None and begin is None:
            begin = dash
            data[name], values[name] = [value], Span(line.end(_DASH_GROUP) - 1, end)
        elif dash is not None and begin == dash:
            data[name].append(value)
            values[name] = Span(values[name].start, end)
        else:
            return None
    return Properties(data, block, keys, values, tuple(links))


BOM = "\ufeff"
_OPENING = re.compile(r"---(?:\r\n|\n)")
_COMMAND = re.compile(r"<%(?:(?!%>|<%).)*%>", re.DOTALL)
_CLOSING = re.compile(r"^---[ \t]*(?:\r\n|\n|\Z)", re.MULTILINE)
# Where nothing but white space precedes it and a property follows directly, `---` is no rule.
_MISPLACED = re.compile(
    r"[\s\ufeff\u200b]*(?P<fence>---)[ \t]*(?:\r\n|\n)[\"']?[^\W\d][\w \t-]*[\"']?:(?:[ \t\r\n]|\Z)"
)
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?:[ ]|\r?$)", re.MULTILINE)


def find_block(text: str) -> tuple[Span, Span] | None:
    """Return the spans of the whole block and of the YAML in it, None where there is no block.

    The first line must be exactly `---`, after an optional byte order mark.
    """
    start = len(BOM) if text.startswith(BOM) else 0
    opening = _OPENING.match(text, start)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return None
    return Span(start, closing.end()), Span(opening.end(), closing.start())


def read_properties(text: str) -> Properties:
    """Return a note's properties; what cannot be read is an error value, never raised."""
    found = find_block(text)
    if found is None:
        return Properties(error=_misplaced(text))
    if plain := read_fast(text, *found):
        return plain
    if conflict := _CONFLICT.search(text, found[1].start, found[1].end):
        error = PropertiesError("a conflict of a merge", conflict.start(), "conflict")
        return Properties(span=found[0], error=error)
    # Few blocks need it, and it takes as long to import as hundreds of plain ones to read.
    from vaultsync.markdown.frontmatter.yaml12 import read_yaml

    read, (block, source) = read_yaml(text, *found), found
    if read.error is None or "<%" not in source.of(text):
        return read
    # Templater runs its commands before YAML is read, so that their quotes do no harm.
    quiet = _COMMAND.sub(lambda command: re.sub(r"[^\w<%>\r\n]", "_", command[0]), source.of(text))
    again = read_yaml(f"{text[: source.start]}{quiet}{text[source.end :]}", block, source)
    # Until then Obsidian knows no links there.
    return read if again.error else msgspec.structs.replace(again, links=())


def _misplaced(text: str) -> PropertiesError | None:
    """Return why the lines that begin a note are no block, though they were meant as one."""
    found = _MISPLACED.match(text)
    if found is None:
        return None
    is_first = _OPENING.match(text, len(BOM) if text.startswith(BOM) else 0)
    message = (
        "the properties are never closed, so they are text: end them with a line `---`"
        if is_first
        else "the properties are text: their `---` must be the first line, without spaces"
    )
    return PropertiesError(message, found.start("fence"), "misplaced")

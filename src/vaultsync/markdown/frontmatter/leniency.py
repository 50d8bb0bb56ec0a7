"""Where the YAML library that Obsidian uses reads what libyaml refuses, and the reverse.

Source: npm `yaml` 2.7.0, compared on the same texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from vaultsync.core.text import Span

# Blanks in front of a comment, or on a line of their own, indent nothing.
_NOTHING = re.compile(r"^[ \t]+(?=#|\r?$)", re.MULTILINE)
_ITEM = re.compile(r"^ *-[ \t]+(?=(?P<rest>[^\n]*))", re.MULTILINE)
# A list or mapping in a list item: there a tab would indent.
_NESTS = re.compile(r"[-?:](?:[ \t\r]|$)|[^\"'\[{#][^\n]*:(?:[ \t\r]|$)")
# No more of the value follows, further in.
_LONE_DASH = re.compile(r":( +)-(?=[ \t]*\r?(?:\n(?![ \t])|\Z))")
# Inside a value that is not at its end. A closing bracket may stand at the start of a line.
_NOT_INDENTED = re.compile(r"\n(?:[^ \t\r\n#\]}-]|\t[ \t]*[^ \t\r\n#])")


def softened(source: str) -> str:
    """Return a YAML text of the same length that libyaml reads as Obsidian does.

    Tabs that indent nothing become blanks, a lone dash for a value becomes null.
    """
    if "\t" in source:
        source = _NOTHING.sub(lambda found: " " * len(found[0]), source)
        source = _ITEM.sub(_without_tabs, source)
    return _LONE_DASH.sub(r":\1~", source)


def _without_tabs(item: re.Match[str]) -> str:
    return item[0] if _NESTS.match(item["rest"]) else item[0].replace("\t", " ")


def not_indented(text: str, values: Iterable[Span]) -> int | None:
    """Return where one of the values goes on without being indented, None where none does."""
    for value in values:
        if text.find("\n", value.start, value.end) >= 0:
            found = _NOT_INDENTED.search(text, value.start, value.end)
            if found:
                return found.start() + 1
    return None

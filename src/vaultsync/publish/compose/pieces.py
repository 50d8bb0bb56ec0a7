"""A composed text in pieces: items of lists, which mean alone what they mean in the text.

Most of a large post are such items. So each can be read and rendered by itself, and what came of it
can be kept for as long as it stays the same.
"""

from __future__ import annotations

import re

from vaultsync.core.text import possessive_group
from vaultsync.markdown import elements

# An item at the margin, which is no rule, and all that is indented below it. What follows begins
# another item, or is behind a blank line, so that it continues no paragraph of this one.
_BELOW = possessive_group(r"(?:(?: {2}| ?\t)[^\n]*+)?\n")
_ITEM = re.compile(rf"- (?=\S)(?![- \t]*\n)[^\n]*+\n{_BELOW}(?:(?<=\n\n)|(?=- )|\Z)")
_FIRST = re.compile(r"(?<=\n\n)- ")
# What may give links in the items a meaning.
_DEFINITION = re.compile(r"^[ \t>]*\[(?!\^)[^\]\n]+\]:", re.MULTILINE)
# What may reach over blank lines.
_REACHING = re.compile(r"```|~~~|<")


def pieces(text: str) -> list[tuple[str, bool]]:
    """Return the parts that make up a text, each with whether it is an item to be read alone."""
    if "\r" in text or ("]:" in text and _DEFINITION.search(text)):
        return [(text, False)]
    found: list[tuple[str, bool]] = []
    start = at = 0
    while first := _FIRST.search(text, at):
        at = first.end()
        items = _items(text, first.start())
        rest = text[start : first.start()]
        if _is_open(rest):
            break
        if items:
            found += [(rest, False), *((item, True) for item in items)]
            start = at = first.start() + sum(map(len, items))
    return [*found, (text[start:], False)] if start < len(text) else found


def _items(text: str, at: int) -> list[str]:
    items = []
    while item := _ITEM.match(text, at):
        items.append(item[0])
        at = item.end()
    return items


def _is_open(text: str) -> bool:
    """Whether a text ends within code or HTML, which an item behind it would be a part of."""
    if not _REACHING.search(text):
        return False
    last = elements(f"{text}- x\n", 0)[-1]
    return (last.kind, last.start) != ("item", len(text))

"""A composed text in pieces: items of lists, which mean alone what they mean in the text.

Most of a large post are such items. So each can be read and rendered by itself, and what came of it
can be kept for as long as it stays the same.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from vaultsync.core.memo import Memo
from vaultsync.core.model import Document, Fact, Link
from vaultsync.core.text import possessive_group
from vaultsync.markdown import elements, parse

# An item at the margin, which is no rule, and all that is indented below it. What follows begins
# another item, or is behind a blank line, so that it continues no paragraph of this one.
_BELOW = possessive_group(r"(?:(?: {2}| ?\t)[^\n]*+)?\n")
_ITEM = re.compile(rf"- (?=\S)(?![- \t]*\n)[^\n]*+\n{_BELOW}(?:(?<=\n\n)|(?=- )|\Z)")
_FIRST = re.compile(r"(?<=\n\n)- ")
# What may give links in the items a meaning.
_DEFINITION = re.compile(r"^[ \t>]*\[(?!\^)[^\]\n]+\]:", re.MULTILINE)
_FACTS = ("headings", "internal", "external", "blocks", "tags", "tasks", "footnotes", "conflicts")
_HIDING = ("$$", "%%")
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
    found += [(text[start:], False)] if start < len(text) else []
    # What begins in one of them may hide the others.
    hiding = any(part.count(mark) % 2 for mark in _HIDING if mark in text for part, _ in found)
    return [(text, False)] if hiding else found


def piece(path: str, text: str, memo: Memo) -> Document:
    """Return a piece behind a line break, which keeps a rule `---` from opening properties."""
    return memo.get((parse, path, text), lambda: parse(path, f"\n{text}"))


def parsed(path: str, text: str, memo: Memo) -> Document:
    """Return a text behind a line break as `parse` reads it, of which each piece is read alone."""
    found: dict[str, Any] = {name: [] for name in _FACTS}
    at = 0
    for part, _ in pieces(text):
        document = piece(path, part, memo)
        for name, facts in found.items():
            facts += [_moved(fact, at) for fact in getattr(document, name)]
        at += len(part)
    made: dict[str, Any] = {name: tuple(facts) for name, facts in found.items()}
    return Document(path, "note", f"\n{text}", external_source=made.pop("external"), **made)


def _moved(fact: Fact, by: int) -> Fact:
    new = {"start": fact.start + by, "end": fact.end + by}
    if isinstance(fact, Link):
        new |= {"target_start": fact.target_start + by, "target_end": fact.target_end + by}
    return msgspec.structs.replace(fact, **new) if by else fact


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

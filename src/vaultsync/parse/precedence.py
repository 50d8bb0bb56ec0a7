"""Of constructs that overlap in a line, the one that opens first counts.

pulldown-cmark lets code, mathematics, HTML and autolinks win over the wikilink that they begin in.
Obsidian takes the link. Source: rule §10 of the conformance vectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from vaultsync.parse.events import INLINE, events, tag_of
from vaultsync.parse.offsets import Offsets
from vaultsync.text import Edit, Span, apply_edits

# In one block so many links are mended, each by a reading of its own.
MOST_ROUNDS = 20
_OPENER = re.compile(r"[`$<]")
# What may stand between the brackets of a link.
_BRACKET = r"\](?!\])|\[(?!\[)"
_BEFORE = rf"(?:[^\[\]\r\n`$<]++|{_BRACKET})*+"
_POSSIBLE = re.compile(rf"\[\[{_BEFORE}[`$<]")
# The first two are no links but may hide the start of one. Behind three backticks all is left as
# it is, since it may be a backtick that makes the line no fence.
_LINK = re.compile(
    rf"\\.|```[^\r\n]*|!?\[\[(?P<inner>{_BEFORE}[`$<](?:[^\[\]\r\n]++|{_BRACKET})*+)\]\]"
)
_LEAVES = frozenset({"Code", "InlineMath", "DisplayMath", "InlineHtml"})
_NOWHERE = 1 << 60
_Kind = Literal["block", "leaf", "wikilink"]


def links_first(body: str) -> str:
    """Return a text of the same length in which pulldown-cmark finds the links that Obsidian does.

    A backtick, dollar or `<` inside a wikilink becomes a letter if what it opens ends behind the
    link. Any other text is returned as it is.
    """
    if not _POSSIBLE.search(body):
        return body
    for _ in range(MOST_ROUNDS):
        links = [Span(*found.span()) for found in _LINK.finditer(body) if found["inner"]]
        crossed = list(_crossed(body, links))
        if not crossed:
            break
        body = apply_edits(body, [Edit(link, _OPENER.sub("x", link.of(body))) for link in crossed])
    return body


def _crossed(body: str, links: list[Span]) -> Iterator[Span]:
    """Yield the links in which something begins that ends behind them, of each block the first.

    What follows in the block is read otherwise when that is mended.
    """
    waiting = links[::-1]
    # What begins before it is in code or in another block; behind a link to be mended, all is.
    reached = 0
    for kind, span in _spans(body):
        while waiting and waiting[-1].end <= span.start:
            waiting.pop()
        if not waiting:
            return
        link = waiting[-1]
        if kind == "block":
            reached = span.start
        elif reached <= link.start <= span.start and link.end < span.end:
            yield link
            reached = _NOWHERE
        elif kind == "leaf":
            reached = max(reached, span.end)


def _spans(body: str) -> Iterator[tuple[_Kind, Span]]:
    """Yield the edges of blocks, and what may overlap a wikilink."""
    at = Offsets(body, 0)
    for event, place in events(body):
        kind = _kind(event)
        if kind:
            start, end = at(place["start"]), at(place["end"])
            yield kind, Span(end if kind == "block" and "End" in event else start, end)


def _kind(event: Any) -> _Kind | None:
    name, value = next(iter(event.items())) if isinstance(event, dict) else (event, None)
    if name in _LEAVES:
        return "leaf"
    if name not in {"Start", "End"}:
        return None
    if tag_of(value) not in INLINE:
        return "block"
    return _inline_kind(value) if name == "Start" and isinstance(value, dict) else None


def _inline_kind(value: dict[str, Any]) -> _Kind | None:
    (detail,) = value.values()
    if detail["link_type"] == "Autolink":
        return "leaf"
    return "wikilink" if isinstance(detail["link_type"], dict) else None

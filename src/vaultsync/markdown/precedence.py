"""Of constructs that overlap in a line, the one that opens first counts.

pulldown-cmark lets code, mathematics, HTML and autolinks win over the wikilink that they begin in.
Obsidian takes the link. Source: rule §10 of the conformance vectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from vaultsync.core.regex import possessive
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown.events import INLINE, events, tag_of
from vaultsync.markdown.offsets import Offsets

# In one block so many links are mended, each by a reading of its own.
MOST_ROUNDS = 20
_OPENER = re.compile(r"[`$<]")
# What may stand between the brackets of a link.
_BRACKET = r"\](?!\])|\[(?!\[)"
_BEFORE = possessive(rf"[^\[\]\r\n`$<]++|{_BRACKET}")
_BEFORE_ON_ANY_LINE = possessive(rf"[^\[\]`$<]++|{_BRACKET}")
_INNER = rf"[^\[\]\r\n]++|{_BRACKET}"
_POSSIBLE = re.compile(rf"\[\[{_BEFORE_ON_ANY_LINE}[`$<]")
# The first two are no links but may hide the start of one. Behind three backticks all is left as
# it is, since it may be a backtick that makes the line no fence.
_LINK = re.compile(rf"\\.|```[^\r\n]*|!?\[\[(?P<inner>{_BEFORE}[`$<]{possessive(_INNER)})\]\]")
# The first of two brackets that open no link.
_NO_OPENER = re.compile(rf"\[(?=\[)(?!\[{possessive(_INNER, '+')}\]\])")
_NO_LINK = re.compile(r"\[\[|\]\]|[\r\n]")
_LEAVES = frozenset({"Code", "InlineMath", "DisplayMath", "InlineHtml"})
_NOWHERE = 1 << 60
_Kind = Literal["block", "leaf", "wikilink"]


def links_first(body: str) -> str:
    """Return a text of the same length in which pulldown-cmark finds the links that Obsidian does.

    A backtick, dollar or `<` inside a wikilink becomes a letter if what it opens ends behind the
    link. So does the first of two brackets that open no link but hide code. Any other text stays
    as it is.
    """
    # A plain search finds the first link sooner.
    first = body.find("[[")
    if first < 0 or not _POSSIBLE.search(body, first):
        return body
    for _ in range(MOST_ROUNDS):
        mends = list(_mends(body))
        if not mends:
            break
        body = apply_edits(body, mends)
    return body


def _mends(body: str) -> Iterator[Edit]:
    """Yield of each block the first mend; what follows it there will be read otherwise."""
    waiting = [Span(*found.span()) for found in _LINK.finditer(body) if found["inner"]][::-1]
    # What begins before it is in something else, or in another block; behind a mend, all is.
    reached = 0
    for kind, span in _spans(body):
        while waiting and waiting[-1].end <= span.start:
            waiting.pop()
        link = waiting[-1] if waiting else Span(_NOWHERE, _NOWHERE)
        if kind == "block":
            reached = span.start
        elif reached <= link.start <= span.start and link.end < span.end:
            yield Edit(link, _OPENER.sub("x", link.of(body)))
            reached = _NOWHERE
        elif kind == "wikilink" and reached <= span.start and _hides(span.of(body)):
            yield Edit(span, _NO_OPENER.sub("x", span.of(body)))
            reached = _NOWHERE
        else:
            reached = max(reached, span.end)


def _hides(written: str) -> bool:
    """Whether what pulldown-cmark takes for a wikilink is none, but something else may open in it.

    A wikilink stands on one line, and of nested ones the innermost counts.
    """
    inner = written.removeprefix("!")[2:-2]
    return bool(_NO_LINK.search(inner) and _OPENER.search(inner))


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

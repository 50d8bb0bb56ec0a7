"""Links in properties: a value counts when the whole of it is one link."""

from __future__ import annotations

import re

from vaultsync.linktext import markdown_target, split_wikilink
from vaultsync.model import Link
from vaultsync.text import Span

_WIKI = re.compile(r"\[\[(?P<inner>[^\n]+?)\]\]")
_MARKDOWN = re.compile(r"\[(?P<display>[^\]\n]*)\]\((?P<target><[^>\n]*>|[^\s()<>]+)\)")


def value_link(text: str, value: str, span: Span) -> Link | None:
    """Return the link that `value`, written at `span`, is, or None."""
    wiki = _WIKI.fullmatch(value)
    if wiki and "[[" not in wiki["inner"]:
        target, subpath, display, raw = split_wikilink(wiki["inner"])
        return Link(span.start, span.end, "property", target, subpath, display, *_at(text, raw, span))
    markdown = _MARKDOWN.fullmatch(value)
    if markdown is None:
        return None
    target, subpath, external = markdown_target(markdown["target"])
    place = _at(text, markdown["target"], span)
    return Link(
        span.start, span.end, "property", target, subpath, markdown["display"], *place, external
    )


def _at(text: str, part: str, span: Span) -> tuple[int, int]:
    """Find where `part` is written; the whole value where YAML escapes hide it."""
    start = text.find(part, span.start, span.end) if part else -1
    return (start, start + len(part)) if start >= 0 else (span.start, span.end)

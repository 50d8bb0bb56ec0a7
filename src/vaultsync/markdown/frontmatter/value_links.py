"""Links in properties: a value counts when the whole of it is one link.

Source of the rule: Obsidian's behaviour as observed in
https://github.com/open-nerve/NerveWiki (tools/md-fixtures).
"""

from __future__ import annotations

import re

from vaultsync.core.model import Link
from vaultsync.core.text import Span
from vaultsync.markdown.linktext import DESTINATION, markdown_target, split_wikilink

_WIKI = re.compile(r"\[\[(?P<inner>(?:(?!\[\[|\]\])[^\n])+)\]\]")
_MARKDOWN = re.compile(rf"\[(?P<display>[^\]\n]*)\]\((?P<destination>{DESTINATION})\)")


def value_link(text: str, value: str, span: Span) -> Link | None:
    """Return the link that `value`, written at `span`, is, or None."""
    wiki, markdown = _WIKI.fullmatch(value), _MARKDOWN.fullmatch(value)
    if wiki:
        target, subpath, display, written = split_wikilink(wiki["inner"])
        place = _place(text, span, "[[", written)
        return Link(span.start, span.end, "property", target, subpath, display, *place)
    if markdown:
        inner = markdown["destination"].strip("<>")
        target, subpath, external = markdown_target(inner)
        written = inner if external else inner.partition("#")[0]
        place = _place(text, span, "](", written)
        display = markdown["display"]
        return Link(span.start, span.end, "property", target, subpath, display, *place, external)
    return None


def _place(text: str, span: Span, opener: str, written: str) -> tuple[int, int]:
    """Find where a target is written; it is the whole value where YAML's escapes hide it."""
    opening = text.find(opener, span.start, span.end)
    start = text.find(written, opening + len(opener), span.end) if opening >= 0 else -1
    return (start, start + len(written)) if start >= 0 else (span.start, span.end)

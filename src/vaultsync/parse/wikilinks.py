"""Links in the body, read from their source text."""

from __future__ import annotations

import re

from vaultsync.linktext import is_external, markdown_target, split_wikilink
from vaultsync.model import Link

_DESTINATION = re.compile(r"\]\(\s*(<[^>\n]*>|[^\s]*?)(?:\s+[\"'(][^\n]*)?\s*\)$", re.DOTALL)


def wikilink(text: str, start: int, end: int) -> Link | None:
    """Return the wikilink or embed written there; None if a line break makes it plain text."""
    embed = text.startswith("!", start)
    inner_start = start + (3 if embed else 2)
    inner = text[inner_start : end - 2]
    if "\n" in inner or "\r" in inner:
        return None
    target, subpath, display, raw = split_wikilink(inner)
    at = inner_start + len(inner) - len(inner.lstrip())
    kind = "embed" if embed else "wiki"
    return Link(start, end, kind, target, subpath, display, at, at + len(raw))


def markdown_link(
    text: str, start: int, end: int, destination: str, *, image: bool
) -> Link | None:
    """Return an inline Markdown link or image, `destination` being what CommonMark reads."""
    kind = "image" if image else "markdown"
    raw = text[start:end]
    written = _DESTINATION.search(raw)
    display = raw[2 if image else 1 : written.start()] if written else ""
    place = (start + written.start(1), start + written.end(1)) if written else (start, end)
    if is_external(destination):
        return Link(start, end, kind, destination, "", display, *place, external=True)
    source = written[1] if written else destination
    target, subpath, _ = markdown_target(source)
    return Link(start, end, kind, target, subpath, display, *place)

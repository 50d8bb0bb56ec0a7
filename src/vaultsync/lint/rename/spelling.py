"""How targets and subpaths are written in links of notes and canvases, and where."""

from __future__ import annotations

import json
import re

import msgspec

from vaultsync.core.model import Document, Link
from vaultsync.core.text import Span
from vaultsync.lint.retarget import is_wiki, spelled
from vaultsync.markdown.document import canvas_subpaths
from vaultsync.markdown.links import (
    destination_span,
    markdown_destination,
    markdown_target,
    wikilink_target,
)

_WIKI_END = re.compile(r"\\*\||\]\]")


def spelled_in(document: Document, link: Link, written: str) -> str | None:
    """Return a target or a subpath as it is written in a link, None where it cannot be."""
    if link.target_span == Span(0, len(document.text)):
        return None
    if link.kind == "canvas":
        found: str | None = written
    elif document.kind != "canvas":
        found = spelled(document, link, written)
    else:
        is_wikilink = is_wiki(document, link)
        found = wikilink_target(written) if is_wikilink else markdown_destination(written)
    if found and _is_angled(document, link):
        # There a space is written as it is.
        found = found.replace("%20", " ")
    is_json = found is not None and document.kind == "canvas"
    return json.dumps(found, ensure_ascii=False)[1:-1] if is_json else found


def _is_angled(document: Document, link: Link) -> bool:
    return document.text[link.target_start - 1 : link.target_start] == "<"


def subpath_span(document: Document, link: Link) -> Span | None:
    """Return where the subpath of a link is written, None where that is not certain."""
    if link.target_span in {link.span, Span(0, len(document.text))} and link.kind != "canvas":
        return None
    if link.kind == "canvas":
        cards = [one for one in document.internal if one.kind == "canvas" and one.subpath]
        return dict(zip(cards, canvas_subpaths(document.text), strict=False)).get(link)
    text, is_wikilink = document.text, is_wiki(document, link)
    if is_wikilink:
        found = _WIKI_END.search(text, link.target_end, link.end)
        end = found.start() if found else link.end
    else:
        start = link.target_start - _is_angled(document, link)
        end = destination_span(text, start, text.rindex(")", start, link.end))[1]
    written = text[link.target_start : end]
    if document.kind == "canvas":
        written = msgspec.json.decode(f'"{written}"')
    start = text.find("#", link.target_end, end)
    _, mark, rest = written.partition("#")
    read = f"{mark}{rest}".strip() if is_wikilink else markdown_target(written)[1]
    if start < 0 or read != link.subpath:
        return None
    return Span(start, start + len(text[start:end].rstrip()))

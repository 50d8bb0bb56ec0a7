"""The note that lists the pairs that are not to be suggested.

Its items are `[[one]] and [[other]]: reason`, in order, so that two people who dismiss different
pairs mostly change different places.
"""

from __future__ import annotations

from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span, line_ending
from vaultsync.markdown import elements
from vaultsync.notes.link_index import LinkIndex, resolvable_links, wikilink


def dismissed_pairs(document: Document | None, index: LinkIndex) -> frozenset[frozenset[str]]:
    """Return the pairs, as sets of two paths: of each item the notes of its first two links."""
    found: set[frozenset[str]] = set()
    for part in elements(document.text, document.body) if document else ():
        if document and part.kind == "item":
            inner = (
                one for one in resolvable_links(document) if part.start <= one.start < part.end
            )
            paths = [index.resolve(one.target, document.path)[:1] for one in inner][:2]
            found.add(frozenset(path for one in paths for path in one))
    return frozenset(pair for pair in found if len(pair) > 1)


def dismissal(one: str, other: str, reason: str, index: LinkIndex) -> str:
    """Return the item that dismisses a pair of notes, by path."""
    links = " and ".join(wikilink(path, index) for path in sorted((one, other)))
    return f"- {links}: {' '.join(reason.split())}"


def dismissal_edit(document: Document, item: str) -> Edit:
    """Return the edit that puts an item into the note, before the first that follows it."""
    text, newline = document.text, line_ending(document.text)
    items = [
        part for part in elements(text, document.body) if (part.kind, part.depth) == ("item", 1)
    ]
    for part in items:
        if part.span.of(text) > item:
            return Edit(Span(part.start, part.start), f"{item}{newline}")
    if items:
        at = len(text[: items[-1].end].rstrip())
        return Edit(Span(at, at), f"{newline}{item}")
    at = len(text.rstrip())
    gap = newline * 2 if at else ""
    return Edit(Span(at, len(text)), f"{gap}{item}{newline}")

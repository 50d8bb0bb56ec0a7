"""Edits that change a link's target and keep its subpath and display text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vaultsync.core.model import Document, Link
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.lint.link_graph import LinkGraph
from vaultsync.markdown.links import markdown_destination, wikilink_target
from vaultsync.notes.link_index import heading_key

# What needs an escape in a quoted value of a property.
_QUOTES = re.compile(r"[\"'\\]")


def is_wiki(document: Document, link: Link) -> bool:
    """Whether a link is written with double brackets."""
    if link.kind == "property":
        return "[[" in link.span.of(document.text)
    return link.kind in {"wiki", "embed"}


def retarget(document: Document, link: Link, target: str) -> tuple[Edit, ...]:
    """Return the edit that gives a link a target, () if it cannot be written there."""
    written = spelled(document, link, target)
    return () if written is None else (Edit(link.target_span, written),)


def spelled(document: Document, link: Link, target: str) -> str | None:
    """Return a target or a subpath as it is written in a link like this one.

    None: it cannot be written, or its place is not known.
    """
    if document.kind == "canvas" or link.target_span == link.span:
        return None
    written = wikilink_target(target) if is_wiki(document, link) else markdown_destination(target)
    if link.kind == "property" and written and _QUOTES.search(written):
        return None
    return written


def retarget_and_show(
    document: Document, link: Link, target: str, graph: LinkGraph
) -> tuple[Edit, ...]:
    """Return the edit that gives a wikilink a target and keeps what it shows."""
    text = document.text
    written = spelled(document, link, target)
    if written is None or link.display:
        return retarget(document, link, target)
    end = text.rindex("]]", link.start, link.end)
    bar = "\\|" if in_table(document, link, graph) else "|"
    # A bar before an empty display text is replaced.
    inner = re.split(r"\\?\|", text[link.target_start : end])[0]
    # Obsidian shows `[[note#heading]]` so.
    shown = " > ".join(part.strip() for part in inner.split("#"))
    return (Edit(Span(link.target_start, end), f"{written}{link.subpath}{bar}{shown}"),)


def in_table(document: Document, link: Link, graph: LinkGraph) -> bool:
    """Whether a link is in a table, where a bar needs a backslash."""
    tables = graph.tables(document)
    return any(table.start <= link.start < table.end for table in tables)


def renames_heading(document: Document, edits: Iterable[Edit]) -> bool:
    """Whether edits change the text by which links lead to a heading of the note."""
    for edit in edits:
        for heading in document.headings:
            if heading.start <= edit.span.start and edit.span.end <= heading.end:
                own = Span(edit.span.start - heading.start, edit.span.end - heading.start)
                before = heading.span.of(document.text)
                if heading_key(apply_edits(before, [Edit(own, edit.new)])) != heading_key(before):
                    return True
    return False

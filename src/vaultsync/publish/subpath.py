"""The part of a note that an embed names: all of it, a section or a block."""

from __future__ import annotations

import re

from vaultsync.core.model import Document, Element
from vaultsync.core.text import Span
from vaultsync.markdown import elements
from vaultsync.notes.link_index import find_heading

_INDENT = re.compile(r"^[ \t]*", re.MULTILINE)
_BLOCK_ID = re.compile(r"[ \t]*\^[A-Za-z0-9-]+[ \t]*\Z")


def part_of(document: Document, subpath: str) -> Span | None:
    """Return where the part stands, None where the note has no such part.

    A section runs to the next heading of its level or above. A block is the paragraph, list item
    or other block that ends with the id, or the one before an id that stands alone; a list is one
    block then. Source: https://help.obsidian.md/embeds and https://help.obsidian.md/links.
    """
    if subpath in {"", "#"}:
        return Span(document.body, len(document.text))
    if subpath.startswith("#^"):
        return _block(document, subpath[2:].lower())
    found = find_heading(document.headings, subpath)
    if found is None:
        return None
    ends = (h.start for h in document.headings if h.start > found.start and h.level <= found.level)
    return Span(found.start, next(ends, len(document.text)))


def _block(document: Document, name: str) -> Span | None:
    mark = next((block for block in document.blocks if block.id.lower() == name), None)
    if mark is None:
        return None
    parts = elements(document.text, document.body)
    around = [at for at, part in enumerate(parts) if part.start <= mark.start < part.end]
    if not around:
        return None
    at = around[-1]
    if document.text[parts[at].start : mark.start].strip() or at == 0:
        return parts[at].span
    return _whole_list(parts[:at]) if parts[at - 1].kind == "item" else parts[at - 1].span


def _whole_list(parts: tuple[Element, ...]) -> Span:
    at = len(parts) - 1
    while at and parts[at - 1].kind == "item":
        at -= 1
    return Span(parts[at].start, max(part.end for part in parts[at:]))


def text_of(document: Document, part: Span) -> str:
    """Return the text of a part without what indents it, and without the id of a block."""
    start = document.text.rfind("\n", 0, part.start) + 1
    raw = part.of(document.text)
    width = part.start - start
    lines = [line[min(width, _indent(line)) :] for line in raw.split("\n")[1:]]
    return _BLOCK_ID.sub("", "\n".join([raw.split("\n")[0], *lines]).rstrip())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t>"))

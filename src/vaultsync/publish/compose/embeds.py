"""Embeds: which part of a note one names, and how that part fits into the text."""

from __future__ import annotations

import re

import msgspec

from vaultsync.core.model import Document, Element, Heading, Link
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import elements, parse
from vaultsync.notes.link_index import find_heading

# What may precede an embed that has its line for itself: marks of quotes, lists and tasks.
_OPENING = re.compile(r"(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])[ \t]|\[[^\r\n]\][ \t])*")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[^\r\n]\][ \t]+)?")
_MARKS = re.compile(r"[^\s>]")
_BLANK = re.compile(r"[ \t>]*")
_ATX = re.compile(r"#{1,6}")
_ATX_TEXT = re.compile(r"#{1,6}[ \t]+")
_UNDERLINE = re.compile(r"\n[ \t>]*(?:=+|-+)[ \t]*\Z")
_DEEPEST = 6
_INDENT = re.compile(r"^[ \t]*", re.MULTILINE)
_BLOCK_ID = re.compile(r"[ \t]*\^[A-Za-z0-9-]+[ \t]*\Z")


class Place(msgspec.Struct, frozen=True):
    """The place of an embed: alone on its line, and what continues its line; or within a text."""

    alone: bool
    before: str
    after: str


def place_of(text: str, link: Link) -> Place:
    """Return the place of an embed."""
    start = text.rfind("\n", 0, link.start) + 1
    end = text.find("\n", link.end)
    end = len(text) if end < 0 else end
    opening = text[start : link.start]
    if not _OPENING.fullmatch(opening) or text[link.end : end].strip():
        return Place(alone=False, before="", after="")
    margin = _MARKS.sub(" ", opening)
    above = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : max(start - 1, 0)]
    below = text[end + 1 : text.find("\n", end + 1) if "\n" in text[end + 1 :] else len(text)]
    listed = margin != opening
    before = "" if listed or _BLANK.fullmatch(above) else f"\n{margin}"
    ends = _BLANK.fullmatch(below) or (listed and _ITEM.match(below.lstrip(" \t>")))
    after = "" if ends else f"\n{margin.rstrip()}"
    return Place(alone=True, before=before, after=after)


def set_in(part: str, text: str, link: Link) -> str | None:
    """Return a part as the text in the place of an embed.

    None where the embed is within a line and the part is more than a paragraph.
    """
    place = place_of(text, link)
    if place.alone:
        start = text.rfind("\n", 0, link.start) + 1
        margin = _MARKS.sub(" ", text[start : link.start])
        if margin != text[start : link.start] and _kinds(part) == ["item"]:
            part = _ITEM.sub("", part, count=1)
        lines = [
            f"{margin}{line}".rstrip() if line else margin.rstrip() for line in part.split("\n")
        ]
        return place.before + "\n".join(lines).removeprefix(margin) + place.after
    kinds = _kinds(part)
    if kinds == ["item"]:
        return " ".join(_ITEM.sub("", part, count=1).split())
    return " ".join(part.split()) if kinds in ([], ["paragraph"]) else None


def _kinds(part: str) -> list[str]:
    return [element.kind for element in elements(part, 0) if element.depth <= 1]


def level_at(headings: tuple[Heading, ...], offset: int) -> int:
    """Return the level of the heading that a place is under, 0 where there is none."""
    above = [heading.level for heading in headings if heading.start < offset]
    return above[-1] if above else 0


def shifted(text: str, above: int) -> str:
    """Return a text whose headings are at least one level below `above`, by the same step each.

    None gets deeper than the sixth level. Underlined headings become marked ones.
    """
    document = parse("part.md", f"\n{text}")
    levels = [heading.level for heading in document.headings]
    step = above + 1 - min(levels, default=_DEEPEST)
    if step <= 0:
        return text
    edits = [_shifted(document, heading, step) for heading in document.headings]
    return apply_edits(document.text, edits)[1:]


def _shifted(document: Document, heading: Heading, step: int) -> Edit:
    marks = "#" * min(heading.level + step, _DEEPEST)
    atx = _ATX.match(document.text, heading.start, heading.end)
    if atx:
        return Edit(Span(*atx.span()), marks)
    raw = _UNDERLINE.sub("", heading.span.of(document.text))
    return Edit(heading.span, f"{marks} {' '.join(raw.split())}")


def marked(text: str, mark: str) -> str:
    """Return a part that begins with the mark of a place."""
    first = elements(text, 0)[:1]
    if not first or first[0].kind not in {"heading", "paragraph"}:
        return f"{mark}\n\n{text}"
    start = first[0].start
    opening = _ATX_TEXT.match(text, start)
    at = opening.end() if opening and first[0].kind == "heading" else start
    return text[:at] + mark + text[at:]


def part_of(document: Document, subpath: str) -> Span | None:
    """Return the span of the part, None where the note has no such part.

    A section runs to the next heading of its level or above. A block is the paragraph, list item
    or other block that ends with the id, or the one before an id that is alone; a list is one
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

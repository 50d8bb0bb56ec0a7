"""Generated blocks in a note: where they are, and how their content is replaced.

`<!-- vaultsync:KIND name="value" -->` opens one and `<!-- /vaultsync -->` closes it, each on a
line of its own with a blank line inside. Markers in code are text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

import msgspec

from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span, line_ending
from vaultsync.markdown import elements

MARKER = re.compile(r"<!--\s*(/?)vaultsync\b(?!-\w)")
_OPENER = re.compile(
    r"<!--\s*vaultsync:(?P<kind>[\w-]+)(?P<attributes>(?:\s+\w[\w-]*=\"[^\"\n]*\")*)\s*-->\s*"
)
_ATTRIBUTE = re.compile(r"(\w[\w-]*)=\"([^\"]*)\"")
_CLOSER = re.compile(r"<!--\s*/vaultsync\s*-->\s*")
CLOSER = "<!-- /vaultsync -->"
# A marker that can be read without a parser, where nothing reaches over the blank line before it.
_ALONE = re.compile(r"(?:\A|(?<=\n\n))<!--[ \t]*/?vaultsync\b[^\n]*-->[ \t]*(?:\n|\Z)")


class GeneratedBlock(msgspec.Struct, frozen=True):
    """A block; `inner` is what is between its markers, `span` all of it."""

    kind: str
    attributes: Mapping[str, str]
    inner: Span
    span: Span

    def content(self, text: str) -> str:
        """Return the block's content without the blank lines around it, with LF line ends."""
        return self.inner.of(text).replace("\r\n", "\n").strip("\n")


class BrokenMarker(msgspec.Struct, frozen=True):
    """A marker that opens or closes nothing, or that cannot be read."""

    span: Span
    message: str


FoundMarkers = tuple[tuple[GeneratedBlock, ...], tuple[BrokenMarker, ...]]


def find_blocks(document: Document) -> FoundMarkers:
    """Return the well-formed blocks of a note and the markers that are broken, each in order."""
    if document.kind != "note" or not document.directives:
        return (), ()
    return _parse_markers(document.text, document.body)


# A journal may be long, and is looked through for each block that shows it.
@functools.lru_cache(maxsize=8)
def _parse_markers(text: str, body: int) -> FoundMarkers:
    blocks: list[GeneratedBlock] = []
    broken: list[BrokenMarker] = []
    opener: tuple[Span, re.Match[str]] | None = None
    for mark in _marks(text, body):
        raw = mark.of(text)
        opening = _OPENER.fullmatch(raw)
        if opening:
            if opener:
                broken.append(_unclosed(opener[0]))
            opener = (mark, opening)
        elif _CLOSER.fullmatch(raw) and opener:
            blocks.append(_block(text, *opener, mark))
            opener = None
        else:
            broken.append(BrokenMarker(mark, _complaint(raw)))
    if opener:
        broken.append(_unclosed(opener[0]))
    return tuple(blocks), tuple(sorted(broken, key=lambda marker: marker.span))


def _marks(text: str, body: int) -> list[Span]:
    """Return the markers at the top level. A journal is long, and mostly needs no parser."""
    places = [found.start() for found in MARKER.finditer(text, body)]
    alone = [found for found in (_ALONE.match(text, at) for at in places) if found]
    # Code and other HTML may reach over blank lines, and so may what ends in a bare return.
    # Source: https://spec.commonmark.org/0.31.2/#html-blocks.
    plain = not any(mark in text for mark in ("```", "~~~", "\r"))
    if plain and text.count("<", body) == len(places) == len(alone):
        return [Span(*found.span()) for found in alone]
    parts = (part for part in elements(text, body) if part.kind == "html") if places else ()
    return [part.span for part in parts if MARKER.match(part.span.of(text))]


def _block(text: str, opener: Span, opening: re.Match[str], closer: Span) -> GeneratedBlock:
    attributes = dict(_ATTRIBUTE.findall(opening["attributes"]))
    start = opener.start + len(opener.of(text).rstrip())
    end = closer.start + len(closer.of(text).rstrip())
    return GeneratedBlock(
        opening["kind"], attributes, Span(start, closer.start), Span(opener.start, end)
    )


def _unclosed(opener: Span) -> BrokenMarker:
    return BrokenMarker(opener, f"this block is never closed: end it with `{CLOSER}`")


def _complaint(raw: str) -> str:
    if _CLOSER.fullmatch(raw):
        return "this marker closes no block"
    if MARKER.match(raw) and raw.count("-->") and not raw.rstrip().endswith("-->"):
        return "a marker must stand alone on its line"
    return 'a marker reads `<!-- vaultsync:KIND name="value" -->`, on a line of its own'


def replace_content(text: str, block: GeneratedBlock, content: str) -> Edit:
    """Return the edit that gives a block new content (LF line ends), in the text's line ends."""
    inner = f"\n\n{content}\n\n" if content else "\n\n"
    return Edit(block.inner, inner.replace("\n", line_ending(text)))

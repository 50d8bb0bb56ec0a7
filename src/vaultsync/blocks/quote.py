"""Generated blocks in a note, and what of a note can be shown elsewhere.

`<!-- vaultsync:KIND name="value" -->` opens a block and `<!-- /vaultsync -->` closes it, each on a
line of its own with a blank line inside. Markers in code are text. What is shown elsewhere has no
comments, and its links lead to the same files.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from vaultsync.blocks.comments import MARKER, OPENING, code_spans, without_comments
from vaultsync.core.model import Document, Fact, Link
from vaultsync.core.text import Edit, Span, apply_edits, line_ending
from vaultsync.markdown import elements, markup_spans, parse
from vaultsync.notes.link_index import LinkIndex, is_attachment, wikilink

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
    opened: list[tuple[Span, re.Match[str]]] = []
    unclosed: list[tuple[Span, re.Match[str]]] = []
    for mark in _marks(text, body):
        raw = mark.of(text)
        opening = _OPENER.fullmatch(raw)
        if opening:
            opened.append((mark, opening))
        elif opened and _CLOSER.fullmatch(raw):
            blocks.append(_block(text, *opened.pop(), mark))
            unclosed, opened = [*unclosed, *opened], []
        else:
            broken.append(BrokenMarker(mark, _complaint(raw)))
    never = f"this block is never closed: end it with `{CLOSER}`"
    broken += [BrokenMarker(mark, never) for mark, _ in (*unclosed, *opened)]
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
    start, end = (mark.start + len(mark.of(text).rstrip()) for mark in (opener, closer))
    inner, span = Span(start, closer.start), Span(opener.start, end)
    return GeneratedBlock(opening["kind"], attributes, inner, span)


def _complaint(raw: str) -> str:
    if _CLOSER.fullmatch(raw):
        return "this marker closes no block"
    if "-->" in raw and not raw.rstrip().endswith("-->"):
        return "a marker must be alone on its line"
    return 'a marker reads `<!-- vaultsync:KIND name="value" -->`, on a line of its own'


def loose_conflicts(document: Document) -> list[Fact]:
    """Return the conflicts of a merge in a note that are not whole within one generated block."""
    blocks = find_blocks(document)[0] if document.conflicts else ()
    return [
        one
        for one in document.conflicts
        if not any(block.inner.start <= one.start < one.end <= block.inner.end for block in blocks)
    ]


def replace_content(text: str, block: GeneratedBlock, content: str) -> Edit:
    """Return the edit that gives a block new content (LF line ends), in the text's line ends."""
    inner = f"\n\n{content}\n\n" if content else "\n\n"
    return Edit(block.inner, inner.replace("\n", line_ending(text)))


_DEFINITION = re.compile(r"^[ \t>]*\[(?!\^)[^\]\n]+\]:", re.MULTILINE)
_UNSAFE = re.compile(r"[()\s]")
_BAR = re.compile(r"(?<!\\)\|")
_FOOTNOTE = re.compile(r"\[\^(?P<label>[^\]\s]+)\](?!:)")


def authored_content(document: Document) -> Document:
    """Return a note without comments and without its generated blocks.

    The positions in it are those of a text of its own. All links in it have their addresses beside
    them, so that a piece of it needs nothing else.
    """
    # A block may be filled with what would open a comment.
    blocks, _ = find_blocks(document)
    emptied = [replace_content(document.text, block, "") for block in blocks]
    bare = _without_comments(document, apply_edits(document.text, emptied))
    if document.kind != "note" or not _DEFINITION.search(bare.text, bare.body):
        return bare
    return parse(bare.path, apply_edits(bare.text, _addresses(bare.text, bare.body)))


def _addresses(text: str, base: int) -> Iterator[Edit]:
    """Yield edits that make links with an address elsewhere, as `[text][name]`, inline ones."""
    for span, detail in markup_spans(text, base, "Link", "Image"):
        form, source, at = detail["link_type"], span.of(text), span.end
        if form not in ("Reference", "Collapsed", "Shortcut"):
            continue
        if form == "Reference" or source.endswith("[]"):
            at = span.start + source.rindex("][") + 1
        # The parser may report a collapsed link without its empty brackets.
        end = span.end + 2 * (form == "Collapsed" and at == span.end)
        address, title = destination(detail["dest_url"]), detail["title"].replace('"', '\\"')
        yield Edit(Span(at, end), f'({address} "{title}")' if title else f"({address})")


def destination(url: str) -> str:
    """Return an address of any form as the destination of a Markdown link."""
    return f"<{url}>" if _UNSAFE.search(url) else url


def uncommented(document: Document) -> Document:
    """Return a note without comments, but with the markers of its generated blocks."""
    return _without_comments(document, document.text, keep_markers=True)


def _without_comments(document: Document, text: str, *, keep_markers: bool = False) -> Document:
    """Return a note that has this text behind its properties, but for the comments."""
    if document.kind != "note" or not OPENING.search(text, document.body):
        return document
    # What follows a comment must not become a block of properties.
    head = text[: document.body] if document.properties.span else "\n"
    body = without_comments(text[document.body :], keep_markers=keep_markers)
    return parse(document.path, head + body)


def quote(
    text: str,
    source: str,
    index: LinkIndex,
    footnote: Callable[[str, str], str] = lambda _source, _label: "",
    *,
    pictures: bool = False,
) -> str:
    """Return a piece of the note at `source` as it can be shown in any note.

    Comments are left out, embeds become links, those of files that are not notes only without
    `pictures`. Wikilinks are written so that they lead to the same file from everywhere. A footnote
    mark becomes what `footnote` makes of `source` and its label.
    """
    bare = without_comments(text).strip("\n").rstrip()
    # So many spaces make code of it.
    bare = bare if bare.startswith(("    ", "\t")) else bare.lstrip()
    if "[" not in bare:
        return bare
    code = code_spans(bare) if "[^" in bare else ()
    marks = [
        Edit(Span(*found.span()), footnote(source, found["label"]))
        for found in _FOOTNOTE.finditer(bare)
        if not _is_within(Span(*found.span()), code)
    ]
    bare = apply_edits(bare, marks).strip() if marks else bare
    links = parse("quote.md", bare).links
    rewritten = (rewrite_link(link, source, index, pictures=pictures) for link in links)
    edits = [edit for edit in rewritten if edit]
    if "|" in bare and "\n" in bare:
        tables = [span for span, _ in markup_spans(bare, 0, "Table")]
        edits = [_in_cell(edit) if _is_within(edit.span, tables) else edit for edit in edits]
    return apply_edits(bare, edits)


def _is_within(span: Span, others: Iterable[Span]) -> bool:
    return any(other.start <= span.start < other.end for other in others)


def _in_cell(edit: Edit) -> Edit:
    """Return an edit in a table, where a bar would end the cell."""
    return Edit(edit.span, _BAR.sub(r"\|", edit.new))


def plain_text(text: str) -> str:
    """Return a piece of a note with its links replaced by what they show."""
    if "[" not in text and "<" not in text:
        return text
    links = parse("quote.md", text).links
    return apply_edits(text, [Edit(link.span, link_display(link)) for link in links])


def link_display(link: Link) -> str:
    """Return what a link shows, from how it is written alone."""
    return link.display or link.target or link.subpath.lstrip("#^")


def rewrite_link(
    link: Link, source: str, index: LinkIndex, *, pictures: bool = False
) -> Edit | None:
    """Return the edit that lets a link of the note at `source` lead there from everywhere.

    With `pictures` an embed of a file that is not a note stays one.
    """
    if link.external:
        return None
    found = index.resolve(link.target, source)
    if not found:
        return Edit(link.span, link_display(link))
    if pictures and link.kind in {"embed", "image"} and is_attachment(found[0]):
        # The size of the picture follows its caption.
        caption = (link.display or "").partition("|")[0]
        return Edit(link.span, f"!{wikilink(found[0], index, caption)}")
    written = wikilink(found[0], index, link_display(link))
    if not link.subpath:
        return Edit(link.span, written)
    target, mark, rest = written.partition("|")
    if not mark:
        target, rest = written.removesuffix("]]"), f"{link_display(link)}]]"
    return Edit(link.span, f"{target}{link.subpath}|{rest}")

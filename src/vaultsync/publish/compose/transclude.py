"""Transclusion: embeds replaced by what they show, footnotes by numbers of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from vaultsync.blocks.quote import link_display, plain_text, rewrite_link
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, Heading, Link
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import MAX_BYTES, elements, parse
from vaultsync.markdown.footnotes import REFERENCE
from vaultsync.markdown.reader import rendered_headings
from vaultsync.notes.link_index import find_heading
from vaultsync.publish.compose.anchors import ANCHOR, INLINE, OURS, definition, uses
from vaultsync.publish.compose.context import CompositionContext
from vaultsync.publish.compose.images import NotEmbeddable, caption

# What may precede an embed that has its line for itself: marks of quotes, lists and tasks.
_OPENING = re.compile(r"(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])[ \t]|\[[^\r\n]\][ \t])*")
_ITEM = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[^\r\n]\][ \t]+)?")
_MARKS = re.compile(r"[^\s>]")
_BLANK = re.compile(r"[ \t>]*")
_ATX = re.compile(r"#{1,6}")
_ATX_OPENING = re.compile(r"#{1,6}[ \t]+")
_UNDERLINE = re.compile(r"\n[ \t>]*(?:=+|-+)[ \t]*\Z")
_DEEPEST = 6
# What is in the place of what cannot be embedded.
_NOTHING = "…"
# Embeds in embeds; each takes some of Python's stack.
_MOST_NESTED = 50
_BLOCK_ID = re.compile(r"[ \t]*\^[A-Za-z0-9-]+[ \t]*\Z")
Chain = tuple[tuple[str, str], ...]


class Transcluder:
    """Makes one text of notes and what they embed.

    `embedded` are the paths of the notes that embeds named so far.
    """

    def __init__(self, shared: CompositionContext) -> None:
        """Bind what one composition shares."""
        self.shared, self.context, self.names = shared, shared.context, shared.names
        self.embedded: dict[str, None] = {}
        self._size = 0

    def whole(self, path: str) -> str:
        """Return the text of a note with all that it embeds."""
        text = self._rewritten(self.shared.document(path), 0, ((path, ""),))[1:]
        self.shared.footnotes.complete()
        return text

    def footnote(self, path: str, label: str, chain: Chain = ()) -> str:
        """Return the placeholder for a reference to a footnote of a note."""
        text = definition(self.shared.document(path), label)
        if text is None:
            self.shared.problems.add(f"there is no footnote `{label}`", f"[^{label}]", [path])
            return ""
        return self.shared.footnotes.reference(
            path, label, lambda: self._fragment(path, text, chain)
        )

    def _fragment(self, path: str, text: str, chain: Chain) -> str:
        return self._rewritten(parse(path, f"\n{text}"), None, chain)[1:].strip()

    def _rewritten(self, part: Document, first: int | None, chain: Chain) -> str:
        """Return the text of a part; `first` is its first heading's number in the note, if any."""
        edits = [Edit(found.span, "") for found in part.footnotes]
        # A block id goes with the spaces, and the lines left empty, before it.
        edits += [
            Edit(Span(len(part.text[: block.start].rstrip()), block.end), "")
            for block in part.blocks
        ]
        edits += self._headings(part, first) if first is not None else ()
        edits += [
            Edit(span, self.footnote(part.path, label, chain))
            for span, label in uses(part, REFERENCE)
            if not label.startswith(OURS)
        ]
        edits += [
            Edit(span, self.shared.footnotes.inline(self._fragment(part.path, text, chain)))
            for span, text in uses(part, INLINE)
        ]
        edits += self._links(part, chain)
        return apply_edits(part.text, edits)

    def _headings(self, part: Document, first: int) -> Iterator[Edit]:
        for number, heading in enumerate(part.headings, first):
            start = _words_start(part.text, heading.start)
            known = ANCHOR.match(part.text, start)
            if known:
                self.names.headings[part.path, number] = known[1]
            elif mark := self.names.mark_heading(part.path, number, plain_text(heading.text)):
                yield Edit(Span(start, start), mark + self.shared.days.mark(heading.text))

    def _links(self, part: Document, chain: Chain) -> Iterator[Edit]:
        for link in part.links:
            if link.kind in {"embed", "image"} and not link.external:
                yield Edit(link.span, self._embed(part, link, chain))
            elif part.path != self.shared.post:
                edit = rewrite_link(link, part.path, self.context.index)
                yield from [edit] if edit else []

    def _embed(self, part: Document, link: Link, chain: Chain) -> str:
        try:
            return self._embedded(part, link, chain)
        except NotEmbeddable as error:
            self.shared.problems.add(str(error), link.span.of(part.text), [part.path])
            # Without a word in its place a heading or an item would be another thing.
            return _NOTHING

    def _embedded(self, part: Document, link: Link, chain: Chain) -> str:
        path = next(iter(self.context.index.resolve(link.target, part.path)), "")
        if path and path not in self.context.vault.documents:
            return f"![{caption(link)}]({self.shared.images.name(path)})"
        if reason := self._refusal(path):
            named = link_display(link) if link.display is None else link.target
            raise NotEmbeddable(f"the embed of `{named}`: {reason}")
        text = self._part(path, link, chain)
        self._size += len(text)
        self.embedded[path] = None
        return self._fitted(text, part, link, path)

    def _fitted(self, text: str, part: Document, link: Link, path: str) -> str:
        """Return a text of the note at a path as it fits in the place of its embed."""
        # Above the first heading of the post is its title.
        top = 1 if part.path == self.shared.post else 0
        level = next((one.level for one in reversed(part.headings) if one.start < link.start), top)
        text = shifted(text.strip("\n"), level)
        text = marked(text, "" if link.subpath else self.names.mark_note(path))
        placed = set_in(text, part.text, link)
        if placed is None:
            named = f"the embed of `{link_display(link)}`"
            raise NotEmbeddable(f"{named} is more than a line: give it a line of its own")
        return placed

    def _refusal(self, path: str) -> str:
        """Return why a document cannot be embedded; "" where it can be."""
        if not path:
            return "there is no such file in the vault"
        if self.shared.is_hidden(path):
            return "that note is not published"
        kind = self.context.vault.documents[path].kind
        if kind != "note":
            return f"a {kind} cannot be published: write a link instead"
        try:
            # Its text is known; whether the file is inside the vault is not.
            self.shared.images.read(path)
        except VaultError as error:
            return error.without(path)
        return ""

    def _part(self, path: str, link: Link, chain: Chain) -> str:
        """Return the text of the part that an embed names, with all that this embeds."""
        named = f"`{link.target}{link.subpath}` cannot be embedded"
        document = self.shared.document(path)
        part = part_of(document, link.subpath)
        step = path, link.subpath.lower()
        if part is None:
            raise NotEmbeddable(f"{named}: there is no such part")
        if step in chain:
            shown = " → ".join(f"{path}{subpath}" for path, subpath in (*chain, step))
            raise NotEmbeddable(f"{named} in itself: {shown}")
        if len(chain) > _MOST_NESTED:
            raise NotEmbeddable(f"{named}: embeds are nested more than {_MOST_NESTED} deep")
        if self._size > MAX_BYTES:
            raise NotEmbeddable(f"embeds make the post longer than {MAX_BYTES} bytes")
        text = text_of(document, part) if link.subpath else part.of(document.text)
        first = sum(heading.start < part.start for heading in document.headings)
        return self._rewritten(parse(path, f"\n{text}"), first, (*chain, step))[1:]


def _words_start(text: str, at: int) -> int:
    """Return where the words of a heading or paragraph begin, behind the marks of a heading."""
    found = _ATX_OPENING.match(text, at)
    return found.end() if found else at


def set_in(part: str, text: str, link: Link) -> str | None:
    """Return a part as the text in the place of an embed.

    None where the embed is within a line and the part is more than a paragraph.
    """
    kinds = [element.kind for element in elements(part, 0) if element.depth <= 1]
    bare = _ITEM.sub("", part, count=1) if kinds == ["item"] else part
    *_, above, opening = f"\n{text[: link.start]}".rsplit("\n", 2)
    rest, _, below = text[link.end :].partition("\n")
    if not _OPENING.fullmatch(opening) or rest.strip():
        return " ".join(bare.split()) if kinds in ([], ["item"], ["paragraph"]) else None
    margin = _MARKS.sub(" ", opening)
    is_listed = margin != opening
    before = "" if is_listed or _BLANK.fullmatch(above) else f"\n{margin}"
    below = below.partition("\n")[0]
    ends = _BLANK.fullmatch(below) or (is_listed and _ITEM.match(below.lstrip(" \t>")))
    after = "" if ends else f"\n{margin.rstrip()}"
    lines = (f"{margin}{line}".rstrip() for line in (bare if is_listed else part).split("\n"))
    return before + "\n".join(lines).removeprefix(margin) + after


def shifted(text: str, above: int) -> str:
    """Return a text whose headings are at least one level below `above`, by the same step each.

    None gets deeper than the sixth level. Underlined headings become marked ones.
    """
    headings = rendered_headings(text)
    levels = [heading.level for heading in headings]
    step = above + 1 - min(levels, default=_DEEPEST)
    if step <= 0:
        return text
    return apply_edits(text, [_shifted(text, heading, step) for heading in headings])


def _shifted(text: str, heading: Heading, step: int) -> Edit:
    marks = "#" * min(heading.level + step, _DEEPEST)
    if atx := _ATX.match(text, heading.start, heading.end):
        return Edit(Span(*atx.span()), marks)
    raw = _UNDERLINE.sub("", heading.span.of(text))
    return Edit(heading.span, f"{marks} {' '.join(raw.split())}")


def marked(text: str, mark: str) -> str:
    """Return a part that begins with the mark of a place, if there is one."""
    if not mark:
        return text
    first = next(iter(elements(text, 0)), None)
    if first is None or first.kind not in {"heading", "paragraph"}:
        return f"{mark}\n\n{text}"
    at = _words_start(text, first.start)
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
    number = find_heading(document, subpath)
    if number is None:
        return None
    found, *later = document.headings[number:]
    ends = (heading.start for heading in later if heading.level <= found.level)
    return Span(found.start, next(ends, len(document.text)))


def _block(document: Document, name: str) -> Span | None:
    mark = next((block.start for block in document.blocks if block.id.lower() == name), -1)
    parts = elements(document.text, document.body)
    around = (at for at, part in enumerate(parts) if part.start <= mark < part.end)
    at = max(around, default=None)
    if at is None:
        return None
    if document.text[parts[at].start : mark].strip() or at == 0:
        return parts[at].span
    items = [*takewhile(lambda part: part.kind == "item", reversed(parts[:at]))]
    above = items or [parts[at - 1]]
    return Span(above[-1].start, max(part.end for part in above))


def text_of(document: Document, part: Span) -> str:
    """Return the text of a part without what indents it, and without the id of a block."""
    width = part.start - document.text.rfind("\n", 0, part.start) - 1
    raw = re.sub(rf"(?<=\n)[ \t>]{{0,{width}}}", "", part.of(document.text))
    return _BLOCK_ID.sub("", raw.rstrip())

"""Transclusion: embeds replaced by what they show, footnotes by numbers of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vaultsync.blocks.quote import link_display, plain_text, rewrite_link
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, Heading, Link
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import MAX_BYTES, parse
from vaultsync.publish.compose.anchors import ANCHOR, anchor
from vaultsync.publish.compose.context import CompositionContext
from vaultsync.publish.compose.embeds import level_at, marked, part_of, set_in, shifted, text_of
from vaultsync.publish.compose.footnotes import OURS, definition, uses
from vaultsync.publish.compose.images import NotAnImage, image

_ATX = re.compile(r"#{1,6}[ \t]+")
Chain = tuple[tuple[str, str], ...]


class Transcluder:
    """Makes one text of notes and what they embed.

    `embedded` are the paths of the notes that embeds named so far.
    """

    def __init__(self, shared: CompositionContext) -> None:
        """Bind what one composition shares."""
        self.shared, self.context, self.document = shared, shared.context, shared.document
        self.names, self.footnotes = shared.names, shared.footnotes
        self.embedded: dict[str, None] = {}
        self._size = 0

    def whole(self, path: str) -> str:
        """Return the text of a note with all that it embeds."""
        return self._transcluded(self.document(path), "", ((path, ""),))

    def footnote(self, document: Document, label: str, chain: Chain) -> str:
        """Return the placeholder for a reference to a footnote of a note."""
        text = definition(document, label)
        if text is None:
            self._problem(document.path, f"there is no footnote `{label}`", f"[^{label}]")
            return ""
        return self.footnotes.reference(
            document.path, label, lambda: self._fragment(document.path, text, chain)
        )

    def _fragment(self, path: str, text: str, chain: Chain) -> str:
        return self._rewritten(parse(path, f"\n{text}"), None, chain)[1:].strip()

    def _transcluded(self, document: Document, subpath: str, chain: Chain) -> str:
        part = part_of(document, subpath)
        if part is None:
            return ""
        text = text_of(document, part) if subpath else part.of(document.text)
        first = sum(heading.start < part.start for heading in document.headings)
        return self._rewritten(parse(document.path, f"\n{text}"), first, chain)[1:]

    def _rewritten(self, part: Document, first: int | None, chain: Chain) -> str:
        found = uses(part)
        edits = [Edit(span, "") for span in found.definitions]
        edits += [Edit(_with_margin(part.text, block.span), "") for block in part.blocks]
        if first is not None:
            edits += self._headings(part, first)
        notes = self.document(part.path)
        edits += [
            Edit(span, self.footnote(notes, label, chain))
            for span, label in found.references
            if not label.startswith(OURS)
        ]
        edits += [
            Edit(span, self.footnotes.inline(self._fragment(part.path, text, chain)))
            for span, text in found.inline
        ]
        edits += self._links(part, chain)
        return apply_edits(part.text, edits)

    def _headings(self, part: Document, first: int) -> Iterator[Edit]:
        for number, heading in enumerate(part.headings, first):
            start = _text_start(part, heading)
            known = ANCHOR.match(part.text, start)
            if known:
                self.names.headings[part.path, number] = known[1]
            elif name := self.names.heading(part.path, number, plain_text(heading.text)):
                yield Edit(Span(start, start), anchor(name))

    def _links(self, part: Document, chain: Chain) -> Iterator[Edit]:
        for link in part.links:
            if link.kind in {"embed", "image"} and not link.external:
                yield Edit(link.span, self._embed(part, link, chain))
            elif part.path != self.shared.post:
                edit = rewrite_link(link, part.path, self.context.index)
                yield from [edit] if edit else []

    def _embed(self, part: Document, link: Link, chain: Chain) -> str:
        found = self.context.index.resolve(link.target, part.path)
        source = link.span.of(part.text)
        named = f"the embed of `{link_display(link) if link.display is None else link.target}`"
        if not found:
            self._problem(part.path, f"{named}: there is no such file in the vault", source)
            return ""
        if found[0] not in self.context.vault.documents:
            return self._image(part, link, found[0])
        target = found[0]
        if reason := self._refusal(target):
            self._problem(part.path, f"{named}: {reason}", source)
            return ""
        text = self._part(part, link, target, chain)
        return text if text is not None else ""

    def _part(self, part: Document, link: Link, target: str, chain: Chain) -> str | None:
        source, named = link.span.of(part.text), f"`{link.target}{link.subpath}`"
        document = self.document(target)
        step = (target, link.subpath.lower())
        if part_of(document, link.subpath) is None:
            self._problem(part.path, f"{named} cannot be embedded: there is no such part", source)
        elif step in chain:
            shown_chain = " → ".join(f"{path}{sub}" for path, sub in (*chain, step))
            message = f"{named} cannot be embedded in itself: {shown_chain}"
            self._problem(part.path, message, source)
        elif self._size > MAX_BYTES:
            self._problem(part.path, f"embeds make the post longer than {MAX_BYTES} bytes", source)
        else:
            return self._set(part, link, self._transcluded(document, link.subpath, (*chain, step)))
        return None

    def _set(self, part: Document, link: Link, text: str) -> str | None:
        self._size += len(text)
        path = self.context.index.resolve(link.target, part.path)[0]
        self.embedded[path] = None
        level = level_at(part.headings, link.start)
        is_post = part.path == self.shared.post
        text = shifted(text.strip("\n"), max(level, 1) if is_post else level)
        name = self.names.note(path) if not link.subpath else None
        text = marked(text, anchor(name)) if name else text
        placed = set_in(text, part.text, link)
        if placed is None:
            name = link_display(link)
            message = f"the embed of `{name}` is more than a line: give it a line of its own"
            self._problem(part.path, message, link.span.of(part.text))
        return placed

    def _image(self, part: Document, link: Link, path: str) -> str:
        try:
            return image(self.shared.images.name(path), link)
        except NotAnImage as error:
            message = f"`{path}` cannot be published: {error}"
            self._problem(part.path, message, link.span.of(part.text))
            return ""

    def _refusal(self, path: str) -> str:
        """Return why a document cannot be embedded; "" where it can be."""
        if self.shared.is_hidden(path):
            return "that note is not published"
        kind = self.context.vault.documents[path].kind
        if kind != "note":
            return f"a {kind} cannot be published: write a link instead"
        try:
            # Its text is known; whether the file is inside the vault is not.
            self.shared.images.read(path)
        except VaultError as error:
            return str(error).removeprefix(f"{path}: ")
        return ""

    def _problem(self, path: str, message: str, source: str) -> None:
        self.shared.problems.add(message, source, [path])


def _with_margin(text: str, mark: Span) -> Span:
    """Return the span of a block id with the spaces, and the lines left empty, before it."""
    return Span(len(text[: mark.start].rstrip()), mark.end)


def _text_start(part: Document, heading: Heading) -> int:
    mark = _ATX.match(part.text, heading.start)
    return mark.end() if mark else heading.start

"""Where the links of the composed text lead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from urllib.parse import quote

from vaultsync.blocks.comments import code_spans
from vaultsync.blocks.quote import link_display, plain_text
from vaultsync.core.model import Document, Link
from vaultsync.core.text import Edit, Span, apply_edits, with_backslash
from vaultsync.markdown import markup_spans
from vaultsync.notes.link_index import find_heading
from vaultsync.notes.note import stem
from vaultsync.publish.compose.context import CompositionContext
from vaultsync.publish.compose.images import caption
from vaultsync.publish.compose.pieces import piece, pieces
from vaultsync.publish.compose.scan import scan

_MARKUP = re.compile(r"[\[\]<]")
_WEB = re.compile(r"(?:https?://|mailto:)[^\s<>\x00-\x1f]+\Z", re.IGNORECASE)
_LINK_MIDDLE = re.compile(r"\](?=[(\[])")
_UNSAFE = re.compile(r"[()\s]")
# Without one of these there is no link in angle brackets, with an address elsewhere, or of a
# picture: what most pieces do not have need not be looked for.
_APART = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]+:|[^\s<>@]+@)|!\[|\]:(?<![^\\]\]\]:)")
_DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)(?:\\.|[^\[\]\\\n])+\]:[ \t]*<?(?P<url>[^\s>]*).*$", re.MULTILINE
)


class LinkResolver:
    """What becomes of links: to places in the post, to the web, and to what is not in the post."""

    def __init__(self, shared: CompositionContext, paths: Sequence[str]) -> None:
        """Bind what one composition shares; `paths` are the notes that the text is of."""
        self.shared, self.paths = shared, paths

    def resolved(self, text: str) -> str:
        """Return the composed text with every link leading where a reader can follow it.

        Only `http`, `https` and `mailto` lead out; other links become their text.
        """
        return "".join(self._resolved(part) for part, _ in pieces(text))

    def _resolved(self, text: str) -> str:
        memo = self.shared.context.memo
        document = piece(self.shared.post, text, memo)
        edits = [*memo.get((_own_edits, text), lambda: _own_edits(document))]
        end = 0
        for link in document.links:
            edits += self._link(link, nested=link.start < end)
            end = max(end, link.end)
        return apply_edits(document.text, edits)[1:]

    def _link(self, link: Link, *, nested: bool) -> list[Edit]:
        if link.external:
            return self._external(link)
        if link.kind == "image" and link.target in self.shared.images.files:
            return []
        if link.kind in {"embed", "image"}:
            return [Edit(link.span, caption(link))]
        shown = link_display(link)
        text = plain_text(shown) if link.kind == "markdown" else _escaped(shown)
        there = "" if nested else self._destination(link)
        if there is None:
            return [Edit(link.span, "…")]
        return [Edit(link.span, f"[{text}]({there})" if there else text)]

    def _external(self, link: Link) -> list[Edit]:
        if not _WEB.match(link.target):
            return [Edit(link.span, _escaped(link.display or ""))]
        if link.kind == "image":
            return []
        address = self.shared.references.address(link.target)
        if address == link.target:
            return []
        # What is in angle brackets stays there.
        safe = quote(address, safe=":/?#[]@!$&'*+,;=%~") if _UNSAFE.search(address) else address
        return [Edit(link.target_span, safe)]

    def _destination(self, link: Link) -> str | None:
        """Return where a link leads, "" for nowhere, None where even its text must not be shown."""
        found = self.shared.context.index.resolve(link.target, self.shared.post)
        path = next(iter(found), "")
        within = self._within(path, link.subpath)
        if within or path in {"", self.shared.post}:
            return f"#{within}" if within else ""
        return self._outside(path, link)

    def _within(self, path: str, subpath: str) -> str | None:
        """Return the name of the place in the post that a link leads to, None where it has none."""
        names = self.shared.names
        if subpath and path in self._with_headings:
            at = find_heading(self.shared.document(path), subpath)
            if at is not None and (path, at) in names.headings:
                return names.headings[path, at]
        return names.notes.get(path)

    @cached_property
    def _with_headings(self) -> frozenset[str]:
        """The notes of which headings are in the post."""
        return frozenset(path for path, _ in self.shared.names.headings)

    def _outside(self, path: str, link: Link) -> str | None:
        policy = self.shared.context.config.publish.outside
        hidden = self.shared.is_hidden(path)
        shown = link_display(link).removesuffix(".md")
        if hidden and shown in {path.removesuffix(".md"), stem(path)}:
            message = (
                f"the link to `{link.target}` shows the file name of a note that is not published: "
                f"write what readers may see, as in `[[{link.target}|words]]`"
            )
            self._problem(message, link)
            return None
        if policy == "error":
            self._problem(f"the link to `{link.target}` leads out of the post", link)
        if policy in {"text", "error"} or hidden:
            return ""
        return f"{policy.rstrip('/')}/{quote(path)}"

    def _problem(self, message: str, link: Link) -> None:
        # How it is written in a note may differ: the target is what is the same.
        self.shared.problems.add(message, f"[[{link.target}", self.paths)


def _own_edits(document: Document) -> tuple[Edit, ...]:
    """Return the edits that depend on the text alone."""
    edits = list(_written_apart(document))
    # A text that is not a link must not become one when a link in it is left out.
    middles = {link.target_start - width for link in document.links for width in (2, 3)}
    if any(found.start() not in middles for found in _LINK_MIDDLE.finditer(document.text)):
        escapes = scan(document.text).escapes(document.text, _LINK_MIDDLE)
        edits += [edit for edit in escapes if edit.span.start not in middles]
    return tuple(edits)


def _written_apart(document: Document) -> Iterator[Edit]:
    """Yield edits of links in angle brackets and of those whose address is elsewhere."""
    if not _APART.search(document.text):
        return
    known = {link.span for link in document.links}
    for span, detail in markup_spans(document.text, 0, "Link", "Image"):
        form, source = detail["link_type"], span.of(document.text)
        if _is_web(detail["dest_url"], form):
            continue
        if form == "Inline" and span not in known and source.startswith("!"):
            # An image whose text begins with a link looks like an embed.
            yield Edit(span, _escaped(source[2:].rpartition("](")[0]))
        elif form != "Inline" and isinstance(form, str):
            # The parser may report a collapsed link without its empty brackets.
            end = span.end + 2 * document.text.startswith("[]", span.end)
            yield Edit(Span(span.start, end), _plain_label(source))
    for found in _DEFINITION.finditer(document.text):
        if not _WEB.match(found["url"]) and _is_definition(document.text, found):
            yield Edit(Span(*found.span()), "")


def _plain_label(source: str) -> str:
    """Return what a link shows that is written `<address>`, `[text][name]` or `![text][name]`."""
    if source.startswith("<"):
        return source[1:-1]
    text = source.removeprefix("!")[1:]
    return text.rpartition("][")[0] or text.rstrip("]")


def _is_web(url: str, form: str) -> bool:
    return bool(_WEB.match(f"mailto:{url}" if form == "Email" else url))


def _is_definition(text: str, found: re.Match[str]) -> bool:
    return not any(span.start <= found.start() < span.end for span in code_spans(text))


def _escaped(text: str) -> str:
    return _MARKUP.sub(with_backslash, text)

"""The links of a vault, each resolved once, and what rules ask about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from vaultsync.blocks import find_blocks, plain
from vaultsync.core.model import Document, Heading, Link, Vault
from vaultsync.core.text import Span
from vaultsync.lint.ahead import Ahead, is_direct, odd_links
from vaultsync.lint.names import called
from vaultsync.lint.suggest import meant_of, nearest_place
from vaultsync.markdown import places
from vaultsync.notes.link_index import Index, has_subpath, internal, slugs

# `[[{{title}}]]` in a template, or Templater's `[[<% … %>]]`, is no link yet.
_TEMPLATE = re.compile(r"\{\{|<%")
# What a heading shows none of: underscores for emphasis, and tags, but no `List<T>`.
_UNSEEN = re.compile(r"(?<!\w)_+|_+(?!\w)|(?<!\w)<[A-Za-z][^>]*>|</[A-Za-z]+>")
# What may be the anchor that GitHub gives to a heading.
SLUG = re.compile(r"#[^\s#()<>|\\\[\]\"']+")
_DELIMITER_ROW = re.compile(r"\|[ \t]*:?-")


class Links(msgspec.Struct):
    """Those of a document's links into the vault that something may be said of, by group.

    The `ambiguous` may mean several files, Obsidian's answer first, and the `indirect` mean one
    that they name neither by its whole path nor by a name that it alone has; some lead to a note
    that does not have the place that they name: `headless` a heading or footnote, `blockless` a
    block, both with the note; `slugs` a heading as GitHub calls it, with the heading too. `broken`
    links lead to no file.
    """

    ambiguous: list[tuple[Link, tuple[str, ...]]] = []
    indirect: list[tuple[Link, str]] = []
    broken: list[Link] = []
    headless: list[tuple[Link, Document]] = []
    blockless: list[tuple[Link, Document]] = []
    slugs: list[tuple[Link, Document, Heading]] = []


NO_LINKS = Links()


class Network:
    """What the links of a vault lead to. All is computed when first asked for.

    `ahead` is what was found out of documents before all were read.
    """

    def __init__(self, vault: Vault, index: Index, ahead: Ahead | None = None) -> None:
        """Bind the values."""
        self._vault, self._index = vault, index
        self._ahead = ahead or Ahead(lambda: vault.files)
        self._links: dict[str, Links] = {}
        self._tables: dict[str, tuple[Span, ...]] = {}
        self._anchors: dict[str, dict[str, Heading]] = {}
        # One heading that is gone breaks many links.
        self._near: dict[tuple[str, str], str | None] = {}

    def of(self, document: Document) -> Links:
        """Return the links of a document of the vault that something may be said of."""
        odd = self._ahead.odd.get(document)
        if odd is not None and not odd:
            return NO_LINKS
        found = self._links.get(document.path)
        if found is None:
            odd = odd or odd_links(document, self._index)
            found = self._links[document.path] = self._read(document, odd) if odd else NO_LINKS
        return found

    def resolved(self, document: Document) -> Iterator[tuple[Link, tuple[str, ...]]]:
        """Yield the links that lead to files, with those that each may mean, Obsidian's first."""
        for link in internal(document):
            found = self._index.resolve(link.target, document.path)
            if found:
                yield link, found

    def _read(self, document: Document, odd: Iterable[int]) -> Links:
        links = Links()
        for link in (document.inward[number] for number in odd):
            found = self._index.resolve(link.target, document.path)
            if found:
                if len(found) > 1:
                    links.ambiguous.append((link, found))
                elif not is_direct(link.target, found[0], self._index):
                    links.indirect.append((link, found[0]))
                if link.subpath:
                    self._follow(link, found[0], links)
            elif not _TEMPLATE.search(link.target):
                links.broken.append(link)
        return links

    def _follow(self, link: Link, path: str, links: Links) -> None:
        """Put a link whose place is not in the note at a path into its group."""
        target = self._vault.documents.get(path)
        if target is None or target.error:
            return
        if (target, link.subpath) not in self._ahead.lacking and has_subpath(target, link.subpath):
            return
        if _TEMPLATE.search(link.subpath):
            return
        if link.subpath.startswith("#^"):
            links.blockless.append((link, target))
        elif heading := self._heading_of_slug(link.subpath, target):
            links.slugs.append((link, target, heading))
        else:
            links.headless.append((link, target))

    def _heading_of_slug(self, subpath: str, target: Document) -> Heading | None:
        named = SLUG.fullmatch(subpath)
        return self.anchors(target).get(subpath[1:].lower()) if named else None

    @cached_property
    def aliases(self) -> dict[str, list[str]]:
        """Folded aliases and titles, each with the paths of the notes that have it."""
        found: dict[str, list[str]] = {}
        for path, document in sorted(self._vault.documents.items()):
            names = self._ahead.called.get(document)
            for name in called(document) if names is None else names:
                found.setdefault(name, []).append(path)
        return found

    @cached_property
    def connected(self) -> frozenset[str]:
        """The documents that link to another one, or that another one links to.

        What stands in generated blocks does not count.
        """
        found: set[str] = set()
        for path, document in self._vault.documents.items():
            blocks = find_blocks(document)[0]
            for link, (answer, *_) in self.resolved(document):
                if answer == path or answer not in self._vault.documents:
                    continue
                if not any(block.span.start <= link.start < block.span.end for block in blocks):
                    found |= {path, answer}
        return frozenset(found)

    def tables(self, document: Document) -> tuple[Span, ...]:
        """Return where the tables of a note stand."""
        if document.kind != "note" or not _DELIMITER_ROW.search(document.text):
            return ()
        if document.path not in self._tables:
            found = places(document.text, document.body, "Table")
            self._tables[document.path] = tuple(span for span, _ in found)
        return self._tables[document.path]

    def anchors(self, document: Document) -> dict[str, Heading]:
        """Return the headings of a note by the anchors that GitHub gives them."""
        if document.path not in self._anchors:
            headings = document.headings
            names = slugs(_UNSEEN.sub("", plain(heading.text)) for heading in headings)
            self._anchors[document.path] = dict(zip(names, headings, strict=True))
        return self._anchors[document.path]

    def nearest(self, target: str, within: str = "") -> str | None:
        """Return the file that a broken target probably means, as a link names it.

        For the target of an attachment that is one too; a name that several files have comes
        with its folders. `within` the note at a path the target is a subpath.
        """
        place = within, target
        if place not in self._near:
            self._near[place] = self._nearest(target, within)
        return self._near[place]

    def _nearest(self, target: str, within: str) -> str | None:
        if within:
            place = self._vault.documents[within], target
            lacking = self._ahead.lacking
            return lacking[place] if place in lacking else nearest_place(*place)
        return meant_of(self._vault.files).nearest(target)

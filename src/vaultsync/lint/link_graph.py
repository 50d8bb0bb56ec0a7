"""The links of a vault, each resolved once, and what rules need to know about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

import msgspec

from vaultsync.blocks import find_blocks, plain_text
from vaultsync.core.model import Document, Heading, Link, Vault
from vaultsync.core.text import Span
from vaultsync.lint.names import document_names, nearest_place, suggestions_of
from vaultsync.markdown import markup_spans
from vaultsync.notes.link_index import LinkIndex, has_subpath, resolvable_links, slugs

# `[[{{title}}]]` in a template, or Templater's `[[<% … %>]]`, is not a link yet.
_TEMPLATE = re.compile(r"\{\{|<%")
# What is not shown of a heading: underscores for emphasis, and tags, but not `List<T>`.
_NOT_SHOWN = re.compile(r"(?<!\w)_+|_+(?!\w)|(?<!\w)<[A-Za-z][^>]*>|</[A-Za-z]+>")
# What may be the anchor of a heading on GitHub.
SLUG = re.compile(r"#[^\s#()<>|\\\[\]\"']+")
_DELIMITER_ROW = re.compile(r"\|[ \t]*:?-")


class Links(msgspec.Struct):
    """Those of a document's links into the vault that rules may report, by group.

    `ambiguous` links may mean several files, Obsidian's answer first. `indirect` ones mean a file
    that they name neither by its whole path nor by a name that only it has. `broken` links lead to
    no file. Others name a place that the note does not have: `headless` a heading or footnote,
    `blockless` a block, both with the note; `slugs` a heading by its anchor on GitHub, with the
    heading too.
    """

    ambiguous: list[tuple[Link, tuple[str, ...]]] = []
    indirect: list[tuple[Link, str]] = []
    broken: list[Link] = []
    headless: list[tuple[Link, Document]] = []
    blockless: list[tuple[Link, Document]] = []
    slugs: list[tuple[Link, Document, Heading]] = []


NO_LINKS = Links()
Aliases = Mapping[str, tuple[str, ...]]


class Known(NamedTuple):
    """What is known of a link graph from an earlier one.

    `aliases` returns `LinkGraph.aliases`; `suggestions` are results of `LinkGraph.nearest`.
    """

    aliases: Callable[[], Aliases] | None = None
    suggestions: Mapping[tuple[str, str], str | None] = {}


class LinkGraph:
    """What the links of a vault lead to. Everything is computed when first needed.

    `aliases` returns the aliases if they are known already. `suggestions` are the known results of
    `nearest`; further ones are added.
    """

    def __init__(
        self,
        vault: Vault,
        index: LinkIndex,
        aliases: Callable[[], Aliases] | None = None,
        suggestions: dict[tuple[str, str], str | None] | None = None,
    ) -> None:
        """Bind the values."""
        self._vault, self._index, self._known_aliases = vault, index, aliases
        self._links: dict[str, Links] = {}
        self._tables: dict[str, tuple[Span, ...]] = {}
        self._anchors: dict[str, dict[str, Heading]] = {}
        # One heading that is gone breaks many links.
        self._suggestions = {} if suggestions is None else suggestions

    def of(self, document: Document) -> Links:
        """Return the links of a document of the vault that rules may report."""
        found = self._links.get(document.path)
        if found is None:
            odd = odd_links(document, self._index)
            found = self._links[document.path] = self._read(document, odd) if odd else NO_LINKS
        return found

    def resolved(self, document: Document) -> Iterator[tuple[Link, tuple[str, ...]]]:
        """Yield the links that lead to files, with those that each may mean, Obsidian's first."""
        for link in resolvable_links(document):
            found = self._index.resolve(link.target, document.path)
            if found:
                yield link, found

    def _read(self, document: Document, odd: Iterable[int]) -> Links:
        links = Links()
        for link in (document.internal[number] for number in odd):
            found = self._index.resolve(link.target, document.path)
            if found:
                if len(found) > 1:
                    links.ambiguous.append((link, found))
                elif not _is_direct(link.target, found[0], self._index):
                    links.indirect.append((link, found[0]))
                if link.subpath:
                    self._follow(link, found[0], links)
            elif not _TEMPLATE.search(link.target):
                links.broken.append(link)
        return links

    def _follow(self, link: Link, path: str, links: Links) -> None:
        """Add a link whose place is not in the note at a path to its group."""
        target = self._vault.documents.get(path)
        if target is None or target.error:
            return
        if has_subpath(target, link.subpath) or _TEMPLATE.search(link.subpath):
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
    def aliases(self) -> Aliases:
        """Folded aliases and titles, each with the paths of the notes that have it, in order."""
        if self._known_aliases:
            return self._known_aliases()
        found: dict[str, list[str]] = {}
        for path, document in sorted(self._vault.documents.items()):
            for name in document_names(document):
                found.setdefault(name, []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def connected(self) -> frozenset[str]:
        """The documents that link to another one, or that another one links to.

        Links in generated blocks do not count.
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
        """Return the places of a note's tables."""
        if document.kind != "note" or not _DELIMITER_ROW.search(document.text):
            return ()
        if document.path not in self._tables:
            found = markup_spans(document.text, document.body, "Table")
            self._tables[document.path] = tuple(span for span, _ in found)
        return self._tables[document.path]

    def anchors(self, document: Document) -> dict[str, Heading]:
        """Return the headings of a note by their anchors on GitHub."""
        if document.path not in self._anchors:
            headings = document.headings
            names = slugs(_NOT_SHOWN.sub("", plain_text(heading.text)) for heading in headings)
            self._anchors[document.path] = dict(zip(names, headings, strict=True))
        return self._anchors[document.path]

    def nearest(self, target: str, within: str = "") -> str | None:
        """Return the file that a broken target probably means, as a link names it.

        For the target of an attachment that is one too; a name that several files have comes
        with its folders. With `within`, the path of a note, the target is a subpath there.
        """
        place = within, target
        if place not in self._suggestions:
            self._suggestions[place] = self._nearest(target, within)
        return self._suggestions[place]

    def _nearest(self, target: str, within: str) -> str | None:
        if within:
            document = self._vault.documents.get(within)
            return nearest_place(document, target) if document else None
        return suggestions_of(self._vault.files).nearest(target)


def odd_links(document: Document, index: LinkIndex) -> list[int]:
    """Return the numbers of a document's links that do not plainly lead to one whole note."""
    plain, path = index.common_targets, document.path
    return [
        number
        for number, link in enumerate(document.internal)
        if link.subpath or (link.target not in plain and _is_odd(link.target, path, index))
    ]


def _is_odd(target: str, source: str, index: LinkIndex) -> bool:
    found = index.resolve(target, source)
    return len(found) != 1 or (target != "" and not _is_direct(target, found[0], index))


def _is_direct(target: str, path: str, index: LinkIndex) -> bool:
    """Whether a target names the file at a path by its whole path, or by a name of its own."""
    if "/" not in target and index.is_unique(path):
        return True
    return target in (path, path.removesuffix(".md"))

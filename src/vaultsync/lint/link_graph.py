"""The links of a vault, each resolved once, and what rules need to know about them."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

import msgspec

from vaultsync.blocks.comments import code_spans
from vaultsync.blocks.quote import find_blocks, plain_text
from vaultsync.core.memo import Share, alone
from vaultsync.core.model import Document, Heading, Link, Vault
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import markup_spans
from vaultsync.notes import link_index
from vaultsync.notes.link_index import (
    LinkIndex,
    has_subpath,
    name_key,
    resolvable_links,
    slugs,
)
from vaultsync.notes.note import stem

_NAMING = frozenset({"alias", "aliases", "title"})
_EMPTY: tuple[object, ...] = (None, "", [])


def document_names(document: Document | None) -> frozenset[str]:
    """Return the aliases and titles of a note, folded as the targets of links are."""
    if document is None:
        return frozenset()
    data = document.properties.data
    # Most notes of a vault may have the property without a value.
    naming = [name for name in _naming(tuple(data)) if data[name] not in _EMPTY]
    values = [value for name in naming for value in document.list_property(name)]
    return frozenset([name_key(value.strip()) for value in values])


# Many notes have the same properties.
@functools.lru_cache(maxsize=1024)
def _naming(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.lower() in _NAMING)


# `[[{{title}}]]` in a template, or Templater's `[[<% … %>]]`, is not a link yet.
_TEMPLATE = re.compile(r"\{\{|<%")
# What is not shown of a heading: underscores for emphasis, and tags, but not `List<T>`.
_NOT_SHOWN = re.compile(r"(?<!\w)_+|_+(?!\w)|(?<!\w)<[A-Za-z][^>]*>|</[A-Za-z]+>")
# What may be the anchor of a heading on GitHub.
SLUG = re.compile(r"#[^\s#()<>|\\\[\]\"']+")
# A comment, or a tag with what in it a link can lead to. Source:
# https://html.spec.whatwg.org/multipage/browsing-the-web.html#find-a-potential-indicated-element.
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<name>[A-Za-z][\w-]*)(?P<attributes>\s[^<>]*)>", re.DOTALL
)
_ATTRIBUTE = re.compile(r"\s(?P<name>id|name)\s*=\s*[\"']?(?P<value>[^\s\"'>]+)", re.IGNORECASE)
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


class _Names(msgspec.Struct, array_like=True, gc=False):
    """The aliases and titles of the note at a path."""

    path: str
    names: list[str]


NO_LINKS = Links()
Aliases = Mapping[str, tuple[str, ...]]


class Known(NamedTuple):
    """What is known of a link graph from an earlier one.

    `aliases` returns `LinkGraph.aliases`; `suggestions` are results of `Context.nearest`.
    """

    aliases: Callable[[], Aliases] | None = None
    suggestions: Mapping[str, str | None] = {}


class LinkGraph:
    """What the links of a vault lead to. Everything is computed when first needed.

    `aliases` returns the aliases if they are known already. `obsidian`: the vault is one of
    Obsidian, so that GitHub's anchors are right in README files alone.
    """

    def __init__(
        self,
        vault: Vault,
        index: LinkIndex,
        aliases: Callable[[], Aliases] | None = None,
        *,
        obsidian: bool = True,
    ) -> None:
        """Bind the values."""
        self._vault, self._index, self._known_aliases = vault, index, aliases
        self._obsidian = obsidian
        # Those of the note that was last looked at: its rules run one after the other.
        self._last: tuple[str, Links] | None = None
        self._tables: dict[str, tuple[Span, ...]] = {}
        self._anchors: dict[str, dict[str, Heading]] = {}

    def of(self, document: Document) -> Links:
        """Return the links of a document of the vault that rules may report."""
        if self._last is None or self._last[0] != document.path:
            odd = odd_links(document, self._index)
            self._last = document.path, self._read(document, odd) if odd else NO_LINKS
        return self._last[1]

    def resolved(self, document: Document) -> Iterator[tuple[Link, tuple[str, ...]]]:
        """Yield the links that lead to files, with those that each may mean, Obsidian's first."""
        for link in resolvable_links(document):
            found = self._index.resolve(link.target, document.path)
            if found:
                yield link, found

    def _read(self, document: Document, odd: Iterable[int]) -> Links:
        links, anchored = Links(), self.allows_anchors(document.path)
        for link in (document.internal[number] for number in odd):
            found = self._index.resolve(link.target, document.path)
            if found:
                if len(found) > 1:
                    links.ambiguous.append((link, found))
                elif not _is_direct(link.target, found[0], self._index):
                    links.indirect.append((link, found[0]))
                if link.subpath:
                    self._follow(link, found[0], links, anchored=anchored)
            elif not _TEMPLATE.search(link.target):
                links.broken.append(link)
        return links

    def allows_anchors(self, path: str) -> bool:
        """Whether links of the note at a path may use the anchors that GitHub makes."""
        return not self._obsidian or stem(path).lower() == "readme"

    def _follow(self, link: Link, path: str, links: Links, *, anchored: bool) -> None:
        """Add a link whose place is not in the note at a path to its group."""
        target = self._vault.documents.get(path)
        if target is None or target.error:
            return
        if has_subpath(target, link.subpath) or _TEMPLATE.search(link.subpath):
            return
        if link.subpath.startswith("#^"):
            links.blockless.append((link, target))
        elif heading := self._heading_of_slug(link.subpath, target):
            if not anchored:
                links.slugs.append((link, target, heading))
        elif not (anchored and _is_html_anchor(target, link.subpath[1:])):
            links.headless.append((link, target))

    def _heading_of_slug(self, subpath: str, target: Document) -> Heading | None:
        named = SLUG.fullmatch(subpath)
        return self.anchors(target).get(subpath[1:].lower()) if named else None

    @cached_property
    def aliases(self) -> Aliases:
        """Folded aliases and titles, each with the paths of the notes that have it, in order."""
        if self._known_aliases:
            return self._known_aliases()
        return self._aliases(alone)

    def prepare(self, share: Share) -> None:
        """Find the aliases; `share` may do so in several processes."""
        if not self._known_aliases:
            self.aliases = self._aliases(share)

    def _aliases(self, share: Share) -> Aliases:
        documents = self._vault.documents

        def names(path: str) -> _Names:
            return _Names(path, sorted(document_names(documents[path])))

        found: dict[str, list[str]] = {}
        for one in share(names, list(documents), _Names, for_all=True):
            for name in one.names:
                found.setdefault(name, []).append(one.path)
        return {name: tuple(sorted(paths)) for name, paths in found.items()}

    @cached_property
    def connected(self) -> frozenset[str]:
        """The documents that link to another one, or that another one links to.

        Links in generated blocks do not count.
        """
        found: set[str] = set()
        for path, document in self._vault.documents.items():
            blocks = find_blocks(document)[0]
            for link, (answer, *_) in self.resolved(document):
                # Of a canvas the files count, not what its text cards hold.
                if document.kind == "canvas" and link.kind != "canvas":
                    continue
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


def _is_html_anchor(document: Document, name: str) -> bool:
    # Most names of headings have spaces, as no anchor has. To find code and tags takes long.
    return " " not in name and name in document.text and name in html_anchors(document)


# Many links may lead to one note.
def forget_documents() -> None:
    """Drop what is cached of documents: of a note that is typed, all that it was."""
    html_anchors.cache_clear()
    link_index.forget_documents()


@functools.lru_cache(maxsize=256)
def html_anchors(document: Document) -> frozenset[str]:
    """Return the names in a note's HTML that links outside Obsidian can lead to."""
    text = document.text[document.body :]
    shown = apply_edits(text, [Edit(span, "") for span in code_spans(text)])
    return frozenset(
        found["value"]
        for tag in _TAG.finditer(shown)
        for found in _ATTRIBUTE.finditer(tag["attributes"] or "")
        if found["name"].lower() == "id" or tag["name"].lower() == "a"
    )


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

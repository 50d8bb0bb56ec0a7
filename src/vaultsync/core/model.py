"""The vault as data: facts about single files, and the files together.

Facts are frozen and do not depend on other files. Positions are code-point offsets into the
whole file.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from vaultsync.core.text import Span

LinkKind = Literal["wiki", "embed", "markdown", "image", "property", "canvas"]
DocumentKind = Literal["note", "canvas", "base", "attachment", "settings"]
ElementKind = Literal["paragraph", "item", "heading", "html", "other"]


class Fact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Something found in a text, from `start` up to `end`."""

    start: int
    end: int

    @property
    def span(self) -> Span:
        """The whole of it."""
        return Span(self.start, self.end)


class Link(Fact, frozen=True, array_like=True, gc=False):
    """A link as written: `target` before the first `#`, decoded; `subpath` from there on.

    `target_start` and `target_end` bound the destination in the text, without its subpath.
    `external` links lead out of the vault and are never resolved.
    """

    kind: LinkKind
    target: str
    subpath: str
    display: str | None
    target_start: int
    target_end: int
    external: bool = False

    @property
    def target_span(self) -> Span:
        """The destination alone."""
        return Span(self.target_start, self.target_end)


class Heading(Fact, frozen=True, array_like=True, gc=False):
    """A heading; `text` is its source without the marks."""

    level: int
    text: str


class Block(Fact, frozen=True, array_like=True, gc=False):
    """A block id, `^id`."""

    id: str


class Tag(Fact, frozen=True, array_like=True, gc=False):
    """A tag in the body, its name without `#`."""

    name: str


class Task(Fact, frozen=True, array_like=True, gc=False):
    """A list item with a check box; `mark` is the character in the box."""

    mark: str
    text: str

    @property
    def done(self) -> bool:
        """Whether the box holds anything but a space."""
        return self.mark != " "


class Footnote(Fact, frozen=True, array_like=True, gc=False):
    """The definition of a footnote."""

    label: str


class Element(Fact, frozen=True, array_like=True, gc=False):
    """A part of a note's body in reading order; items carry their depth, counted from 1."""

    kind: ElementKind
    depth: int = 0


class PropertiesError(msgspec.Struct, frozen=True, array_like=True):
    """Why a block of properties cannot be read, and where.

    `first` is the first place of a property that is defined twice.
    """

    message: str
    offset: int
    cause: Literal["form", "duplicate", "tab", "misplaced", "conflict"] = "form"
    first: int = 0


class Properties(msgspec.Struct, frozen=True, eq=False, array_like=True):
    """The properties of a note.

    `span` covers the block with its fences, None where there is none. `keys` and `values` bound
    the name and the value of each top-level property.
    """

    data: Mapping[str, Any] = {}
    span: Span | None = None
    keys: Mapping[str, Span] = {}
    values: Mapping[str, Span] = {}
    links: tuple[Link, ...] = ()
    error: PropertiesError | None = None

    def key(self, name: str) -> str | None:
        """Return the property's name as it is written: so, else the first in any letter case."""
        return name if name in self.data else _by_folded_name(tuple(self.data)).get(name.lower())

    def has_any(self, names: frozenset[str]) -> bool:
        """Whether there is a property with one of these names, in any letter case."""
        return not names.isdisjoint(_by_folded_name(tuple(self.data)))


# Many notes have the same properties.
@functools.lru_cache(maxsize=1024)
def _by_folded_name(names: tuple[str, ...]) -> Mapping[str, str]:
    return {name.lower(): name for name in reversed(names)}


class Document(msgspec.Struct, frozen=True, eq=False):
    """The content of one file. A file that cannot be read has an `error` and no facts.

    An attachment is only a path and has no document. Settings (`vaultsync.toml` and the linter's
    baseline) are documents that consist of their text alone.

    `content` is the text, or a function that returns it, so that the text is read only when it is
    needed. `body` is the offset at which the properties end. `internal` are the links into the
    vault; `external_source` are the links of the body that lead out of it, or a function that
    returns them, since they are often the most and rarely needed. `directives`: the text contains
    the name vaultsync; without it there are neither generated blocks nor suppressions. `conflicts`
    are those of a merge that nobody resolved. `plain`: the text holds neither CR, NUL nor a byte
    order mark, and its body no table, footnote or reference, nor a link that a space in its
    destination breaks. Where it is false, that is not known.
    """

    path: str
    kind: DocumentKind
    content: str | Callable[[], str]
    properties: Properties = Properties()
    body: int = 0
    headings: tuple[Heading, ...] = ()
    internal: tuple[Link, ...] = ()
    external_source: tuple[Link, ...] | Callable[[], tuple[Link, ...]] = ()
    blocks: tuple[Block, ...] = ()
    tags: tuple[Tag, ...] = ()
    tasks: tuple[Task, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    directives: bool = True
    error: str | None = None
    conflicts: tuple[Fact, ...] = ()
    plain: bool = False

    @property
    def text(self) -> str:
        """The whole text of the file."""
        return self.content if isinstance(self.content, str) else self.content()

    @property
    def links(self) -> tuple[Link, ...]:
        """All links, in the order of the text; of two that begin together the outer one first."""
        above = (link for link in self.properties.links if link.external)
        return tuple(sorted((*self.internal, *above, *self.external), key=_from_outer))

    @property
    def external(self) -> tuple[Link, ...]:
        """The links of the body that lead out of the vault."""
        source = self.external_source
        return source if isinstance(source, tuple) else source()

    def text_property(self, name: str) -> str | None:
        """Return a property that is a non-empty text or a number, as text; else None."""
        value = self.properties.data.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        return str(value).strip() or None

    def list_property(self, name: str) -> tuple[str, ...]:
        """Return a property's texts: those of a list, or the one text. Letter case is ignored."""
        value = self.properties.data.get(self.properties.key(name) or name)
        values = value if isinstance(value, list) else [value]
        return tuple(str(item) for item in values if type(item) in {str, int} and item != "")


def internal_links(properties: Properties, body: Iterable[Link] = ()) -> tuple[Link, ...]:
    """Return the links into the vault of a note with these properties, and these in its body."""
    above = properties.links
    return (*(link for link in above if not link.external), *body) if above else tuple(body)


def _from_outer(link: Link) -> tuple[int, int]:
    return link.start, -link.end


def content_id(data: bytes, algorithm: str = "sha1") -> str:
    """Return the id that git gives a blob of these bytes, hexadecimal; it knows SHA-256 too."""
    blob = b"blob %d\0" % len(data) + data
    # By its name in the module it is found faster than by `hashlib.new`.
    return str(getattr(hashlib, algorithm)(blob, usedforsecurity=False).hexdigest())


class DocumentMap(Mapping[str, Document]):
    """Documents by path, of which the paths are known before the documents are loaded."""

    _paths: dict[str, None]

    @property
    def paths(self) -> dict[str, None]:
        """The paths, in order."""
        return self._paths

    def __contains__(self, path: object) -> bool:
        """Whether there is a document at a path; it is not loaded."""
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        """Return the paths."""
        return iter(self._paths)

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self._paths)

    def keys(self) -> Any:
        """Return the paths, as a set that is combined with others faster than a mapping's."""
        return self._paths.keys()


class Overlay(DocumentMap):
    """Documents of which some are replaced or removed, the others being those of `base`."""

    def __init__(
        self,
        base: Mapping[str, Document],
        replaced: Mapping[str, Document],
        removed: Collection[str] = (),
    ) -> None:
        """Bind the values. Over another overlay, the two become one."""
        absent = frozenset(removed)
        found = dict(replaced)
        if isinstance(base, Overlay):
            absent |= base.removed
            found = {p: one for p, one in base.replaced.items() if p not in removed} | found
        self.base: Mapping[str, Document] = base.base if isinstance(base, Overlay) else base
        self.replaced: Mapping[str, Document] = found
        self.removed: frozenset[str] = absent - found.keys()
        if isinstance(base, DocumentMap) and not removed and found.keys() <= base.paths.keys():
            self._paths = base.paths
        else:
            self._paths = dict.fromkeys(p for p in (*base, *replaced) if p not in self.removed)

    def __getitem__(self, path: str) -> Document:
        """Return a document."""
        if path in self.removed:
            raise KeyError(path)
        return self.replaced.get(path) or self.base[path]

    def load(self, paths: Iterable[str]) -> None:
        """Load documents that will be used, where they are loaded one by one otherwise."""
        load = getattr(self.base, "load", None)
        if load:
            load(path for path in paths if path not in self.replaced)


class Vault(msgspec.Struct, frozen=True, eq=False):
    """The files of a vault, all of them by path, and those that can be read as documents."""

    documents: Mapping[str, Document]
    files: frozenset[str]

    def load(self, paths: Iterable[str]) -> None:
        """Load the documents at some paths, where they are loaded one by one otherwise."""
        load = getattr(self.documents, "load", None)
        if load:
            load(paths)

    def with_document(self, document: Document) -> Vault:
        """Return the vault with one document put in or replaced."""
        documents = Overlay(self.documents, {document.path: document})
        return Vault(documents, self.files | {document.path})

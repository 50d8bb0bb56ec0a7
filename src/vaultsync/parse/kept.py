"""The facts of a document as bytes, and back: what a store keeps of it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from vaultsync.model import (
    Block,
    Document,
    DocumentKind,
    Footnote,
    Heading,
    Link,
    Properties,
    Tag,
    Task,
)


class _Facts(msgspec.Struct, frozen=True, array_like=True):
    """A document without its path and its text; the links are those of the body."""

    properties: Properties
    body: int
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    blocks: tuple[Block, ...]
    tags: tuple[Tag, ...]
    tasks: tuple[Task, ...]
    footnotes: tuple[Footnote, ...]
    directives: bool
    error: str | None


class _Outline(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The same, with all that lies in the body left as it is kept."""

    properties: Properties
    body: int
    headings: msgspec.Raw
    links: msgspec.Raw
    blocks: msgspec.Raw
    tags: msgspec.Raw
    tasks: msgspec.Raw
    footnotes: msgspec.Raw
    directives: bool
    error: str | None


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Facts)
_OUTLINES = msgspec.msgpack.Decoder(_Outline)


def to_bytes(document: Document) -> bytes | None:
    """Return a document's facts, None where they hold what cannot be kept."""
    facts = _Facts(
        document.properties,
        document.body,
        document.headings,
        document.links[len(document.properties.links) :],
        document.blocks,
        document.tags,
        document.tasks,
        document.footnotes,
        document.directives,
        document.error,
    )
    try:
        return _ENCODER.encode(facts)
    except (UnicodeEncodeError, OverflowError):
        return None


def from_bytes(
    path: str, kind: DocumentKind, content: str | Callable[[], str], data: bytes
) -> Document | None:
    """Return the document whose facts they are, None where they are none."""
    try:
        facts = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return Document(
        path,
        kind,
        "" if facts.error else content,
        facts.properties,
        facts.body,
        facts.headings,
        (*facts.properties.links, *facts.links) if facts.properties.links else facts.links,
        facts.blocks,
        facts.tags,
        facts.tasks,
        facts.footnotes,
        facts.directives,
        facts.error,
    )


def outline(
    path: str, kind: DocumentKind, content: str | Callable[[], str], data: bytes
) -> Document | None:
    """Return the document with its properties and no facts of its body, None where there is none.

    Of a thousand notes that takes a fourth of the time.
    """
    try:
        facts = _OUTLINES.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return Document(
        path,
        kind,
        "" if facts.error else content,
        facts.properties,
        facts.body,
        directives=facts.directives,
        error=facts.error,
    )

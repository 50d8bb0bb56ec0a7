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


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Facts)


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

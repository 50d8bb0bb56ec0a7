"""Serialize the facts of a document for the cache, and deserialize them."""

from __future__ import annotations

import functools
from collections.abc import Callable

import msgspec

from vaultsync.core.model import (
    Block,
    Document,
    DocumentKind,
    Footnote,
    Heading,
    Link,
    Properties,
    Tag,
    Task,
    internal_links,
)
from vaultsync.markdown.document import external_links


class _Facts(msgspec.Struct, frozen=True, array_like=True):
    """A document without its path and its text, and of its body's links only those `internal`.

    The others are rarely used, and often the most.
    """

    properties: Properties
    body: int
    headings: tuple[Heading, ...]
    internal: tuple[Link, ...]
    blocks: tuple[Block, ...]
    tags: tuple[Tag, ...]
    tasks: tuple[Task, ...]
    footnotes: tuple[Footnote, ...]
    directives: bool
    error: str | None


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Facts)


def to_bytes(document: Document) -> bytes | None:
    """Return a document's facts, None where they cannot be encoded."""
    try:
        facts = _Facts(
            document.properties,
            document.body,
            document.headings,
            document.internal[len(internal_links(document.properties)) :],
            document.blocks,
            document.tags,
            document.tasks,
            document.footnotes,
            document.directives,
            document.error,
        )
        return _ENCODER.encode(facts)
    except (UnicodeEncodeError, OverflowError):
        return None


def from_bytes(
    path: str, kind: DocumentKind, content: str | Callable[[], str], data: bytes
) -> Document | None:
    """Return the document with these facts, None where the bytes are not facts."""
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
        internal_links(facts.properties, facts.internal),
        () if facts.error else functools.partial(external_links, path, content),
        facts.blocks,
        facts.tags,
        facts.tasks,
        facts.footnotes,
        facts.directives,
        facts.error,
    )

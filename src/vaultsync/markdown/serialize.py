"""The facts of a document as bytes, and back: what a store keeps of it."""

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
    inward,
)
from vaultsync.markdown.document import links_outward


class _Facts(msgspec.Struct, frozen=True, array_like=True):
    """A document without its path and its text, and of its body's links only those `inward`.

    Few ask for the others, which are most.
    """

    properties: Properties
    body: int
    headings: tuple[Heading, ...]
    inward: tuple[Link, ...]
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
    inward: msgspec.Raw
    blocks: msgspec.Raw
    tags: msgspec.Raw
    tasks: msgspec.Raw
    footnotes: msgspec.Raw
    directives: bool
    error: str | None


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(_Facts)
_OUTLINES = msgspec.msgpack.Decoder(_Outline)
_Body = tuple[
    tuple[Heading, ...],
    tuple[Link, ...],
    tuple[Link, ...] | Callable[[], tuple[Link, ...]],
    tuple[Block, ...],
    tuple[Tag, ...],
    tuple[Task, ...],
    tuple[Footnote, ...],
]
_NO_BODY: _Body = ((), (), (), (), (), (), ())


def to_bytes(document: Document) -> bytes | None:
    """Return a document's facts, None where they hold what cannot be kept."""
    try:
        facts = _Facts(
            document.properties,
            document.body,
            document.headings,
            document.inward[len(inward(document.properties)) :],
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
    path: str,
    kind: DocumentKind,
    content: str | Callable[[], str],
    data: bytes,
    *,
    outline: bool = False,
) -> Document | None:
    """Return the document whose facts they are, None where they are none.

    An `outline` has the properties and no facts of the body, which takes a fourth of the time.
    """
    try:
        facts = (_OUTLINES if outline else _DECODER).decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    body = _NO_BODY
    if isinstance(facts, _Facts):
        body = (
            facts.headings,
            inward(facts.properties, facts.inward),
            () if facts.error else functools.partial(links_outward, path, content),
            facts.blocks,
            facts.tags,
            facts.tasks,
            facts.footnotes,
        )
    return Document(
        path,
        kind,
        "" if facts.error else content,
        facts.properties,
        facts.body,
        *body,
        facts.directives,
        facts.error,
    )

"""Parse one file (a note, a canvas or a base), and serialize its facts for the cache.

A note whose reading would take time that grows faster than its text is refused: for every line
pulldown-cmark looks at all quotes and lists that are open, and for the end of every embed at those
around it. Source of the canvas format: https://jsoncanvas.org/spec/1.0/.
"""

from __future__ import annotations

import functools
import re
from collections import deque
from collections.abc import Callable
from typing import Any

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
from vaultsync.core.text import Lines, Span, possessive_group
from vaultsync.markdown.frontmatter.block import read_properties
from vaultsync.markdown.reader import read_body_facts

KINDS: dict[str, DocumentKind] = {".md": "note", ".canvas": "canvas", ".base": "base"}
_NAME = "vaultsync"
MAX_BYTES = 5_000_000
_FILE_KEY = re.compile(r'"file"\s*:\s*"((?:[^"\\]|\\.)*)"')
MAX_STEPS = 200_000_000
# All that may precede the text of a line. A list mark is followed by a space.
_NESTING_MARK = r"[ \t>]++|(?:[-+*]|\d{1,9}[.)])(?![^ \t\r\n])"
_NESTING_MARKS = re.compile(
    rf"(?:^|\r)(?P<marks>{possessive_group(_NESTING_MARK, '+')})", re.MULTILINE
)
_EMBED_EDGE = re.compile(r"!\[\[|\]\]|(?:\r\n?|\n)[ \t>]*[\r\n]")


def kind_of(path: str) -> DocumentKind | None:
    """Return what kind of document a path names, None for an attachment."""
    suffix = path[path.rfind(".") :]
    return KINDS.get(suffix) or KINDS.get(suffix.lower())


def parse(path: str, data: bytes | str, *, external: bool = True, fast: bool = False) -> Document:
    """Return the facts of one file. Never raises: what cannot be read is the document's `error`.

    Without `external`, the links of a body that lead out of the vault are read at their first use.
    `fast` tries the fast path first, which saves time where many documents are parsed; the result
    is the same.
    """
    kind = kind_of(path) or "note"
    if isinstance(data, bytes):
        if len(data) > MAX_BYTES:
            size = f"{len(data) / 1e6:.1f} MB is more than the {MAX_BYTES / 1e6:.0f} MB"
            return Document(path, kind, "", error=f"{size} that a note may have")
        try:
            data = data.decode("utf-8")
        except UnicodeDecodeError as error:
            return Document(path, kind, "", error=f"not UTF-8 at byte {error.start}")
    if kind == "note":
        deep = nesting_error(data)
        return (
            Document(path, kind, "", error=deep)
            if deep
            else _note(path, data, external=external, fast=fast)
        )
    links = canvas_links(data) if kind == "canvas" else ()
    return Document(path, kind, data, internal=links, directives=_NAME in data)


def external_links(path: str, content: str | Callable[[], str]) -> tuple[Link, ...]:
    """Return the links of a document's body that lead out, of its text or what returns it."""
    return parse(path, content if isinstance(content, str) else content()).external


def _note(path: str, text: str, *, external: bool, fast: bool) -> Document:
    properties = read_properties(text)
    start = properties.span.end if properties.span else int(text.startswith("\ufeff"))
    facts = read_body_facts(text, start, external=external, fast=fast)
    return Document(
        path,
        "note",
        text,
        properties,
        start,
        internal=internal_links(properties, facts.internal),
        external_source=tuple(facts.external)
        if external
        else functools.partial(external_links, path, text),
        headings=tuple(facts.headings),
        blocks=tuple(facts.blocks),
        tags=tuple(facts.tags),
        tasks=tuple(facts.tasks),
        footnotes=tuple(facts.footnotes),
        directives=_NAME in text,
    )


def canvas_links(text: str) -> tuple[Link, ...]:
    """Return a link for each file node; a canvas that cannot be read has none."""
    try:
        canvas = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return ()
    places: dict[str, deque[Span]] = {}
    for found in _FILE_KEY.finditer(text):
        target = msgspec.json.decode(f'"{found[1]}"')
        places.setdefault(target, deque()).append(Span(*found.span(1)))
    whole = Span(0, len(text))
    return tuple(
        _canvas_link(node, places.get(node["file"]), whole) for node in _file_nodes(canvas)
    )


def _file_nodes(canvas: object) -> list[dict[str, Any]]:
    nodes = canvas.get("nodes") if isinstance(canvas, dict) else None
    return [
        node
        for node in (nodes if isinstance(nodes, list) else ())
        if isinstance(node, dict)
        and node.get("type") == "file"
        and isinstance(node.get("file"), str)
    ]


def _canvas_link(node: dict[str, Any], places: deque[Span] | None, whole: Span) -> Link:
    """Give a node the first place where its file is written; two nodes share none."""
    place = places.popleft() if places else whole
    start, end, subpath = place.start, place.end, node.get("subpath")
    written = subpath if isinstance(subpath, str) else ""
    return Link(start, end, "canvas", node["file"], written, None, start, end)


def nesting_error(text: str) -> str | None:
    """Return why reading a text would take too long, None where it would not."""
    # The product of two numbers whose sum is at most the length.
    if len(text) ** 2 < 4 * MAX_STEPS:
        return None
    lines = text.count("\n") + text.count("\r") + 1
    # `splitlines` splits the text at every line end, and at some characters that are no marks.
    if max(map(len, text.splitlines())) * lines > MAX_STEPS and (deep := _deep_marks(text, lines)):
        return deep
    if text.count("![[") * text.count("]]") > MAX_STEPS and _embed_steps(text) > MAX_STEPS:
        return "too many embeds stand inside each other"
    return None


def _deep_marks(text: str, lines: int) -> str | None:
    marks = max(_NESTING_MARKS.finditer(text), key=lambda found: len(found["marks"]), default=None)
    if marks and len(marks["marks"]) * lines > MAX_STEPS:
        where = Lines(text).position(marks.start("marks"))[0]
        size = f"{len(marks['marks'])} characters of quote and list marks"
        return f"line {where} starts with {size}, too many for a note of {lines} lines"
    return None


def _embed_steps(text: str) -> int:
    depth = steps = 0
    for found in _EMBED_EDGE.finditer(text):
        if found[0] == "![[":
            depth += 1
        elif found[0] == "]]":
            steps += depth
            depth = max(depth - 1, 0)
        else:
            depth = 0
    return steps


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

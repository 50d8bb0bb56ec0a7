"""Parse one file (a note, a canvas or a base), and serialize its facts for the cache.

A note whose reading would take time that grows faster than its text is refused: for every line
pulldown-cmark looks at all quotes and lists that are open, and for the end of every embed at those
around it. Source of the canvas format: https://jsoncanvas.org/spec/1.0/.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import msgspec

from vaultsync.core import model
from vaultsync.core.model import Document, DocumentKind, Link, internal_links
from vaultsync.core.text import POSSESSIVE_WORKS, Lines, Span, possessive_group
from vaultsync.markdown.base import views
from vaultsync.markdown.conflicts import find_conflicts
from vaultsync.markdown.frontmatter.block import read_properties
from vaultsync.markdown.reader import fast_reader, read_by_events

KINDS: dict[str, DocumentKind] = {".md": "note", ".canvas": "canvas", ".base": "base"}
_NAME = "vaultsync"
MAX_BYTES = 5_000_000
# Which value of a node of a canvas leads somewhere, by the node's type, and how it is written.
_CANVAS_KEYS = {"file": "file", "group": "background", "text": "text"}
_CANVAS_VALUE = re.compile(r'"(file|background|text)"\s*:\s*"((?:[^"\\]|\\.)*)"')
_SUBPATH = re.compile(r'"subpath"\s*:\s*"((?:[^"\\]|\\.)*)"')
# One character of a text as JSON has it; one beyond U+FFFF may be a pair of escapes.
_JSON_CHARACTER = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
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
    `fast` tries the fast path first, which leaves them too, and saves time where many documents are
    parsed; the result is the same.
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
    if kind != "note":
        links = canvas_links(data) if kind == "canvas" else ()
        headings = views(data) if kind == "base" else ()
        return Document(
            path, kind, data, headings=headings, internal=links, directives=_NAME in data
        )
    if deep := nesting_error(data):
        return Document(path, kind, "", error=deep)
    return _note(path, data, external=external, fast=fast)


def external_links(path: str, content: str | Callable[[], str]) -> tuple[Link, ...]:
    """Return the links of a document's body that lead out, of its text or what returns it."""
    return parse(path, content if isinstance(content, str) else content()).external


def _note(path: str, text: str, *, external: bool, fast: bool) -> Document:
    properties = read_properties(text)
    start = properties.span.end if properties.span else int(text.startswith("\ufeff"))
    plain = fast_reader()(text, start) if fast and POSSESSIVE_WORKS else None
    facts = plain or read_by_events(text, start)
    late = functools.partial(external_links, path, text)
    return Document(
        path,
        "note",
        text,
        properties,
        start,
        internal=internal_links(properties, facts.internal),
        external_source=late if plain or not external else tuple(facts.external),
        headings=tuple(facts.headings),
        blocks=tuple(facts.blocks),
        tags=tuple(facts.tags),
        tasks=tuple(facts.tasks),
        footnotes=tuple(facts.footnotes),
        directives=_NAME in text,
        conflicts=find_conflicts(text, start),
        plain=facts.plain,
    )


def canvas_links(text: str) -> tuple[Link, ...]:
    """Return a link for each file, also one behind a group, and the links of text cards.

    A canvas that cannot be read has none.
    """
    links: list[Link] = []
    for node, key, value, (start, end) in _canvas_values(text):
        if key == "text":
            links += _card_links(value, text, start, end)
        else:
            subpath = node.get("subpath") if key == "file" else ""
            written = subpath if isinstance(subpath, str) else ""
            links.append(Link(start, end, "canvas", value, written, None, start, end))
    return tuple(links)


def canvas_tags(text: str) -> tuple[model.Tag, ...]:
    """Return the tags in the text cards of a canvas, which Obsidian does not list."""
    tags: list[model.Tag] = []
    for _, key, card, (start, end) in _canvas_values(text) if "#" in text else ():
        if key == "text" and not nesting_error(card):
            at = _card_places(card, text, start, end)
            found = read_by_events(card, 0).tags if at else ()
            tags += [model.Tag(at[tag.start], at[tag.end], tag.name) for tag in found]
    return tuple(tags)


def _canvas_values(text: str) -> Iterator[tuple[dict[str, Any], str, str, tuple[int, int]]]:
    """Yield the nodes of a canvas that name a file or hold a text: key, value and place of that."""
    try:
        nodes = [node for node in msgspec.json.decode(text)["nodes"] if isinstance(node, dict)]
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError, LookupError, TypeError):
        return
    places: defaultdict[tuple[str, str], deque[tuple[int, int]]] = defaultdict(deque)
    for found in _CANVAS_VALUE.finditer(text):
        places[found[1], msgspec.json.decode(f'"{found[2]}"')].append(found.span(2))
    for node in nodes:
        key = _CANVAS_KEYS.get(str(node.get("type")), "")
        value = node.get(key)
        if isinstance(value, str):
            # The first place where it is written; two nodes share none.
            known = places[key, value]
            yield node, key, value, known.popleft() if known else (0, len(text))


def canvas_subpaths(text: str) -> tuple[Span, ...]:
    """Return where the subpaths of a canvas's files are written, in the order of its links.

    () where that is not certain.
    """
    nodes = [node for node in msgspec.json.decode(text)["nodes"] if isinstance(node, dict)]
    named = [node for node in nodes if isinstance(node.get("subpath"), str)]
    places = list(_SUBPATH.finditer(text))
    if [msgspec.json.decode(f'"{one[1]}"') for one in places] != [one["subpath"] for one in named]:
        return ()
    return tuple(
        Span(*place.span(1))
        for node, place in zip(named, places, strict=True)
        if node.get("type") == "file" and isinstance(node.get("file"), str) and node["subpath"]
    )


def _card_links(card: str, text: str, start: int, end: int) -> Iterator[Link]:
    """Yield the links of a text card, whose Markdown is at a place of a canvas, with escapes."""
    found = read_by_events(card, 0).internal if not nesting_error(card) else ()
    if not found:
        return
    places = _card_places(card, text, start, end)
    for link in found:
        bounds = link.start, link.end, link.target_start, link.target_end
        at, to, first, last = (places[one] for one in bounds) if places else (start, end) * 2
        yield Link(at, to, link.kind, link.target, link.subpath, link.display, first, last)


def _card_places(card: str, text: str, start: int, end: int) -> list[int]:
    """Return where each character of a text card is written, and its end; [] if that is unknown."""
    places = [piece.start() for piece in _JSON_CHARACTER.finditer(text, start, end)] + [end]
    return places if len(places) == len(card) + 1 else []


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
        return "embeds are nested too deeply"
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

    properties: model.Properties
    body: int
    headings: tuple[model.Heading, ...]
    internal: tuple[Link, ...]
    blocks: tuple[model.Block, ...]
    tags: tuple[model.Tag, ...]
    tasks: tuple[model.Task, ...]
    footnotes: tuple[model.Footnote, ...]
    directives: bool
    error: str | None
    conflicts: tuple[model.Fact, ...]
    plain: bool


_DECODER = msgspec.msgpack.Decoder(_Facts)
_facts = attrgetter(*_Facts.__struct_fields__)


def to_bytes(document: Document) -> bytes | None:
    """Return a document's facts, None where they cannot be encoded."""
    if above := len(internal_links(document.properties)):
        document = msgspec.structs.replace(document, internal=document.internal[above:])
    try:
        return msgspec.msgpack.encode(_facts(document))
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
        facts.conflicts,
        facts.plain,
    )

"""Links, found in the body and read as Obsidian does.

Of constructs that overlap in a line, the one that opens first counts. pulldown-cmark lets code,
mathematics, HTML and autolinks win over the wikilink that they begin in; Obsidian takes the link
(rule §10 of the conformance vectors), and so does `prefer_wikilinks`. Source of how target, subpath
and display are written: https://github.com/open-nerve/NerveWiki (tools/md-fixtures).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping

from vaultsync.core.model import Link, LinkKind
from vaultsync.core.text import Edit, Span, apply_edits, possessive_group
from vaultsync.markdown.events import (
    INLINE,
    NOWHERE,
    CandidatePositions,
    Offsets,
    block_starts,
    depends_on_definitions,
    events,
    markup,
)

# A Markdown destination, in which parentheses are balanced.
DESTINATION = r"(?:<[^<>\n]*>|[^()<>\s]*(?:\([^()<>\s]*\)[^()<>\s]*)*)"

_WIKI_BREAKERS = re.compile(r"\A\[|\[\[|\]\]|\]\(|[\r\n]|[\]\\]\Z")
# What may end a destination or make it something else; all of it can be escaped.
_DESTINATION_BREAKERS = re.compile(r"[\x00-\x20\x7f%()<>\[\\\]`|]")
_DISPLAY = re.compile(r"\\?\|")
_BACKSLASH = re.compile(r"\\([!-/:-@\[-`{-~])")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
# Escapes of ; / ? : @ & = + $ , # are left as they are.
_DECODED = re.compile(r"(?:%(?!2[346BCF]|3[ABDF]|40)[0-9A-F]{2})+", re.IGNORECASE)


def split_wikilink(inner: str) -> tuple[str, str, str | None]:
    r"""Return target, subpath and display, from between `[[` and `]]`.

    The first `|` or `\|` ends the target, whose first `#` starts the subpath. With nothing before
    it, a `|` is part of the target.
    """
    named = not inner.lstrip().startswith("|")
    parts = _DISPLAY.split(inner, maxsplit=1) if named else [inner]
    display = parts[1].strip() if len(parts) > 1 else ""
    target, mark, subpath = parts[0].partition("#")
    return target.strip(), (mark + subpath).strip(), display or None


def markdown_target(written: str) -> tuple[str, str, bool]:
    """Return target, subpath and whether it is external, from a Markdown link's destination.

    `written` is without the angle brackets that a destination may have, and with its escapes.
    Source of these: https://spec.commonmark.org/0.31.2/#backslash-escapes.
    """
    written = _BACKSLASH.sub(r"\1", written)
    if is_external(written):
        return written, "", True
    target, mark, subpath = written.partition("#")
    return decode_uri(target), decode_uri(mark + subpath), False


def is_external(destination: str) -> bool:
    """Whether a Markdown destination leads out of the vault."""
    if ":" in destination:
        return not destination.startswith(("./", "../"))
    return destination.startswith("//")


def decode_uri(text: str) -> str:
    """Decode as JavaScript's `decodeURI`: reserved characters stay, a malformed `%` stops it all.

    Source: https://tc39.es/ecma262/#sec-decodeuri-encodeduri.
    """
    if "%" in _ESCAPE.sub("", text):
        return text
    try:
        return _DECODED.sub(lambda run: bytes.fromhex(run[0].replace("%", "")).decode(), text)
    except UnicodeDecodeError:
        return text


def wikilink_target(text: str) -> str | None:
    """Return a target or a subpath as it is written in a wikilink, None where it cannot be."""
    whole = split_wikilink(text)[:2] in {(text, ""), ("", text)}
    return text if whole and not _WIKI_BREAKERS.search(text) else None


def markdown_destination(text: str) -> str | None:
    """Return a target or a subpath as a Markdown destination, None where none is read as it."""
    written = _DESTINATION_BREAKERS.sub(lambda found: f"%{ord(found[0]):02X}", text)
    whole = markdown_target(written) in {(text, "", False), ("", text, False)}
    return written if whole else None


_WIKI = re.compile(r"!?\[\[(?P<inner>(?:(?!\[\[|\]\])[^\r\n])+)\]\]")
# A wikilink with nothing in it that may be read in two ways.
_PLAIN = re.compile(
    r"!?\[\[(?P<target>[^\s\[\]|#\\](?:[^\r\n\[\]|#\\]*[^\s\[\]|#\\])?)"
    r"(?:\|(?P<display>[^\s\[\]|\\](?:[^\r\n\[\]|\\]*[^\s\[\]|\\])?))?\]\]"
)
# What makes it worth while to look closely where a wikilink begins and ends.
_ODD = re.compile(r"[\[\]\r\n]")
_CONTINUED = re.compile(r"[\r\n][ \t>]*")
_ANGLED = re.compile(r"[ \t\r\n]*<(?P<inner>(?:\\.|[^>\\])*)>", re.DOTALL)
_BARE = re.compile(r"[^ \t\r\n]+")
_AROUND = re.compile(r"\]\][^\[\]\n]*\]\(")
_ENCLOSING = re.compile(
    r"(?<![\\\[])!?(?<!\\!)\[(?P<text>(?:[^\[\]\n]|\[\[[^\[\]\n]+\]\])*)\]"
    r"\((?:<[^<>\n]*>|[^\s()<>]+)(?:[ \t]+\"[^\"\n]*\")?\)"
)
# At most so many links are corrected in one block; each needs the events of the text again.
MOST_ROUNDS = 20
_OPENER = re.compile(r"[`$<]")
# What the brackets of a link may contain.
_LONE_BRACKET = r"\](?!\])|\[(?!\[)"
_BEFORE = possessive_group(rf"[^\[\]\r\n`$<]++|{_LONE_BRACKET}")
_BEFORE_ON_ANY_LINE = possessive_group(rf"[^\[\]`$<]++|{_LONE_BRACKET}")
_INNER_TEXT = rf"[^\[\]\r\n]++|{_LONE_BRACKET}"
_POSSIBLE = re.compile(rf"\[\[{_BEFORE_ON_ANY_LINE}[`$<]")
# The first two are not links but may hide the start of one. Behind three backticks all is left as
# it is, since it may be a backtick that makes the line no fence.
_HIDDEN_LINK = re.compile(
    rf"\\.|```[^\r\n]*|!?\[\[(?P<inner>{_BEFORE}[`$<]{possessive_group(_INNER_TEXT)})\]\]"
)
# What pulldown-cmark reads otherwise: `[[[a]]]` leads to `[a`, except in the text of a link, and
# `[[|a]]` to `|a`.
_ODD_OPENING = re.compile(
    r"(?<![\\\[])(\[\[)(?:\[(?=[^\[\]\r\n]+\]\](?![^\[\]\r\n]*\]\())|\|(?=[^\[\]\r\n]+\]\]))"
)
# The first of two brackets that open no link.
_NO_OPENER = re.compile(rf"\[(?=\[)(?!\[{possessive_group(_INNER_TEXT, '+')}\]\])")
_NO_LINK = re.compile(r"\[\[|\]\]|[\r\n]")
_LEAVES = frozenset({"Code", "InlineMath", "DisplayMath", "InlineHtml"})


def parse_wikilinks(text: str, start: int, end: int) -> Iterable[Link]:
    """Return the wikilinks and embeds in a range of text. A line break makes them plain text."""
    plain = _PLAIN.fullmatch(text, start, end)
    if plain:
        kind: LinkKind = "embed" if text[start] == "!" else "wiki"
        target, display = plain.groups()
        at = plain.start(1)
        return (Link(start, end, kind, target, "", display, at, at + len(target)),)
    opening = 3 if text.startswith("!", start) else 2
    if not _ODD.search(text, start + opening, end - 2):
        return (parse_wikilink(text, start, end),)
    return [parse_wikilink(text, *found.span()) for found in _WIKI.finditer(text, start, end)]


def parse_first_wikilink(text: str, start: int, end: int) -> Iterable[Link]:
    """Return the wikilink or embed that begins at `start`, or nothing."""
    found = _WIKI.match(text, start, end)
    return (parse_wikilink(text, *found.span()),) if found else ()


def parse_wikilink(text: str, start: int, end: int) -> Link:
    """Return the wikilink or embed there."""
    embed = text.startswith("!", start)
    inner = text[start + (3 if embed else 2) : end - 2]
    target, subpath, display = split_wikilink(inner)
    at = end - 2 - len(inner.lstrip())
    kind: LinkKind = "embed" if embed else "wiki"
    return Link(start, end, kind, target, subpath, display, at, at + len(target))


def parse_inline_link(
    text: str, start: int, end: int, kind: LinkKind, detail: Mapping[str, str]
) -> Link:
    """Return the Markdown link or image there; `detail` is what CommonMark reads of it.

    Where destination and title are written otherwise than they are read, the link is read again
    for the end of what its text holds.
    """
    read, title = detail["dest_url"], detail["title"]
    # The end of the destination, which a space and the title in its quotes may follow.
    stop = end - 1 if not title else end - 4 - len(title)
    at = stop - len(read)
    plain = f']({read} "{title}")' if title else f"]({read})"
    if read and text.startswith(plain, at - 2):
        # Without a call for most of them.
        if (read.startswith("http") and ":" in read) or is_external(read):
            display = text[start + (2 if kind == "image" else 1) : at - 2]
            return Link(start, end, kind, read, "", display, at, stop, True)  # noqa: FBT003 - quicker
        return build_markdown_link(text, (start, at - 2, end), (at, stop), kind, read)
    bracket = _closing_bracket(text, start, end)
    written = destination_span(text, bracket + 2, end - 1)
    return build_markdown_link(text, (start, bracket, end), written, kind, read)


def _closing_bracket(text: str, start: int, end: int) -> int:
    """Return where the text of a link ends: at the first `](` behind what it holds."""
    # On one line, since what continues a line in a quote or list would be read as a block.
    line = _CONTINUED.sub(lambda found: " " * len(found[0]), text[start:end])
    # Without the paragraph around the link, and the link's own end.
    inner = [
        place["start"] + 1 if "Start" in event else place["end"]
        for event, place in list(events(line))[1:-2]
    ]
    found = text.find("](", Offsets(line, start)(inner[-1] if inner else 0), end)
    return found if found >= 0 else text.rindex("](", start, end)


def build_markdown_link(
    text: str, place: tuple[int, int, int], written: tuple[int, int], kind: LinkKind, read: str = ""
) -> Link:
    """Return a Markdown link or image, where `written` is the range of its destination.

    `place` are the offsets of its start, of the bracket that closes its text, and of its end.
    `read` is the destination without escapes, where that is known.
    """
    start, bracket, end = place
    at, stop = written
    display = text[start + (2 if kind == "image" else 1) : bracket]
    source = text[at:stop]
    if is_external(read or source):
        return Link(start, end, kind, read or source, "", display, at, stop, external=True)
    target, subpath, _ = markdown_target(source)
    return Link(start, end, kind, target, subpath, display, at, at + len(source.partition("#")[0]))


def destination_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range of the destination, without angle brackets or a title."""
    angled, bare = _ANGLED.match(text, start, end), _BARE.search(text, start, end)
    if angled:
        return angled.span("inner")
    return bare.span() if bare else (start, start)


def possible_enclosing_links(text: str, base: int) -> list[re.Match[str]]:
    """Return what looks like a Markdown link with a wikilink in its text, from `base` on."""
    first = text.find("]]", base)
    if first < 0 or not _AROUND.search(text, first):
        return []
    return [found for found in _ENCLOSING.finditer(text, base) if "[[" in found["text"]]


def enclosing_links(
    text: str, found: Iterable[re.Match[str]], places: CandidatePositions
) -> Iterator[Link]:
    """Yield those that are links or images; CommonMark nests no links."""
    for match in found:
        if places.is_in_text(match.start()):
            place = match.start(), match.end("text"), match.end()
            written = destination_span(text, place[1] + 2, place[2] - 1)
            kind: LinkKind = "image" if match[0].startswith("!") else "markdown"
            yield build_markdown_link(text, place, written, kind)


def visible_links(links: Iterable[Link]) -> list[Link]:
    """Return links in order, without those in the alternative text of an image."""
    kept: list[Link] = []
    image_end = 0
    for link in sorted(links, key=lambda link: (link.start, -link.end)):
        if link.start >= image_end:
            kept.append(link)
            image_end = link.end if link.kind == "image" else image_end
    return kept


def prefer_wikilinks(body: str) -> str:
    """Return a text of the same length in which pulldown-cmark finds the links that Obsidian does.

    A backtick, dollar or `<` inside a wikilink becomes a letter if what it opens ends behind the
    link. So does the first of two brackets that open no link but hide code. Any other text stays
    as it is.
    """
    if "[[[" in body or "[[|" in body:
        body = _ODD_OPENING.sub(r"\1x", body)
    # A plain search finds the first link sooner.
    first = body.find("[[")
    if first < 0 or not _POSSIBLE.search(body, first):
        return body
    # What is mended in a block changes no other.
    starts = [] if depends_on_definitions(body) else block_starts(body)[1:]
    edges = itertools.pairwise([0, *starts, len(body)])
    return "".join(_mended(body[start:end]) for start, end in edges) if starts else _mended(body)


def _mended(body: str) -> str:
    if not _POSSIBLE.search(body):
        return body
    for _ in range(MOST_ROUNDS):
        mends = list(_mends(body))
        if not mends:
            break
        body = apply_edits(body, mends)
    return body


def _mends(body: str) -> Iterator[Edit]:
    """Yield of each block the first mend; what follows it there will be read otherwise."""
    waiting = [Span(*found.span()) for found in _HIDDEN_LINK.finditer(body) if found["inner"]][::-1]
    # What begins before it is in something else, or in another block; behind a mend, all is.
    reached = 0
    for kind, span in _spans(body):
        while waiting and waiting[-1].end <= span.start:
            waiting.pop()
        link = waiting[-1] if waiting else Span(NOWHERE, NOWHERE)
        if kind == "block":
            reached = span.start
        elif reached <= link.start <= span.start and link.end < span.end:
            yield Edit(link, _OPENER.sub("x", link.of(body)))
            reached = NOWHERE
        elif kind == "wikilink" and reached <= span.start and _hides(span.of(body)):
            yield Edit(span, _NO_OPENER.sub("x", span.of(body)))
            reached = NOWHERE
        else:
            reached = max(reached, span.end)


def _hides(written: str) -> bool:
    """Whether pulldown-cmark's wikilink is not one, but something else may open in it.

    A wikilink is on one line, and of nested ones the innermost counts.
    """
    inner = written.removeprefix("!")[2:-2]
    return bool(_NO_LINK.search(inner) and _OPENER.search(inner))


def _spans(body: str) -> Iterator[tuple[str, Span]]:
    """Yield the edges of blocks, and what may overlap a wikilink."""
    for name, tag, detail, span in markup(body, 0):
        if name in {"Start", "End"} and tag not in INLINE:
            yield "block", Span(span.end, span.end) if name == "End" else span
        elif name in _LEAVES or (name == "Start" and detail and detail["link_type"] == "Autolink"):
            yield "leaf", span
        elif name == "Start" and detail and isinstance(detail["link_type"], dict):
            yield "wikilink", span

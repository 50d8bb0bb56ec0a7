"""Links in the body, read from their source text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from vaultsync.core.model import Link, LinkKind
from vaultsync.markdown.events import events
from vaultsync.markdown.linktext import is_external, markdown_target, split_wikilink
from vaultsync.markdown.offsets import Offsets
from vaultsync.markdown.tags import Places

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


def wikilinks(text: str, start: int, end: int) -> Iterable[Link]:
    """Return the wikilinks and embeds in a range of text. A line break makes them plain text."""
    plain = _PLAIN.fullmatch(text, start, end)
    if plain:
        kind: LinkKind = "embed" if text[start] == "!" else "wiki"
        target, display = plain.groups()
        at = plain.start(1)
        return (Link(start, end, kind, target, "", display, at, at + len(target)),)
    opening = 3 if text.startswith("!", start) else 2
    if not _ODD.search(text, start + opening, end - 2):
        return (wikilink_at(text, start, start + opening, end),)
    return [
        wikilink_at(text, found.start(), found.start("inner"), found.end())
        for found in _WIKI.finditer(text, start, end)
    ]


def first_wikilink(text: str, start: int, end: int) -> Iterable[Link]:
    """Return the wikilink or embed that begins at `start`, or nothing."""
    found = _WIKI.match(text, start, end)
    return (wikilink_at(text, start, found.start("inner"), found.end()),) if found else ()


def wikilink_at(text: str, start: int, inner_start: int, end: int) -> Link:
    """Return the wikilink or embed there; `inner_start` is behind its opening brackets."""
    inner = text[inner_start : end - 2]
    target, subpath, display, written = split_wikilink(inner)
    at = inner_start + len(inner) - len(inner.lstrip())
    kind: LinkKind = "embed" if text.startswith("!", start) else "wiki"
    return Link(start, end, kind, target, subpath, display, at, at + len(written))


def inline_link(
    text: str, start: int, end: int, detail: Mapping[str, str], *, image: bool = False
) -> Link:
    """Return the Markdown link or image there; `detail` is what CommonMark reads of it.

    Where destination and title are written otherwise than they are read, the link is read again
    for the end of what its text holds.
    """
    read, title = detail["dest_url"], detail["title"]
    # The end of the destination, which a blank and the title in its quotes may follow.
    stop = end - 1 if not title else end - 4 - len(title)
    at = stop - len(read)
    plain = f']({read} "{title}")' if title else f"]({read})"
    if read and text.startswith(plain, at - 2):
        # Without a call for most of them.
        if (read.startswith("http") and ":" in read) or is_external(read):
            kind: LinkKind = "image" if image else "markdown"
            display = text[start + (2 if image else 1) : at - 2]
            return Link(start, end, kind, read, "", display, at, stop, True)  # noqa: FBT003 - quicker
        return markdown_link(text, (start, at - 2, end), (at, stop), image, read)
    bracket = _closing_bracket(text, start, end)
    written = _destination(text, bracket + 2, end - 1)
    return markdown_link(text, (start, bracket, end), written, image, read)


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


def markdown_link(
    text: str,
    place: tuple[int, int, int],
    written: tuple[int, int],
    image: bool,  # noqa: FBT001 - by place, since each link passes here
    read: str = "",
) -> Link:
    """Return a Markdown link or image, `written` being from where to where its destination stands.

    `place` are the offsets of its start, of the bracket that closes its text, and of its end.
    `read` is the destination without escapes, where that is known.
    """
    start, bracket, end = place
    at, stop = written
    kind: LinkKind = "image" if image else "markdown"
    display = text[start + (2 if image else 1) : bracket]
    source = text[at:stop]
    if is_external(read or source):
        return Link(start, end, kind, read or source, "", display, at, stop, external=True)
    target, subpath, _ = markdown_target(source)
    return Link(start, end, kind, target, subpath, display, at, at + len(source.partition("#")[0]))


def _destination(text: str, start: int, end: int) -> tuple[int, int]:
    """Return from where to where the destination stands, without angle brackets or a title."""
    angled, bare = _ANGLED.match(text, start, end), _BARE.search(text, start, end)
    if angled:
        return angled.span("inner")
    return bare.span() if bare else (start, start)


def possible_enclosing(text: str, base: int) -> list[re.Match[str]]:
    """Return what looks like a Markdown link with a wikilink in its text, from `base` on."""
    first = text.find("]]", base)
    if first < 0 or not _AROUND.search(text, first):
        return []
    return [found for found in _ENCLOSING.finditer(text, base) if "[[" in found["text"]]


def enclosing_links(text: str, found: Iterable[re.Match[str]], places: Places) -> Iterator[Link]:
    """Yield those that are links or images; CommonMark nests no links."""
    for match in found:
        if places.holds(match.start()):
            place = match.start(), match.end("text"), match.end()
            written = _destination(text, place[1] + 2, place[2] - 1)
            yield markdown_link(text, place, written, match[0].startswith("!"))


def shown(links: Iterable[Link]) -> list[Link]:
    """Return links in order, without those in the alternative text of an image."""
    kept: list[Link] = []
    image_end = 0
    for link in sorted(links, key=lambda link: (link.start, -link.end)):
        if link.start >= image_end:
            kept.append(link)
            image_end = link.end if link.kind == "image" else image_end
    return kept

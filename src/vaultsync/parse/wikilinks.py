"""Links in the body, read from their source text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from vaultsync.linktext import is_external, markdown_target, split_wikilink
from vaultsync.model import Link, LinkKind
from vaultsync.parse.marks import Running
from vaultsync.text import Span

_WIKI = re.compile(r"!?\[\[(?P<inner>(?:(?!\[\[|\]\])[^\r\n])+)\]\]")
_ANGLED = re.compile(r"[ \t\r\n]*<(?P<inner>(?:\\.|[^>\\])*)>", re.DOTALL)
_BARE = re.compile(r"[^ \t\r\n]+")
_ENCLOSING = re.compile(
    r"(?<![\\!\[])\[(?P<text>(?:[^\[\]\n]|\[\[[^\[\]\n]+\]\])*)\]"
    r"\((?:<[^<>\n]*>|[^\s()<>]+)(?:[ \t]+\"[^\"\n]*\")?\)"
)


def wikilinks(text: str, start: int, end: int) -> Iterator[Link]:
    """Yield the wikilinks and embeds in a range of text. A line break makes them plain text."""
    for found in _WIKI.finditer(text, start, end):
        inner = found["inner"]
        target, subpath, display, written = split_wikilink(inner)
        at = found.start("inner") + len(inner) - len(inner.lstrip())
        kind: LinkKind = "embed" if found[0].startswith("!") else "wiki"
        yield Link(*found.span(), kind, target, subpath, display, at, at + len(written))


def markdown_link(text: str, place: tuple[int, int, int], destination: str, *, image: bool) -> Link:
    """Return an inline Markdown link or image, `destination` being what CommonMark reads.

    `place` are the offsets of its start, of the bracket that closes its text, and of its end.
    """
    start, bracket, end = place
    kind: LinkKind = "image" if image else "markdown"
    display = text[start + (2 if image else 1) : bracket]
    written = _destination(text, bracket + 2, end - 1)
    if is_external(destination):
        at, stop = written.start, written.end
        return Link(start, end, kind, destination, "", display, at, stop, external=True)
    target, subpath, _ = markdown_target(written.of(text))
    stop = written.start + len(written.of(text).partition("#")[0])
    return Link(start, end, kind, target, subpath, display, written.start, stop)


def _destination(text: str, start: int, end: int) -> Span:
    """Return where the destination stands, without angle brackets, before a title."""
    angled, bare = _ANGLED.match(text, start, end), _BARE.search(text, start, end)
    if angled:
        return Span(*angled.span("inner"))
    return Span(*bare.span()) if bare else Span(start, start)


def enclosing_links(text: str, links: Iterable[Link], running: Running) -> Iterator[Link]:
    """Yield the Markdown links whose text holds a wikilink; CommonMark nests no links."""
    if not any(link.kind in {"wiki", "embed"} for link in links) or "](" not in text:
        return
    for found in _ENCLOSING.finditer(text):
        if "[[" in found["text"] and running.holds(found.start()):
            place = found.start(), found.end("text"), found.end()
            destination = _destination(text, place[1] + 2, place[2] - 1).of(text)
            yield markdown_link(text, place, destination, image=False)

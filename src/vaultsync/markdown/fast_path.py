"""Read a body in which every construct is whole on its line: most bodies are such.

It takes a fraction of the time that pulldown-cmark's events take, and says the same or nothing.
What begins like a construct and is none in its strict form is for the reader of all bodies.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vaultsync.core.model import Block, Heading, Link, LinkKind
from vaultsync.markdown.body_facts import Found
from vaultsync.markdown.grammar import DOLLAR, FIRST, OPEN, TOKEN
from vaultsync.markdown.tags import tags_in_row
from vaultsync.markdown.wikilinks import markdown_link, wikilink_at

# Its groups by number, since each fact of each note passes here.
_GROUP = TOKEN.groupindex
_TARGET, _SUBPATH, _DISPLAY = (_GROUP[name] for name in ("target", "subpath", "display"))
_WIKILINK, _INNER = _GROUP["wikilink"], _GROUP["inner"]
_TEXT, _URL, _PATH = (_GROUP[name] for name in ("text", "url", "path"))
_MARKS, _TITLE, _LINE = (_GROUP[name] for name in ("marks", "title", "line"))
_TAG, _ID, _INDENT, _END = (_GROUP[name] for name in ("tag", "id", "indent", "end"))


def read_plain(text: str, base: int, *, outward: bool = True) -> Found | None:
    """Return the facts of the body that starts at `base`, None where it is not as plain as that.

    Without `outward`, most links that lead out are left out.
    """
    found = Found()
    at = _begin(text, base, found)
    inward, headings = found.inward, found.headings
    # In one function as far as most links go.
    for token in TOKEN.finditer(text, at) if at is not None else ():
        group = token.lastindex
        if group == _URL:
            if outward:
                _outward(token, found)
        elif group == _WIKILINK:
            target, subpath, display = token.group(_TARGET, _SUBPATH, _DISPLAY)
            start, stop = token.span(_TARGET)
            if text[start - 3] == "!":
                link = Link(
                    start - 3, token.end(), "embed", target, subpath or "", display, start, stop
                )
            else:
                link = Link(
                    start - 2, token.end(), "wiki", target, subpath or "", display, start, stop
                )
            inward.append(link)
        elif group == _LINE:
            marks, title = token.group(_MARKS, _TITLE)
            start, stop = token.start(_MARKS), token.start(_LINE)
            headings.append(Heading(start, stop, len(marks), title or ""))
        elif group in _OTHERS:
            _OTHERS[group](token, found)
        elif group is not None and not (group == _INDENT and _continues(token)):
            return found if group == _END else None
    return None


def _begin(text: str, base: int, found: Found) -> int | None:
    """Take the start of the first line and return where to read on, None where none is plain.

    Other line ends and blanks than these count for pulldown-cmark as well.
    """
    if "\r" in text or "\x0b" in text or "\x0c" in text:
        return None
    if "$" in text and any(found["closing"] for found in DOLLAR.finditer(text, base)):
        return None
    if base:
        # Not behind a byte order mark, which would count as what stands on the line.
        return base - 1 if text[base - 1] == "\n" else None
    first = FIRST.match(text, base)
    if first and first["marks"]:
        start, end = first.span("marks")
        found.headings.append(
            Heading(start, first.start("line"), end - start, first["title"] or "")
        )
    return first.end() if first else None


def _outward(token: re.Match[str], found: Found) -> None:
    """Take a link or image that leads out of the vault."""
    shown, url = token.group(_TEXT, _URL)
    at, stop = token.span(_URL)
    start = at - 3 - len(shown)
    kind: LinkKind = "markdown"
    if token.string[start - 1] == "!":
        start, kind = start - 1, "image"
    found.outward.append(Link(start, token.end(), kind, url, "", shown, at, stop, external=True))


def _continues(token: re.Match[str]) -> bool:
    """Whether the line before an indented one leaves a paragraph open."""
    line = token.string.rfind("\n", 0, token.start(_INDENT) - 1) + 1
    return OPEN.match(token.string, line) is not None


def _tags(token: re.Match[str], found: Found) -> None:
    found.tags += tags_in_row(token.string, token.start(_TAG) - 1)


def _block(token: re.Match[str], found: Found) -> None:
    start, end = token.span(_ID)
    found.blocks.append(Block(start - 1, end, token[_ID]))


def _wikilink(token: re.Match[str], found: Found) -> None:
    """Take a wikilink or embed that has to be split, since it has a subpath or is otherwise odd."""
    inner = token.start(_INNER)
    start = inner - (3 if token.string[inner - 3] == "!" else 2)
    found.inward.append(wikilink_at(token.string, start, inner, token.end()))


def _link(token: re.Match[str], found: Found) -> None:
    """Take a link or image that leads into the vault, or out of it by a rare protocol."""
    start, bracket = token.span(_TEXT)
    image = token.string[start - 2] == "!"
    place = start - (2 if image else 1), bracket, token.end()
    link = markdown_link(token.string, place, token.span(_PATH), image, token[_PATH])
    (found.outward if link.external else found.inward).append(link)


_OTHERS: dict[int | None, Callable[[re.Match[str], Found], None]] = {
    _TAG: _tags,
    _ID: _block,
    _INNER: _wikilink,
    _PATH: _link,
}

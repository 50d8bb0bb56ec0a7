"""The places of the page: names and headings, the marks of notes, and the contents."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from urllib.parse import quote

import msgspec
from markdown_it.token import Token

from vaultsync.publish.compose.anchors import RESERVED, anchor, free_name
from vaultsync.publish.compose.catalogue import Catalogue, Entry
from vaultsync.publish.targets.dialect import inline_text

_ANCHOR = re.compile(r'<a id="([^"]+)">')
# How far behind a block token its text is.
_INLINE_AFTER = {"heading_open": 1, "list_item_open": 2}
_DEEPEST = 6
_NO_LINK = frozenset({"html_inline", "link_open", "footnote_ref"})
# Attributes of ours that cleaning leaves where they have these values.
VALUES = {
    "abbr": {"title": {"not checked"}},
    "p": {"class": {"legend"}},
    "dd": {"class": {"history"}},
}
_MARK = '<abbr title="not checked">○</abbr>'
_LEGEND = f'<p class="legend">{_MARK} No person has compared this with its sources yet.</p>\n'


class Heading(msgspec.Struct):
    """A heading in the contents, with the notes up to the next one, each by name and title."""

    level: int
    name: str
    text: str
    notes: list[tuple[str, str]] = []


def named(tokens: list[Token], catalogue: Catalogue) -> None:
    """Name the places: what begins with an anchor by that, headings, and what had other names."""
    _name_anchored(tokens)
    taken = _taken(tokens)
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            name = str(token.attrs.setdefault("id", free_name(inline_text(inline), taken)))
            taken.add(name)
    _name_again(tokens, catalogue, taken)


def _name_anchored(tokens: list[Token]) -> None:
    """Give an item or heading the name of the anchor it begins with, so that all of it is named."""
    for at, token in enumerate(tokens):
        inline = tokens[at + _INLINE_AFTER[token.type]] if token.type in _INLINE_AFTER else token
        children = inline.children or []
        found = _ANCHOR.fullmatch(children[0].content) if children else None
        if found and inline is not token and children[0].type == "html_inline":
            token.attrSet("id", found[1])
            inline.children = children[2:]


def _name_again(tokens: list[Token], catalogue: Catalogue, taken: set[str]) -> None:
    """Give each note the further names it has or had, where nothing else is called so."""
    former = {entry.name: entry.former for entry in catalogue.entries}
    for at, token in enumerate(tokens):
        found = former.get(str(token.attrs.get("id", "")), ())
        called = (free_name(text, ()) for text in found if any(map(str.isalnum, text)))
        names = [name for name in dict.fromkeys(called) if name not in taken]
        if names:
            taken.update(names)
            marks = "".join(map(anchor, names))
            _put_first(tokens[at + _INLINE_AFTER[token.type]], marks)


def _put_first(inline: Token, html: str) -> None:
    inline.children = [_html(html), *(inline.children or ())]


def _html(html: str, kind: str = "html_inline") -> Token:
    return Token(kind, "", 0, content=html)


def _anchors(inline: Token) -> list[str]:
    """Return the names of the places within a text."""
    marks = (child.content for child in inline.children or () if child.type == "html_inline")
    return [found[1] for found in map(_ANCHOR.fullmatch, marks) if found]


def _taken(tokens: list[Token]) -> set[str]:
    """Return the names of places so far."""
    ids = (str(token.attrs["id"]) for token in tokens if "id" in token.attrs)
    return {*RESERVED, *ids, *(name for token in tokens for name in _anchors(token))}


def outlined(tokens: Sequence[Token], catalogue: Catalogue) -> tuple[list[Token], list[Heading]]:
    """Return named tokens with a heading for each note of a list, and the contents.

    Every heading is a link to itself. A note that is not checked has a mark, which is explained
    before the first one.
    """
    made = _Outline({entry.name: entry for entry in catalogue.entries})
    for at, token in enumerate(tokens):
        made.add(token, tokens[at + 1 : at + 4])
    return made.tokens, made.headings


class _Outline:
    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries, self.tokens, self.headings = entries, list[Token](), list[Heading]()
        self.level, self.block, self.is_explained = 1, 0, False

    def add(self, token: Token, after: Sequence[Token]) -> None:
        """Add a token; `after` are the next ones."""
        entry = self.entries.get(str(token.attrs.get("id", "")))
        if token.level == 0 and token.nesting == 1:
            self.block = len(self.tokens)
        self.tokens.append(token)
        if token.type == "heading_open":
            self._heading(token, after[0], entry)
        elif entry:
            self._item(entry, after)
        elif token.type == "inline":
            for name in _anchors(token):
                self._note(self.entries.get(name))

    def _heading(self, token: Token, inline: Token, entry: Entry | None) -> None:
        name, text = str(token.attrs["id"]), inline_text(inline)
        inline.children = _linked(inline.children or [], name)
        if entry:
            self._note(entry)
            token.attrSet("dir", "auto")
            mark = [_html(f" {_MARK}")] if entry.unchecked else []
            inline.children += mark
        else:
            self.level = int(token.tag[1:])
            self.headings.append(Heading(self.level, name, text))

    def _item(self, entry: Entry, after: Sequence[Token]) -> None:
        """Put a heading before the claim that a list item begins with."""
        self._note(entry)
        paragraph, _, end = after
        paragraph.attrSet("dir", "auto")
        paragraph.hidden = end.hidden = False
        self.tokens.append(_html(heading_html(entry, self.level + 1), "html_block"))

    def _note(self, entry: Entry | None) -> None:
        if entry is None:
            return
        if not self.headings:
            self.headings.append(Heading(1, "page-text", "Notes"))
        self.headings[-1].notes.append((entry.name, entry.title))
        if entry.unchecked and not self.is_explained:
            self.is_explained = True
            self.tokens.insert(self.block, _html(_LEGEND, "html_block"))


def _linked(children: list[Token], name: str) -> list[Token]:
    """Return what a heading holds as a link to its name, unless something in it is a link."""
    rest = [*itertools.dropwhile(lambda child: child.type == "html_inline", children)]
    if any(child.type in _NO_LINK for child in rest):
        return children
    marks = children[: len(children) - len(rest)]
    return [*marks, _html(f'<a href="#{quote(name)}">'), *rest, _html("</a>")]


def heading_html(entry: Entry, level: int) -> str:
    """Return the heading of a note in a list."""
    tag, name = f"h{min(level, _DEEPEST)}", escape(entry.title)
    mark = f" {_MARK}" if entry.unchecked else ""
    return f'<{tag} dir="auto"><a href="#{quote(entry.name)}">{name}</a>{mark}</{tag}>\n'

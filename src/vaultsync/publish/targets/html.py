"""The page: the post as one self-contained HTML file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import nh3
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from vaultsync.publish.compose import Composition
from vaultsync.publish.compose.anchors import RESERVED, free_name
from vaultsync.publish.compose.catalogue import Catalogue
from vaultsync.publish.compose.images import data_uri
from vaultsync.publish.targets.dialect import clean, inline_text
from vaultsync.publish.targets.items import Apart, Markup, apart, page_parser
from vaultsync.publish.targets.map import map_html
from vaultsync.publish.targets.shell import Heading, page_document

_ANCHOR = re.compile(r'<a id="([^"]+)">')
# How far behind a block token its text is.
_INLINE_AFTER = {"heading_open": 1, "list_item_open": 2}
_WORDS = 30
_PLACEHOLDER = re.compile("\ufdd5([0-9a-f]+)\ufdd6")
# The page loads nothing: an image of the vault is a part of it, another is a link.
_TAGS = (nh3.ALLOWED_TAGS | {"section", "input"}) - {"img"}
_ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "title"},
    "td": {"align"},
    "th": {"align"},
    "ol": {"start", "class"},
    "section": {"class"},
    "sup": {"class"},
    "details": {"open"},
    "input": {"type", "checked", "disabled", "class"},
}


def make(post: Composition) -> str:
    """Return the page."""
    markup = Markup()
    text = apart(post.text, post.context.memo, markup)
    for message, source in markup.refused:
        post.refuse(message, source)
    if shown := map_html(post.catalogue):
        shown = f"\n\n## Map\n\n<div>{markup.keep(shown)}</div>\n"
    return page(post.title, text.followed_by(shown), post.images, markup, post.catalogue)


def page(
    title: str, text: Apart, images: Mapping[str, bytes], markup: Markup, catalogue: Catalogue
) -> str:
    """Return the page for a translated text. Raw HTML in it is cleaned.

    `images` are by the address that the text has for each. `catalogue` are the notes that the page
    can be searched for.
    """

    def image(_: Any, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
        source, shown = str(tokens[at].attrs["src"]), tokens[at].content
        if source not in images:
            return f'<a href="{escapeHtml(source)}">{escapeHtml(shown or source)}</a>'
        alt = escapeHtml("".join(child.content for child in tokens[at].children or ()))
        return markup.keep(f'<img src="{data_uri(source, images[source])}" alt="{alt}">')

    parser = page_parser()
    parser.add_render_rule("image", image)
    env: dict[str, Any] = {}
    tokens = text.tokens(parser, env)
    _name_anchored(tokens)
    taken = _taken(tokens)
    contents = _name_headings(tokens, taken)
    _name_again(tokens, catalogue, taken)
    rendered = parser.renderer.render(tokens, parser.options, env)
    body = _PLACEHOLDER.sub(
        # One that an author wrote is nothing.
        lambda found: markup.html.get(found[1], ""),
        clean(rendered, tags=_TAGS, attributes=_ATTRIBUTES),
    )
    return page_document(title, body, contents, _first_words(tokens), catalogue)


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
        named = (free_name(text, ()) for text in found if any(map(str.isalnum, text)))
        names = [name for name in dict.fromkeys(named) if name not in taken]
        if names:
            taken.update(names)
            marks = "".join(f'<span id="{name}"></span>' for name in names)
            inline = tokens[at + _INLINE_AFTER[token.type]]
            mark = Token("html_inline", "", 0, content=marks)
            inline.children = [mark, *(inline.children or ())]


def _taken(tokens: list[Token]) -> set[str]:
    """Return the names of places so far."""
    inlines = [child for token in tokens for child in token.children or ()]
    anchors = (_ANCHOR.fullmatch(child.content) for child in inlines if child.type == "html_inline")
    ids = (str(token.attrs["id"]) for token in tokens if "id" in token.attrs)
    return {*RESERVED, *ids, *(found[1] for found in anchors if found)}


def _name_headings(tokens: list[Token], taken: set[str]) -> list[Heading]:
    """Name the headings that have no name yet, and return all of them."""
    entries = []
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            text = inline_text(inline)
            name = str(token.attrs.setdefault("id", free_name(text, taken)))
            taken.add(name)
            entries.append((int(token.tag[1:]), name, text))
    return entries


def _first_words(tokens: list[Token]) -> str:
    """Return how the first paragraph begins."""
    paragraphs = (text for token, text in pairwise(tokens) if token.type == "paragraph_open")
    words = (inline_text(text).split() for text in paragraphs)
    return " ".join(next(filter(None, words), [])[:_WORDS])

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
from vaultsync.publish.compose.catalogue import Catalogue
from vaultsync.publish.compose.details import CITE
from vaultsync.publish.compose.images import data_uri
from vaultsync.publish.targets.cite import citation
from vaultsync.publish.targets.dialect import clean, inline_text
from vaultsync.publish.targets.items import Apart, Markup, apart, page_parser
from vaultsync.publish.targets.map import map_html
from vaultsync.publish.targets.outline import VALUES, named, outlined
from vaultsync.publish.targets.shell import Beside, Head, page_document
from vaultsync.publish.targets.works import works

_WORDS = 30
# What targets put beside the page.
_BESIDE = {
    "bibliography": (
        Beside("Bibliography (BibTeX)", "references.bib", "application/x-bibtex"),
        Beside("Bibliography (CSL JSON)", "references.json", "application/json"),
    ),
    "data": (Beside("Data (JSON)", "encyclopedia.json", "application/json"),),
    "feed": (Beside("Feed (Atom)", "feed.xml", "application/atom+xml"),),
}
_CITE = re.compile(f"{CITE}([^{CITE}]*){CITE}")
# A paragraph that is all that a part of a note has.
_ALONE = re.compile(r"(<dd[^>]*>)\n<p>(.*)</p>\n(</dd>)")
_PLACEHOLDER = re.compile("\ufdd5([0-9a-f]+)\ufdd6")
# The page loads nothing: an image of the vault is a part of it, another is a link.
_TAGS = (nh3.ALLOWED_TAGS | {"section", "input"}) - {"img"}
_ATTRIBUTES = {
    "*": {"id", "dir"},
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
    return page(_head(post), text.followed_by(shown), post.images, markup, post.catalogue)


def _head(post: Composition) -> Head:
    settings = post.context.config.publish
    beside = tuple(one for target in settings.targets for one in _BESIDE.get(target, ()))
    known = works(post) if "bibliography" in settings.targets else {}
    keys = {identity: work.key for identity, work in known.items()}
    return Head(post.title, ", ".join(post.authors), post.about, settings.page, beside, keys)


def page(
    head: Head, text: Apart, images: Mapping[str, bytes], markup: Markup, catalogue: Catalogue
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
    parsed = text.tokens(parser, env)
    named(parsed, catalogue)
    words = _first_words(parsed)
    tokens, contents = outlined(parsed, catalogue)
    rendered = parser.renderer.render(tokens, parser.options, env)
    body = _PLACEHOLDER.sub(
        # One that an author wrote is nothing.
        lambda found: markup.html.get(found[1], ""),
        clean(rendered, tags=_TAGS, attributes=_ATTRIBUTES, tag_attribute_values=VALUES),
    )
    body = _ALONE.sub(r"\1\2\3", _cited(body, head, catalogue))
    return page_document(head, body, contents, words, catalogue)


def _cited(body: str, head: Head, catalogue: Catalogue) -> str:
    """Return a text with how to cite each note in its place."""
    entries = {entry.name: entry for entry in catalogue.entries}
    day = head.about.changed or head.about.published

    def text(found: re.Match[str]) -> str:
        if (entry := entries.get(found[1])) is None:
            return ""
        return citation(entry, head.title, head.author, day, head.address, head.keys)

    return _CITE.sub(text, body)


def _first_words(tokens: list[Token]) -> str:
    """Return how the first paragraph begins."""
    paragraphs = (text for token, text in pairwise(tokens) if token.type == "paragraph_open")
    words = (inline_text(text).split() for text in paragraphs)
    return " ".join(next(filter(None, words), [])[:_WORDS])

"""The post as one self-contained HTML file."""

from __future__ import annotations

import base64
import hashlib
import re

import jinja2
import msgspec
import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from vaultsync.publish.compose import slug

_ANCHOR = re.compile(r'<a id="([^"]+)">')
_ALIGN = re.compile(r"text-align:\s*(\w+)")
_TAGS = nh3.ALLOWED_TAGS | {"section", "input"}
_ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "td": {"align"},
    "th": {"align"},
    "ol": {"start", "class"},
    "section": {"class"},
    "sup": {"class"},
    "input": {"type", "checked", "disabled", "class"},
}


class Entry(msgspec.Struct, frozen=True):
    """A heading in the table of contents."""

    level: int
    id: str
    text: str


def page(title: str, markdown: str, generator: str) -> str:
    """Return the page for a Markdown text. Raw HTML in it is cleaned."""
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False, "typographer": False})
    parser.use(footnote_plugin).use(tasklists_plugin)
    env: dict[str, object] = {}
    tokens = parser.parse(markdown, env)
    contents = _name_headings(tokens)
    _name_items(tokens)
    _align_cells(tokens)
    body = nh3.clean(
        parser.renderer.render(tokens, parser.options, env),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    return _fill(title, body, contents, generator, _first_words(tokens))


def _name_headings(tokens: list[Token]) -> list[Entry]:
    taken: dict[str, int] = {}
    entries = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            text = _plain(tokens[at + 1])
            name = slug(text)
            count = taken.get(name, 0)
            taken[name] = count + 1
            name = f"{name}-{count}" if count else name
            token.attrSet("id", name)
            entries.append(Entry(int(token.tag[1:]), name, text))
    return entries


def _plain(token: Token) -> str:
    return "".join(child.content for child in token.children or () if child.type != "html_inline")


def _name_items(tokens: list[Token]) -> None:
    """Give a list item the name of the anchor it begins with, so that all of it is the target."""
    for at in range(len(tokens) - 2):
        if tokens[at].type == "list_item_open" and tokens[at + 2].type == "inline":
            children = tokens[at + 2].children or []
            found = _ANCHOR.fullmatch(children[0].content) if children else None
            if found and children[0].type == "html_inline":
                tokens[at].attrSet("id", found[1])
                tokens[at + 2].children = children[2:]


def _align_cells(tokens: list[Token]) -> None:
    """Say alignment by attribute: the page's policy allows no inline style."""
    for token in tokens:
        found = _ALIGN.search(str(token.attrs.pop("style", "")))
        if found:
            token.attrSet("align", found[1])


def _first_words(tokens: list[Token]) -> str:
    for token in tokens:
        if token.type == "inline":
            words = _plain(token).split()
            return " ".join(words[:30])
    return ""


def _fill(title: str, body: str, contents: list[Entry], generator: str, words: str) -> str:
    loader = jinja2.PackageLoader("vaultsync.publish")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined
    )
    css = loader.get_source(environment, "page.css")[0]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return environment.get_template("page.html.j2").render(
        title=title,
        lang="en",
        description=words,
        css=Markup(css),  # noqa: S704 - the package's own file
        style_hash=digest,
        toc=contents,
        content=Markup(body),  # noqa: S704 - cleaned by nh3
        generator=generator,
    )

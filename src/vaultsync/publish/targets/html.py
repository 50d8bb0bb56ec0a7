"""The page: the post as one self-contained HTML file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import nh3
from latex2mathml import exceptions
from latex2mathml.converter import convert
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from vaultsync.publish.compose import Composition
from vaultsync.publish.compose.catalogue import Catalogue
from vaultsync.publish.compose.details import CITE
from vaultsync.publish.compose.images import data_uri
from vaultsync.publish.compose.scan import Math
from vaultsync.publish.targets.cite import citation
from vaultsync.publish.targets.dialect import Dialect, clean, gfm_parser, inline_text, translated
from vaultsync.publish.targets.map import map_html
from vaultsync.publish.targets.outline import VALUES, named, outlined
from vaultsync.publish.targets.shell import Beside, Head, page_document
from vaultsync.publish.targets.works import works

_WORDS = 30
_ALIGN = re.compile(r"text-align:\s*(\w+)")
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
_PLACEHOLDER = re.compile("\ufdd5(\\d+)\ufdd6")
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
# https://www.w3.org/TR/mathml-core/, without what links or holds other markup.
_TAG_NAMES = """
math mi mn mo ms mspace mtext mrow mfrac msqrt mroot mstyle mpadded mphantom menclose merror msub
msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd semantics
"""
_ATTRIBUTE_NAMES = """
accent accentunder columnalign columnlines columnspacing depth displaystyle fence form height
largeop linethickness lspace mathvariant maxsize minsize movablelimits notation rowlines rowspacing
rspace scriptlevel separator stretchy symmetric voffset width
"""
_MATH_TAGS = set(_TAG_NAMES.split())
_MATH_ATTRIBUTES = {"math": {"display"}, "*": set(_ATTRIBUTE_NAMES.split())}
_UNKNOWN = re.compile(r"<m[io]>(\\[A-Za-z]+)</m[io]>")


def make(post: Composition) -> str:
    """Return the page."""
    kept: list[str] = []

    def math(found: Math) -> str:
        try:
            return _placeholder(mathml(found.tex, display=found.display), kept)
        except NotMath as error:
            message = f"the page cannot show the formula `{found.tex}`: {error}"
            post.problems.add(message, found.tex, post.paths)
            return ""

    text = translated(post.text, Dialect("the page", math=math), post)
    if shown := map_html(post.catalogue):
        text += f"\n\n## Map\n\n<div>{_placeholder(shown, kept)}</div>\n"
    return page(_head(post), text, post.images, kept, post.catalogue)


def _head(post: Composition) -> Head:
    settings = post.context.config.publish
    beside = tuple(one for target in settings.targets for one in _BESIDE.get(target, ()))
    known = works(post) if "bibliography" in settings.targets else {}
    keys = {identity: work.key for identity, work in known.items()}
    return Head(post.title, post.about, settings.page, beside, keys)


def _placeholder(html: str, kept: list[str]) -> str:
    """Keep HTML of our own, which cleaning must not touch; return what is in its place."""
    kept.append(html)
    return f"\ufdd5{len(kept) - 1}\ufdd6"


def page(
    head: Head, text: str, images: Mapping[str, bytes], kept: list[str], catalogue: Catalogue
) -> str:
    """Return the page for a Markdown text. Raw HTML in it is cleaned.

    `images` are by the address that the text has for each. `kept` is the HTML that the text has
    placeholders of. `catalogue` are the notes that the page can be searched for.
    """

    def image(_: Any, tokens: Sequence[Token], at: int, *_rest: Any) -> str:
        source, shown = str(tokens[at].attrs["src"]), tokens[at].content
        if source not in images:
            return f'<a href="{escapeHtml(source)}">{escapeHtml(shown or source)}</a>'
        alt = escapeHtml("".join(child.content for child in tokens[at].children or ()))
        return _placeholder(f'<img src="{data_uri(source, images[source])}" alt="{alt}">', kept)

    parser = gfm_parser().use(footnote_plugin).use(tasklists_plugin)
    parser.add_render_rule("image", image)
    env: dict[str, Any] = {}
    parsed = parser.parse(text, env)
    named(parsed, catalogue)
    _align_cells(parsed)
    words = _first_words(parsed)
    tokens, contents = outlined(parsed, catalogue)
    rendered = parser.renderer.render(tokens, parser.options, env)
    body = _PLACEHOLDER.sub(
        # One that an author wrote is nothing.
        lambda found: "".join(kept[int(found[1]) :][:1]),
        clean(rendered, tags=_TAGS, attributes=_ATTRIBUTES, tag_attribute_values=VALUES),
    )
    entries = {entry.name: entry for entry in catalogue.entries}

    def cited(found: re.Match[str]) -> str:
        entry = entries.get(found[1])
        return citation(entry, head.title, head.about, head.address, head.keys) if entry else ""

    return page_document(head, _CITE.sub(cited, body), contents, words, catalogue)


def _align_cells(tokens: list[Token]) -> None:
    """Set alignment by attribute: the page's policy allows no inline style."""
    for token in tokens:
        found = _ALIGN.search(str(token.attrs.pop("style", "")))
        if found:
            token.attrSet("align", found[1])


def _first_words(tokens: list[Token]) -> str:
    """Return how the first paragraph begins."""
    paragraphs = (text for token, text in pairwise(tokens) if token.type == "paragraph_open")
    words = (inline_text(text).split() for text in paragraphs)
    return " ".join(next(filter(None, words), [])[:_WORDS])


# What the library raises for a formula that is broken, and what it fails to check for.
_UNCHECKED = (ArithmeticError, LookupError, RecursionError, StopIteration, TypeError, ValueError)
_BROKEN: tuple[type[Exception], ...] = _UNCHECKED + tuple(
    kind
    for kind in vars(exceptions).values()
    if isinstance(kind, type) and issubclass(kind, Exception)
)


class NotMath(Exception):  # noqa: N818 - describes the text
    """A text is not LaTeX that can be shown."""


def mathml(tex: str, *, display: bool) -> str:
    """Return a formula as MathML. Raises `NotMath` where it cannot be read."""
    try:
        made = convert(tex, display="block" if display else "inline")
    except _BROKEN as error:
        raise NotMath(f"it is broken ({type(error).__name__.removesuffix('Error')})") from None
    if unknown := _UNKNOWN.search(made):
        raise NotMath(f"`{unknown[1]}` is not known")
    return clean(made, tags=_MATH_TAGS, attributes=_MATH_ATTRIBUTES)

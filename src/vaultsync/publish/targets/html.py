"""The page: the post as one self-contained HTML file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import nh3
from latex2mathml import exceptions
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from vaultsync import __version__
from vaultsync.publish.compose.anchors import RESERVED, free_name
from vaultsync.publish.compose.catalogue import Catalogue
from vaultsync.publish.compose.images import data_uri
from vaultsync.publish.compose.scan import Math
from vaultsync.publish.targets.dialect import Dialect, RenderJob, quoted
from vaultsync.publish.targets.map import map_html
from vaultsync.publish.targets.shell import Heading, Text, page_document

_ANCHOR = re.compile(r'<a id="([^"]+)">')
# How far behind a block token its text is.
_INLINE_AFTER = {"heading_open": 1, "list_item_open": 2}
_WORDS = 30
_ALIGN = re.compile(r"text-align:\s*(\w+)")
_PLACEHOLDER = re.compile("\ufdd5(\\d+)\ufdd6")
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


def make(job: RenderJob) -> str:
    """Return the page."""
    placeholders = Placeholders()

    def math(found: Math) -> str:
        try:
            return placeholders.add(mathml(found.tex, display=found.display))
        except NotMath as error:
            message = f"the page cannot show the formula `{found.tex}`: {error}"
            job.problems.add(message, found.tex, job.composition.paths)
            return ""

    dialect = Dialect(
        name="the page",
        highlight=("<mark>", "</mark>"),
        callout=quoted,
        math=math,
        # All of it is cleaned when it is rendered.
        html=lambda text, span: (span.of(text), ()),
    )
    text = job.translated(job.composition.text, dialect)
    composition = job.composition
    text += _map(composition.catalogue, placeholders)
    generator = f"vaultsync {__version__}"
    return page(
        composition.title, text, generator, composition.images, placeholders, composition.catalogue
    )


def _map(catalogue: Catalogue, placeholders: Placeholders) -> str:
    """Return the map under a heading, as Markdown; "" where there is none."""
    shown = map_html(catalogue)
    return f"\n\n## Map\n\n<div>{placeholders.add(shown)}</div>\n" if shown else ""


class Placeholders:
    """Placeholders in a text for HTML of our own, which cleaning must not touch."""

    def __init__(self) -> None:
        """Start without any."""
        self._made: list[str] = []

    def add(self, html: str) -> str:
        """Return the placeholder of a piece of HTML."""
        self._made.append(html)
        return f"\ufdd5{len(self._made) - 1}\ufdd6"

    def put(self, html: str) -> str:
        """Return the HTML with the pieces in their places, without placeholders of none."""
        return _PLACEHOLDER.sub(lambda found: "".join(self._made[int(found[1]) :][:1]), html)


def page(
    title: str,
    markdown: str,
    generator: str,
    images: Mapping[str, bytes] = MappingProxyType({}),
    placeholders: Placeholders | None = None,
    catalogue: Catalogue | None = None,
) -> str:
    """Return the page for a Markdown text. Raw HTML in it is cleaned.

    `images` are by the address that the text has for each, `placeholders` are
    those in it. `catalogue` are the notes that the page can be searched for.
    """
    placeholders, catalogue = placeholders or Placeholders(), catalogue or Catalogue()
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False, "typographer": False})
    parser.use(footnote_plugin).use(tasklists_plugin)
    parser.add_render_rule("image", _image)
    env: dict[str, object] = {"images": images, "placeholders": placeholders}
    tokens = parser.parse(markdown, env)
    _name_anchored(tokens)
    taken = _taken(tokens)
    contents = _name_headings(tokens, taken)
    _name_again(tokens, catalogue, taken)
    _align_cells(tokens)
    body = nh3.clean(
        parser.renderer.render(tokens, parser.options, env),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    text = Text(title, placeholders.put(body), contents, _first_words(tokens))
    return page_document(text, generator, catalogue)


def _image(
    _renderer: RendererProtocol, tokens: Sequence[Token], at: int, _options: OptionsDict, env: Any
) -> str:
    source, text = str(tokens[at].attrs["src"]), tokens[at].content
    if source in env["images"]:
        address = data_uri(source, env["images"][source])
        return str(
            env["placeholders"].add(f'<img src="{address}" alt="{escapeHtml(_alt(tokens[at]))}">')
        )
    return f'<a href="{escapeHtml(source)}">{escapeHtml(text or source)}</a>'


def _alt(token: Token) -> str:
    return "".join(child.content for child in token.children or ())


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
    former = {entry.name: entry.former for entry in catalogue.entries if entry.former}
    for at, token in enumerate(tokens):
        found = former.get(str(token.attrs["id"]), ()) if "id" in token.attrs else ()
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
    taken = {*RESERVED, *(found[1] for found in anchors if found)}
    return taken | {str(token.attrs["id"]) for token in tokens if "id" in token.attrs}


def _name_headings(tokens: list[Token], taken: set[str]) -> list[Heading]:
    """Name the headings that have no name yet, and return all of them."""
    entries = []
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            text = _plain(tokens[at + 1])
            if "id" not in token.attrs:
                token.attrSet("id", free_name(text, taken))
                taken.add(str(token.attrs["id"]))
            entries.append(Heading(int(token.tag[1:]), str(token.attrs["id"]), text))
    return entries


def _plain(token: Token) -> str:
    return "".join(child.content for child in token.children or () if child.type != "html_inline")


def _align_cells(tokens: list[Token]) -> None:
    """Set alignment by attribute: the page's policy allows no inline style."""
    for token in tokens:
        found = _ALIGN.search(str(token.attrs.pop("style", "")))
        if found:
            token.attrSet("align", found[1])


def _first_words(tokens: list[Token]) -> str:
    """Return how the first paragraph begins."""
    opened = (at for at, token in enumerate(tokens) if token.type == "paragraph_open")
    words = (_plain(tokens[at + 1]).split() for at in opened)
    return " ".join(next((found for found in words if found), [])[:_WORDS])


# What the library raises for a formula that is broken, and what it fails to check for.
_BROKEN: tuple[type[Exception], ...] = (
    *(
        kind
        for kind in vars(exceptions).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ),
    ArithmeticError,
    LookupError,
    RecursionError,
    StopIteration,
    TypeError,
    ValueError,
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
    return nh3.clean(made, tags=_MATH_TAGS, attributes=_MATH_ATTRIBUTES, link_rel=None)

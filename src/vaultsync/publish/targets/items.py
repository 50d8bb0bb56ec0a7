"""The text of the page as tokens. A list item is read and rendered by itself, once for all rounds.

Behind its first paragraph, which the page may add to, an item is one token of HTML.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import Any

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from vaultsync.core.memo import Memo
from vaultsync.publish.compose.pieces import pieces
from vaultsync.publish.compose.scan import Math
from vaultsync.publish.targets.dialect import Dialect, gfm_parser, translated
from vaultsync.publish.targets.mathml import NotMath, mathml

_ALIGN = re.compile(r"text-align:\s*(\w+)")
# In an item with one of these it matters what else the text holds: footnotes and pictures.
_RELATED = re.compile(r"\[\^|!\[")
# Without one of these there is nothing that the page writes otherwise: such tags are tags.
_TAG = r"/[a-z]+>|[a-z]+(?: class=\"[a-z-]*\")?>|a id=\"[^\"]*\"></a>"
_WRITTEN_OTHERWISE = re.compile(rf"==|\$|\[!|```|~~~|[-*+.)][ \t]+\[[^\r\n]\][ \t]|<(?!{_TAG})")
# An address that is written as it is, as most are.
_PLAIN = re.compile(r"(?:https?://[a-z0-9.-]+(?:/[A-Za-z0-9/._~-]*)?|#[a-z0-9-]+)\Z")
# To read an item takes so many times as long as to check a note.
_TIMES = 5
# In the place of items that are read by themselves.
_RUN = re.compile("\ufdd8(\\d+)\ufdd8")
# The tokens of an item, with those of its list and its first paragraph.
_OPENING = ["bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close"]
_CLOSING = ["list_item_close", "bullet_list_close"]


class Markup:
    """What comes of translating a text besides the text.

    `html` is HTML of our own, which cleaning must not touch, by what is in its place. `refused` is
    what cannot be shown: messages, each with the source text.
    """

    def __init__(self) -> None:
        """Start with nothing."""
        self.html: dict[str, str] = {}
        self.refused: list[tuple[str, str]] = []

    def keep(self, html: str) -> str:
        """Return what is in the place of HTML."""
        name = hashlib.sha256(html.encode("utf-8", "replace")).hexdigest()
        self.html[name] = html
        return f"\ufdd5{name}\ufdd6"

    def refuse(self, message: str, source: str) -> None:
        """Add what cannot be shown."""
        self.refused.append((message, source))

    def translated(self, text: str) -> str:
        """Return a text in Markdown as the page takes it."""
        if not _WRITTEN_OTHERWISE.search(text):
            return text
        return translated(text, Dialect("the page", math=self._math), self)

    def _math(self, found: Math) -> str:
        try:
            return self.keep(mathml(found.tex, display=found.display))
        except NotMath as error:
            self.refuse(f"the page cannot show the formula `{found.tex}`: {error}", found.tex)
            return ""


class Item(msgspec.Struct, frozen=True, array_like=True):
    """What came of an item by itself, as of `Markup`; without tokens it must be read in its text.

    In a list whose items are apart, `is_loose`, all have paragraphs.
    """

    tokens: list[Token] = []
    is_loose: bool = False
    html: dict[str, str] = {}
    refused: list[tuple[str, str]] = []


class Apart(msgspec.Struct, frozen=True):
    """A text with one item in the place of several that are read by themselves, and those."""

    text: str
    runs: Sequence[Sequence[Item]] = ()

    def followed_by(self, text: str) -> Apart:
        """Return this with more text behind it."""
        return Apart(self.text + text, self.runs)

    def tokens(self, parser: MarkdownIt, env: dict[str, Any]) -> list[Token]:
        """Return the tokens of the whole text."""
        tokens = parser.parse(self.text, env)
        return list(chain.from_iterable(self._spliced(aligned(tokens))))

    def _spliced(self, tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
        behind = 0
        for at, token in enumerate(tokens):
            found = token.type == "inline" and _RUN.fullmatch(token.content)
            # One that an author wrote is text.
            if found and int(found[1]) < len(self.runs):
                start = at - 2
                yield tokens[behind:start]
                behind = _end(tokens, start)
                for item in self.runs[int(found[1])]:
                    yield _copied(item.tokens, hidden=tokens[start + 1].hidden)
        yield tokens[behind:]


def page_parser() -> MarkdownIt:
    """Return a parser of the page's text."""
    parser = gfm_parser().use(footnote_plugin).use(tasklists_plugin)
    normalize = parser.normalizeLink
    parser.normalizeLink = lambda url: url if _PLAIN.match(url) else normalize(url)  # type: ignore[method-assign]
    return parser


def apart(text: str, memo: Memo, markup: Markup) -> Apart:
    """Translate a text and read the items in it that do not depend on what is around them."""
    parts = pieces(text)
    texts = [part for part, is_item in parts if is_item and not _RELATED.search(part)]
    items = {
        part: item
        for part, item in memo.each(read_item, texts, Item, _TIMES).items()
        if item.tokens
    }
    runs: list[list[Item]] = []
    rest: list[str] = []
    for alone, together in groupby((part for part, _ in parts), items.__contains__):
        run = list(together)
        if alone:
            rest.append(_run(len(runs), run, [items[part] for part in run]))
            runs.append([items[part] for part in run])
        else:
            rest += run
    for item in chain.from_iterable(runs):
        markup.html.update(item.html)
        markup.refused += item.refused
    return Apart(markup.translated("".join(rest)), runs)


def _run(number: int, texts: Sequence[str], items: Sequence[Item]) -> str:
    """Return an item that is in the place of several, and apart in itself if any of them is."""
    mark, end = f"- \ufdd8{number}\ufdd8\n", "\n" * texts[-1].endswith("\n\n")
    parted = any(text.endswith("\n\n") for text in texts[:-1])
    return (
        f"{mark}\n  \ufdd8\n{end}" if parted or any(one.is_loose for one in items) else mark + end
    )


def read_item(text: str) -> Item:
    """Read an item."""
    markup, env, parser = Markup(), dict[str, Any](), _parser()
    tokens = aligned(parser.parse(markup.translated(text), env))
    behind, close = tokens[len(_OPENING) : -len(_CLOSING)], tokens[len(_OPENING) - 1 :][:1]
    types = [token.type for token in tokens]
    is_one = types[: len(_OPENING)] == _OPENING and types[-len(_CLOSING) :] == _CLOSING
    if not is_one or "heading_open" in types or any(not token.level for token in tokens[1:-1]):
        return Item()
    render = functools.partial(parser.renderer.render, options=parser.options, env=env)
    html = render([*close, *behind]).removeprefix(render(close))
    is_loose = not close[0].hidden
    if (
        ' id="' in html
        or any(token.attrs for token in tokens[: len(_OPENING)])
        or (behind and not is_loose)
    ):
        return Item()
    rest = [Token("html_block", "", 0, content=html)] if html else []
    own = [*tokens[1 : len(_OPENING)], *rest, tokens[-len(_CLOSING)]]
    return Item(own, is_loose, markup.html, markup.refused)


# It keeps nothing of what it parses.
@functools.lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return page_parser()


def aligned(tokens: list[Token]) -> list[Token]:
    """Set the alignment of cells by attribute: the page's policy allows no inline style."""
    for token in tokens:
        found = _ALIGN.search(str(token.attrs.pop("style", "")))
        if found:
            token.attrSet("align", found[1])
    return tokens


def _end(tokens: Sequence[Token], at: int) -> int:
    """Return the number behind the token that closes what another one opens."""
    closing = (n for n in range(at, len(tokens)) if tokens[n].type == "list_item_close")
    return next(closing) + 1


def _copied(tokens: Sequence[Token], *, hidden: bool) -> list[Token]:
    """Return tokens of which those of the first paragraph and around it can be changed.

    Whether paragraphs show depends on the whole list.
    """
    copies = [
        Token(one.type, one.tag, one.nesting, {}, one.map, one.level, one.children, block=True)
        for one in tokens[: len(_OPENING) - 1]
    ]
    copies[1].hidden = copies[3].hidden = hidden
    return [*copies, *tokens[len(copies) :]]

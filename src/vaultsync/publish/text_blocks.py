"""A published post as text blocks: the paragraphs, list items, headings and cells that are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser

import msgspec

from vaultsync.markdown import elements

# https://html.spec.whatwg.org/multipage/rendering.html#flow-content-3, what is in use in posts.
_BLOCK_NAMES = """
address article aside blockquote body dd details div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead
tr ul
"""
_VOID_NAMES = "area base br col embed hr img input link meta source track wbr"
_UNSEEN_NAMES = "button head noscript script style svg template"
_BLOCKS, _VOID, _UNSEEN = (
    frozenset(names.split()) for names in (_BLOCK_NAMES, _VOID_NAMES, _UNSEEN_NAMES)
)
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
# The classes that ForumMagnum and MathJax give to links back from footnotes, and to formulas.
_BACK_LINK = re.compile(r"\bfootnote-back-?(?:link|ref)\b")
_FORMULA = re.compile(r"\b(?:mjx-|mjpage|MathJax)")
_ITEM_MARK = re.compile(r"\A(?:[-*+]|\d{1,9}[.)])[ \t]+")
_HEADING_MARKS = re.compile(r"\A#{1,6}[ \t]+")
# Of a page of ForumMagnum this is the element with the post in it.
CONTENT = "postContent"
FORMULA = "[formula]"

# Returns the text for a link, from its address and its text.
ShowLink = Callable[[str, str], str]


class TextBlock(msgspec.Struct, frozen=True):
    """A piece of a post, and the heading that it is under; a heading is under itself."""

    place: str
    text: str


def markdown_text_blocks(text: str) -> tuple[TextBlock, ...]:
    """Return the text blocks of a Markdown text as they are written, items without their marks."""
    parts = elements(text, 0)
    starts = [*(part.start for part in parts), len(text)]
    found, place = [], ""
    for part, following in zip(parts, starts[1:], strict=True):
        # Items that are nested in another come behind it.
        written = text[part.start : min(part.end, following)].strip()
        if part.kind == "item":
            written = _ITEM_MARK.sub("", written)
        if part.kind == "heading":
            place = _HEADING_MARKS.sub("", written)
        found += [TextBlock(place, written)] if written else []
    return tuple(found)


def _as_markdown(href: str, text: str) -> str:
    # The number of a footnote is in brackets already.
    return text if text.startswith("[") else f"[{text}]({href})"


def html_text_blocks(html: str, link: ShowLink = _as_markdown) -> tuple[TextBlock, ...]:
    """Return the text blocks of a page as a reader sees them, each on one line.

    Formulas that were drawn are `[formula]`, and images are their alternative texts. Of a
    page with an element that is known to hold the post, that is all.
    """
    reader = _Reader(link)
    reader.feed(html)
    reader.close()
    reader.end_block()
    return tuple(reader.found)


class _Reader(HTMLParser):
    def __init__(self, link: ShowLink) -> None:
        super().__init__()
        self.found: list[TextBlock] = []
        self._link, self._place = link, ""
        self._words: list[str] = []
        # The address of the link that is open, and where its text begins among the words.
        self._open: tuple[str, int] | None = None
        # The name of an element that is open, once more for each of that name within it.
        self._unseen: list[str] = []
        self._content: list[str] = []
        self._done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen or self._done:
            self._unseen += [tag] if tag in self._unseen else []
            return
        self._content += [tag] if tag in self._content else []
        given = {name: value or "" for name, value in attrs}
        opened = [] if tag in _VOID else [tag]
        classes = given.get("class", "")
        is_formula = tag.startswith("mjx-") or tag == "math" or _FORMULA.search(classes)
        if is_formula or tag in _UNSEEN or _BACK_LINK.search(classes):
            self._words += [FORMULA] if is_formula else []
            self._unseen += opened
        elif tag in _BLOCKS:
            self.end_block()
        elif tag in {"br", "img"}:
            self._words.append(" " if tag == "br" else given.get("alt", ""))
        elif tag == "a" and "href" in given:
            self._open = given["href"], len(self._words)
        if given.get("id") == CONTENT:
            self.found.clear()
            self._content = opened

    def handle_endtag(self, tag: str) -> None:
        if self._unseen or self._done:
            if tag in self._unseen:
                self._unseen.pop()
            return
        if tag == "a" and self._open:
            href, at = self._open
            text = _text(self._words[at:])
            self._words[at:] = [self._link(href, text)] if text else []
            self._open = None
        elif tag in _BLOCKS:
            self.end_block(heading=tag in _HEADINGS)
        if tag in self._content:
            self._content.pop()
            self._done = not self._content

    def handle_data(self, data: str) -> None:
        if not self._unseen and not self._done:
            self._words.append(data)

    def end_block(self, *, heading: bool = False) -> None:
        text = _text(self._words)
        self._words, self._open = [], None
        if text:
            self._place = text if heading else self._place
            self.found.append(TextBlock(self._place, text))


def _text(words: Iterable[str]) -> str:
    return " ".join("".join(words).split())

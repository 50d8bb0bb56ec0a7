"""A published post as text blocks: the paragraphs, list items, headings and cells that are read."""

from __future__ import annotations

import re
from collections.abc import Callable
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
    ends = [part.start for part in parts[1:]]
    found, place = [], ""
    for part, following in zip(parts, [*ends, len(text)], strict=True):
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
    return reader.blocks()


class _Reader(HTMLParser):
    def __init__(self, link: ShowLink) -> None:
        super().__init__()
        self._link = link
        self._found: list[TextBlock] = []
        self._place = ""
        self._words: list[str] = []
        # The address of the link that is open, and where its text begins among the words.
        self._open: tuple[str, int] | None = None
        self._unseen, self._content = _Nesting(), _Nesting()
        self._done = False

    def blocks(self) -> tuple[TextBlock, ...]:
        self._flush()
        return tuple(self._found)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen.opened(tag) or self._done:
            return
        self._content.opened(tag)
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "")
        is_formula = tag.startswith("mjx-") or tag == "math" or _FORMULA.search(classes)
        if is_formula or tag in _UNSEEN or _BACK_LINK.search(classes):
            self._words += [FORMULA] if is_formula else []
            self._unseen.open(tag)
        elif tag in _BLOCKS:
            self._flush()
        elif tag == "br":
            self._words.append(" ")
        elif tag == "img":
            self._words.append(given.get("alt", ""))
        elif tag == "a" and "href" in given:
            self._open = given["href"], len(self._words)
        if given.get("id") == CONTENT:
            self._found.clear()
            self._content.open(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen or self._done:
            self._unseen.closed(tag)
            return
        if tag == "a" and self._open:
            href, at = self._open
            text = " ".join("".join(self._words[at:]).split())
            self._words[at:] = [self._link(href, text)] if text else []
            self._open = None
        elif tag in _BLOCKS:
            self._flush(heading=tag in _HEADINGS)
        self._done = self._content.closed(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen and not self._done:
            self._words.append(data)

    def _flush(self, *, heading: bool = False) -> None:
        text = " ".join("".join(self._words).split())
        self._words, self._open = [], None
        if heading and text:
            self._place = text
        if text:
            self._found.append(TextBlock(self._place, text))


class _Nesting:
    """An element that is open, distinguished from others of its kind within it."""

    def __init__(self) -> None:
        self._tag, self._depth = "", 0

    def __bool__(self) -> bool:
        return self._depth > 0

    def open(self, tag: str) -> None:
        """Enter the element."""
        self._tag, self._depth = tag, int(tag not in _VOID)

    def opened(self, tag: str) -> bool:
        """Take a tag that opens; return whether the element is open."""
        self._depth += bool(self and tag == self._tag and tag not in _VOID)
        return bool(self)

    def closed(self, tag: str) -> bool:
        """Take a tag that closes; return whether that closes the element."""
        if not self or tag != self._tag:
            return False
        self._depth -= 1
        return not self

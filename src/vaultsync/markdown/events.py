"""pulldown-cmark's events, their offsets, and the tags and block ids inside running text."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pyromark
from pyromark import Options

from vaultsync.core.model import Block, Element, ElementKind, Footnote, Heading, Link, Tag, Task
from vaultsync.core.text import Span

OPTIONS = (
    Options.ENABLE_WIKILINKS
    | Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_MATH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_STRIKETHROUGH
)
# Tags inside a block's text.
INLINE = frozenset({"Link", "Image", "Emphasis", "Strong", "Strikethrough"})
ATX = re.compile(r"#{1,6}(?:[ \t]+|$)")
# One line of text and the line below it, which is not a mark of a list.
_SETEXT = re.compile(r"[^\r\n]+(?:\r\n|\n|\r)(?![ \t]*-[ \t]+\Z)[^\r\n]+")
_FOOTNOTE_DEFINITION = re.compile(r"\[\^[\w-]+\]:")
_FOOTNOTE_IN_BRACKETS = re.compile(r"\[\[\^|\[\^[\w-]+\][^\[\]]*\]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# pulldown-cmark takes no tab behind the fence that closes code.
_TABBED_FENCE = re.compile(r"(?<=`{3}|~{3})[ \t]+(?=[\r\n]|\Z)")

Place = dict[str, int]
Event = tuple[Any, Any]
# Up to the next wide character: a run is passed faster than its characters one by one.
_TO_WIDE = re.compile("[\x00-\x7f]*+(?P<wide>[^\x00-\x7f]?)")
_ELEMENT_KINDS: dict[str, ElementKind] = {
    "Paragraph": "paragraph",
    "Heading": "heading",
    "HtmlBlock": "html",
}


def is_heading(raw: str) -> bool:
    """Whether Obsidian reads a heading of CommonMark as one too, which is without its line end."""
    return bool(ATX.match(raw) or _SETEXT.fullmatch(raw))


def events(text: str) -> Iterable[Event]:
    """Yield pulldown-cmark's events with byte ranges; an event is a name or a one-key mapping."""
    if "\t" in text and ("```" in text or "~~~" in text):
        text = _TABBED_FENCE.sub(lambda found: " " * len(found[0]), text)
    try:
        return pyromark.events_with_range(text, options=OPTIONS)
    except UnicodeEncodeError:
        return pyromark.events_with_range(_SURROGATE.sub("\ufffd", text), options=OPTIONS)


def tag_of(value: Any) -> str:
    """Return the name of a tag as a "Start" or "End" holds it, with or without details."""
    return value if isinstance(value, str) else next(iter(value))


class Offsets:
    """Maps byte offsets of a text's UTF-8 form to code points, shifted by `base`, and back."""

    def __init__(self, text: str, base: int) -> None:
        """Note where the characters wider than one byte end; an ASCII text costs nothing."""
        self._base = base
        narrow = text.isascii()
        # What to add to each byte offset, where that is the same for all; else 0.
        self.shift = base if narrow else 0
        self._bytes: list[int] = []
        self._points: list[int] = []
        self._surplus: list[int] = [0]
        surplus = 0
        for found in _TO_WIDE.finditer(text) if not narrow else ():
            if not found["wide"]:
                break
            end = found.end()
            surplus += len(found["wide"].encode("utf-8", "surrogatepass")) - 1
            self._points.append(end)
            self._bytes.append(end + surplus)
            self._surplus.append(surplus)

    def __call__(self, byte: int) -> int:
        """Return the code-point offset of a byte offset at the border of a character."""
        if not self._bytes:
            return byte + self._base
        return byte - self._surplus[bisect_right(self._bytes, byte)] + self._base

    def byte(self, offset: int) -> int:
        """Return the byte offset of a code-point offset."""
        point = offset - self._base
        return point + self._surplus[bisect_right(self._points, point)]


class BodyFacts:
    """The facts of a body, each kind in the order of the text; links by where they lead.

    `plain` is as in a `Document`.
    """

    __slots__ = (
        *("blocks", "external", "footnotes", "headings", "internal"),
        *("plain", "tags", "tasks"),
    )

    def __init__(self) -> None:
        """Start with nothing found."""
        self.plain = False
        # Into the vault and out of it.
        self.internal: list[Link] = []
        self.external: list[Link] = []
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.tags: list[Tag] = []
        self.tasks: list[Task] = []
        self.footnotes: list[Footnote] = []


def markup(text: str, base: int) -> Iterator[tuple[str, str, Any, Span]]:
    """Yield all events from `base` on but text and breaks: name, tag, its details, place.

    The name is "Start" or "End" of a tag, or that of an event without a tag, such as "Code".
    """
    at = Offsets(text[base:], base)
    for event, place in events(text[base:]):
        if isinstance(event, dict) and "Text" not in event:
            ((name, value),) = event.items()
            tag, detail = next(iter(value.items())) if isinstance(value, dict) else (value, None)
            yield name, tag, detail, Span(at(place["start"]), at(place["end"]))


def block_starts(text: str) -> list[int]:
    """Return where the lines begin with which a block starts that is in no other.

    Those of indented lines are left out: alone they may be code. From each of the lines on, text
    is read as it is in its place, unless `depends_on_definitions`.
    """
    starts: list[int] = []
    depth = 0
    for name, tag, _, span in markup(text, 0):
        if name not in {"Start", "End"} or tag in INLINE:
            continue
        if name == "Start" and not depth:
            line = max(text.rfind(end, 0, span.start) for end in "\r\n") + 1
            starts += [line] if text[line] not in " \t" else []
        depth += 1 if name == "Start" else -1
    return starts


def depends_on_definitions(text: str) -> bool:
    """Whether links or their brackets may be read otherwise where a definition is missing."""
    links = text.count("]:") > len(_FOOTNOTE_DEFINITION.findall(text))
    return links or bool(_FOOTNOTE_IN_BRACKETS.search(text))


def elements(text: str, base: int) -> tuple[Element, ...]:
    """Return the paragraphs, headings, list items and other blocks from `base` on.

    Items of nested lists follow their parent with a greater depth. What an item contains is
    part of it, except its nested items.
    """
    found: list[Element] = []
    open_ = Counter[str]()
    for name, tag, _, span in markup(text, base):
        if name not in {"Start", "End"} or tag in INLINE:
            continue
        outer = tag if tag in {"List", "Item"} else "other"
        if name == "End":
            open_[outer] -= 1
            continue
        if tag == "Item" and not open_["other"]:
            # Its own mark is the first character that is neither white space nor a quote mark.
            start = span.start
            while text[start] in " \t\r\n>":
                start += 1
            found.append(Element(start, span.end, "item", open_["List"]))
        elif tag != "List" and not open_.total():
            kind = _ELEMENT_KINDS.get(tag, "other")
            if kind == "heading" and not is_heading(span.of(text).rstrip("\r\n")):
                kind = "paragraph"
            found.append(Element(span.start, span.end, kind))
        open_[outer] += 1
    return tuple(found)


def markup_spans(text: str, base: int, *names: str) -> Iterator[tuple[Span, Any]]:
    """Yield the elements of some kinds from `base` on, with pulldown-cmark's details of each.

    The names are those of pulldown-cmark's tags with details, such as "Table" or "Link".
    """
    for name, tag, detail, span in markup(text, base):
        if name == "Start" and tag in names and detail is not None:
            yield span, detail


# Obsidian's tag characters, as observed: everything but white space, general and supplemental
# punctuation, and ASCII punctuation other than - _ /.
TAG_CHARACTER = r"[^\s\u2000-\u206f\u2e00-\u2e7f!\"\#$%&'()*+,.:;<=>?@\[\\\]^`{|}~]"
_TAG = re.compile(rf"#({TAG_CHARACTER}+)")
NOWHERE = 1 << 60
_NUMBER = re.compile(r"[0-9/]+")
_BLOCK = re.compile(r"\^(?<![^ \t\r\n]\^)(?P<id>[A-Za-z0-9-]+)(?=[ \t]*(?P<end>\r\n|\n|\r|\Z))")
# What may precede a tag directly: white space, or the end of some markup.
_OPENED_TAG = re.compile(rf"#(?<![\w\"'(/&?.,:;!+-]#){_TAG.pattern[1:]}")


class CandidatePositions:
    """The few places of a body where a mark may start, and which of them are in running text.

    Running text is what is not code, mathematics, HTML or shown by a wikilink. The runs are given
    in bytes, as pyromark has them; the place that the next one may reach is `next`.
    """

    def __init__(self, starts: Iterable[int], at: Offsets) -> None:
        """Take the code-point offsets at which marks may start."""
        self._at = at
        self._pending = [NOWHERE, *sorted(map(at.byte, starts), reverse=True)]
        self._running: dict[int, bool] = {}
        # The offsets behind the line breaks inside a block.
        self.breaks: set[int] = set()
        self.next = self._pending.pop()

    def add_text(self, start: int, end: int, *, after_markup: bool) -> None:
        """Take a run of text that ends behind the next place."""
        while self.next < end:
            if start <= self.next:
                self._running[self.next] = after_markup and start == self.next
            self.next = self._pending.pop()

    def is_in_text(self, offset: int) -> bool:
        """Whether the mark at `offset` is in running text."""
        return self._at.byte(offset) in self._running

    def ends_block(self, line_end: int) -> bool:
        """Whether a block ends with the line of a mark in running text, which ends there."""
        return self._at.byte(line_end) not in self.breaks

    def begins_word(self, text: str, offset: int) -> bool:
        """Whether the mark at `offset` is in running text, and behind white space or markup."""
        if not self.is_in_text(offset):
            return False
        before = text[max(offset - 2, 0) : offset]
        if not before or before[-1].isspace() or before in {"==", "\\["}:
            return True
        return self._running[self._at.byte(offset)] and before[-1] != "\\"


def possible_tags(text: str, base: int) -> list[re.Match[str]]:
    """Return what looks like a tag, from `base` on; of tags in a row the first."""
    return list(_OPENED_TAG.finditer(text, base))


def possible_block_ids(text: str, base: int) -> list[re.Match[str]]:
    """Return what looks like a block id at the end of a line, from `base` on."""
    # Most notes have no caret, or one near the end, which a plain search finds soonest.
    first = text.find("^", base)
    return list(_BLOCK.finditer(text, first)) if first >= 0 else []


def adjacent_tags(text: str, start: int) -> Iterator[Tag]:
    """Yield the tag at `start`, if it is one, and those that follow it directly."""
    match = _TAG.match(text, start)
    while match:
        name = match[1].removesuffix("/")
        if not name or _NUMBER.fullmatch(name):
            break
        yield Tag(match.start(), match.start() + 1 + len(name), name)
        match = _TAG.match(text, match.end())


# Many notes have the same tags.
@functools.lru_cache(maxsize=1024)
def is_tag(name: str) -> bool:
    """Whether a tag may have this name, which is without `#`."""
    return bool(_TAG.fullmatch(f"#{name}")) and not is_numeric(name)


def is_numeric(name: str) -> bool:
    """Whether a name would be that of a tag if it held more than digits."""
    return bool(_NUMBER.fullmatch(name))

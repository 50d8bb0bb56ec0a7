"""What a composed text holds that not every target can show."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

import msgspec

from vaultsync.core.text import Edit, Span
from vaultsync.markdown.events import Offsets, events, tag_of

_CALLOUT = re.compile(r"[ \t>]*\[!(?P<kind>[\w-]+)\](?P<fold>[+-]?)[ \t]*(?P<title>[^\n]*)")
_MARKS = re.compile(r"[^\s>]")
_HIGHLIGHT = re.compile(r"(?<![=\\])==(?!=)")
# pulldown-cmark's events and tags that are of interest.
_SCANNED = frozenset(
    {"Text", "InlineMath", "DisplayMath", "InlineHtml", "HtmlBlock", "BlockQuote", "CodeBlock"}
)
_BLANK_LINE = re.compile(r"\n[ \t>]*\n")


class Math(msgspec.Struct, frozen=True):
    """Mathematics in LaTeX, within a line or displayed on its own."""

    span: Span
    tex: str
    display: bool


class Callout(msgspec.Struct, frozen=True):
    """A callout: `head` is its first line from `[!` on, `end` the offset behind its last line.

    `margin` is what continues its lines, `within` the text before `[!` in the first.
    """

    head: Span
    end: int
    margin: str
    within: str
    kind: str
    fold: str
    title: str


class Scan(msgspec.Struct, frozen=True):
    """The spans of the constructs of a text, each kind in order.

    `words` is running text: no code, mathematics, HTML or destination of a link. `fences` are
    blocks of code with their info strings.
    """

    words: tuple[Span, ...]
    math: tuple[Math, ...]
    html: tuple[Span, ...]
    callouts: tuple[Callout, ...]
    fences: tuple[tuple[Span, str], ...]

    def in_words(self, start: int) -> bool:
        """Whether an offset is in running text."""
        at = bisect_right(self.words, start, key=lambda span: span.start) - 1
        return at >= 0 and start < self.words[at].end

    def highlights(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the offsets of the marks of each `==highlight==`."""
        opening: int | None = None
        for found in _HIGHLIGHT.finditer(text):
            at = found.start()
            if not self.in_words(at):
                continue
            if opening is not None and _BLANK_LINE.search(text, opening, at):
                opening = None
            if opening is None:
                opening = at if text[at + 2 : at + 3].strip() else None
            elif not text[at - 1].isspace():
                yield opening, at
                opening = None

    def escapes(self, text: str, pattern: re.Pattern[str]) -> Iterator[Edit]:
        """Yield edits that keep what a pattern finds in running text from being markup."""
        for found in pattern.finditer(text):
            at = found.start()
            before = at
            while before and text[before - 1] == "\\":
                before -= 1
            if (at - before) % 2 == 0 and self.in_words(at):
                yield Edit(Span(at, at), "\\")


def scan(text: str) -> Scan:
    """Return what a text holds."""
    at, code_to = Offsets(text, 0), 0
    found: list[tuple[str, Span, Any]] = []
    for event, place in events(text):
        name, value = ("", "") if isinstance(event, str) else next(iter(event.items()))
        tag = tag_of(value) if name == "Start" else name
        if tag not in _SCANNED or (tag == "Text" and place["start"] < code_to):
            continue
        if tag == "CodeBlock":
            code_to = place["end"]
        found.append((tag, Span(at(place["start"]), at(place["end"])), value))
    quotes = (_callout(text, span) for tag, span, _ in found if tag == "BlockQuote")
    return Scan(
        tuple(span for tag, span, _ in found if tag == "Text"),
        tuple(Math(span, tex, tag == "DisplayMath") for tag, span, tex in found if "Math" in tag),
        tuple(span for tag, span, _ in found if "Html" in tag),
        tuple(callout for callout in quotes if callout),
        tuple((span, _info(value[tag])) for tag, span, value in found if tag == "CodeBlock"),
    )


def _info(kind: str | dict[str, str]) -> str:
    """Return the info string of a block of code, "" for one that is indented."""
    return "" if isinstance(kind, str) else kind["Fenced"]


def _callout(text: str, quote: Span) -> Callout | None:
    found = _CALLOUT.match(text, quote.start, quote.end)
    if found is None:
        return None
    head = Span(found.start("kind") - 2, found.end("title"))
    within = text[text.rfind("\n", 0, quote.start) + 1 : head.start]
    end = quote.start + len(quote.of(text).rstrip())
    kind, fold, title = found.group("kind", "fold", "title")
    margin = _MARKS.sub(" ", within)
    return Callout(head, end, margin, within, kind.lower(), fold, title.strip())

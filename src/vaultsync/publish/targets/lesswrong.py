"""Markdown for LessWrong's Markdown editor, which shows raw HTML as text.

Source of the rules: the Markdown code of https://github.com/ForumMagnum/ForumMagnum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from urllib.parse import quote, urljoin

from vaultsync.blocks import literal
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.publish.anchors import (
    lesswrong_anchors,
    linked_names,
    relinked,
    renamed,
    without_heading_anchors,
)
from vaultsync.publish.dialect import Dialect, each_tag, stands_alone, title_of
from vaultsync.publish.footnotes import once_each
from vaultsync.publish.images import data_uri
from vaultsync.publish.render_job import Order
from vaultsync.publish.scan import Callout, Math, Survey

# Marks of a collapsible part, whose pluses depend on what is nested in it.
_OPEN, _CLOSE = "\ufdd3", "\ufdd4"
_FOLD = re.compile(f"[{_OPEN}{_CLOSE}]")
_PLUSES = 3
_DETAILS = re.compile(
    r"<details[^>]*>\s*(?:<summary[^>]*>(?P<title>.*?)</summary>)?\s*", re.DOTALL | re.IGNORECASE
)
_MARKS = {
    **dict.fromkeys(("b", "strong", "mark"), "**"),
    **dict.fromkeys(("i", "em", "cite", "var", "dfn"), "*"),
    **dict.fromkeys(("s", "del", "strike"), "~~"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "`"),
    "sub": "~",
    "sup": "^",
    "q": '"',
    "br": " ",
    "hr": "\n\n---\n\n",
}
_REFUSED = frozenset(
    [
        "table",
        "img",
        "video",
        "audio",
        "iframe",
        "object",
        "embed",
        "picture",
        "svg",
        "math",
        "form",
    ]
)
_FOLDED = frozenset(["details", "summary"])
_HREF = re.compile(r"\bhref\s*=", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<!\\)(?:\*+|(?<!\w)_+|_+(?!\w))")
# What would be read as mathematics, subscript or superscript.
_DOLLAR = re.compile(r"\$")
_RAISED = re.compile(r"(?<![\[\\^])\^(?=[^\s^]+\^)")
_LOWERED = re.compile(r"(?<![\\~])~(?!~)(?=[^\s~]+~(?!~))")
# `md` is the domain of a country.
_NOTE_FILE = re.compile(r"(?<![\w./@`\\-])[\w-]+(?:\.[\w-]+)*\.md\b(?![\w/`])")


def _callout(callout: Callout) -> tuple[str, str]:
    margin = callout.margin
    if callout.fold:
        return f"{_OPEN} {title_of(callout)}\n{margin.rstrip()}", f"\n{margin}{_CLOSE}"
    # A paragraph that is bold throughout would count as a heading.
    return f"*{_EMPHASIS.sub('', title_of(callout))}*\n{margin.rstrip()}", ""


def _math(math: Math) -> str:
    return f"$${math.tex}$$" if math.display else f"${math.tex.strip()}$"


def _html(text: str, span: Span) -> tuple[str, tuple[str, ...]]:
    raw, alone = span.of(text), stands_alone(text, span)
    refused: dict[str, None] = {}

    def tag(found: re.Match[str]) -> str:
        name = found["name"].lower()
        if (
            name in _REFUSED
            or (name in _FOLDED and not alone)
            or (name == "a" and _HREF.search(found[0]))
        ):
            refused[name] = None
        if name == "details" and alone:
            before = found.string[: found.start()]
            return _CLOSE if before == "" or before.endswith("\n") else f"\n{_CLOSE}"
        return _MARKS.get(name, "")

    if alone:
        raw = _DETAILS.sub(lambda found: f"{_OPEN} {_title(found)}\n\n", raw)
    # No Markdown is read between tags.
    return each_tag(raw, tag, lambda between: literal(unescape(between))), tuple(refused)


def _title(found: re.Match[str]) -> str:
    return " ".join((found["title"] or "Details").split())


def _words(text: str, found: Survey) -> Iterator[Edit]:
    for pattern in (_DOLLAR, _RAISED, _LOWERED):
        yield from found.escapes(text, pattern)
    for name in _NOTE_FILE.finditer(text):
        if found.in_words(name.start()):
            yield Edit(Span(*name.span()), f"`{name[0]}`")


def with_pluses(text: str) -> str:
    """Return a text whose collapsible parts have more pluses around than within."""
    marks = list(_FOLD.finditer(text))
    heights, open_ = {}, []
    for mark in marks:
        if mark[0] == _OPEN:
            open_.append(mark.start())
            heights[mark.start()] = 0
        elif open_:
            start = open_.pop()
            heights[mark.start()] = heights[start]
            if open_:
                heights[open_[-1]] = max(heights[open_[-1]], heights[start] + 1)
    edits = []
    for mark in marks:
        pluses = "+" * (_PLUSES + heights[mark.start()]) if mark.start() in heights else ""
        edits.append(Edit(Span(*mark.span()), pluses))
    return apply_edits(text, edits)


DIALECT = Dialect(
    name="LessWrong",
    highlight=("**", "**"),
    boxes=("☐", "☑"),
    callout=_callout,
    math=_math,
    html=_html,
    words=_words,
)


def make(order: Order) -> str:
    """Return the body of the post; its title has a field of its own there."""
    return text_for(order, lambda name, data: _image(order, name, data))


def text_for(order: Order, image: Callable[[str, bytes], str]) -> str:
    """Return the body of the post, with images at the addresses that `image` returns."""
    text, names = without_heading_anchors(order.composition.text)
    text = renamed(text, dict.fromkeys(order.composition.places, ""))
    text = with_pluses(order.translated(text, DIALECT))
    text = relinked(text, _destinations(order, text, names))
    return once_each(order.with_images(text, image))


def _image(order: Order, name: str, data: bytes) -> str:
    page = order.settings.page
    return urljoin(page, name) if page else data_uri(name, data)


def _destinations(order: Order, text: str, names: list[tuple[str, ...]]) -> dict[str, str]:
    """Return where links to places lead: to headings, else to the page if it has an address."""
    page, linked = order.settings.page, linked_names(text)
    there = {name: f"{page}#{quote(name)}" for name in linked} if page else {}
    if linked.isdisjoint(name for own in names for name in own):
        return there
    from vaultsync.publish.targets.lesswrong_html import headings

    found = headings(text)
    anchors = iter(lesswrong_anchors(heading.text for heading in found if heading.counts))
    placed = [(next(anchors) if heading.counts else "", heading) for heading in found]
    own_headings = [(name, heading) for name, heading in placed if heading.level]
    for own, (name, heading) in zip(names, own_headings, strict=True):
        if heading.counts and heading.plain:
            there.update(dict.fromkeys(own, f"#{name}"))
    return there

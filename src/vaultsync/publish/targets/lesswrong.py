"""Markdown for LessWrong's Markdown editor, which shows raw HTML as text.

Source of the rules: the Markdown code of https://github.com/ForumMagnum/ForumMagnum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from urllib.parse import quote, urljoin

from vaultsync.blocks.context import escape_markdown
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.publish.compose.anchors import (
    lesswrong_anchors,
    linked_names,
    relinked,
    renamed,
    without_heading_anchors,
)
from vaultsync.publish.compose.footnotes import without_shared_footnotes
from vaultsync.publish.compose.images import data_uri
from vaultsync.publish.compose.scan import Callout, Math, Scan
from vaultsync.publish.targets.dialect import Dialect, RenderJob, each_tag, stands_alone, title_of
from vaultsync.publish.targets.lesswrong_html import rendered

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
# Opened in a browser, it loads nothing but images and runs nothing.
_FRAME = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src https:;
  base-uri 'none'; form-action 'none'">
<title>{title}</title>
</head>
<body>
{body}</body>
</html>
"""


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
    return each_tag(raw, tag, lambda between: escape_markdown(unescape(between))), tuple(refused)


def _title(found: re.Match[str]) -> str:
    return " ".join((found["title"] or "Details").split())


def _words(text: str, found: Scan) -> Iterator[Edit]:
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


def markdown(job: RenderJob) -> str:
    """Return the body of the post; its title has a field of its own there."""
    return text_for(job, lambda name, data: _image(job, name, data))


def text_for(job: RenderJob, image: Callable[[str, bytes], str]) -> str:
    """Return the body of the post, with images at the addresses that `image` returns."""
    text, names = without_heading_anchors(job.composition.text)
    text = renamed(text, dict.fromkeys(job.composition.places, ""))
    text = with_pluses(job.translated(text, DIALECT))
    text = relinked(text, _destinations(job, text, names))
    return without_shared_footnotes(job.with_images(text, image))


def _image(job: RenderJob, name: str, data: bytes) -> str:
    page = job.settings.page
    return urljoin(page, name) if page else data_uri(name, data)


def _destinations(job: RenderJob, text: str, names: list[tuple[str, ...]]) -> dict[str, str]:
    """Return where links to places lead: to headings, else to the page if it has an address."""
    page, linked = job.settings.page, linked_names(text)
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


def rich_text(job: RenderJob) -> str:
    """Return the body of the post as a page to be copied from.

    An image of the vault must have an address: the editor takes none that is in the text.
    """
    page = job.settings.page
    if job.composition.images and not page:
        job.problems.add(
            "LessWrong's default editor takes images only from an address: set `publish.page` in "
            "vaultsync.toml, or leave out the target `lesswrong-rich`",
            "",
            job.composition.paths,
        )
    body = rendered(text_for(job, lambda name, _data: urljoin(page, name)))
    return _FRAME.format(title=escape(job.composition.title), body=body)

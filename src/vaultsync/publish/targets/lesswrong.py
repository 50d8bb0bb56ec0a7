"""Markdown for LessWrong's Markdown editor, which shows raw HTML as text.

Source of the rules: the Markdown code of https://github.com/ForumMagnum/ForumMagnum.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape, unescape
from urllib.parse import quote, urljoin

from vaultsync.blocks.context import escape_markdown
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import parse
from vaultsync.publish.compose import Composition, anchors
from vaultsync.publish.compose.anchors import without_shared_footnotes
from vaultsync.publish.compose.images import data_uri
from vaultsync.publish.compose.scan import Callout, Math, Scan
from vaultsync.publish.targets.dialect import Dialect, each_tag, title_of, translated
from vaultsync.publish.targets.lesswrong_html import heading_anchors, rendered

# Marks of a collapsible part, whose pluses depend on what is nested in it.
_OPEN, _CLOSE = "\ufdd3", "\ufdd4"
# Around the number of a heading, at which its names are known.
_MARK = "\ufdd5"
_NUMBER = re.compile(f"{_MARK}(\\d+){_MARK}")
_FOLD = re.compile(f"[{_OPEN}{_CLOSE}]")
_PLUSES = 3
_DETAILS = re.compile(
    r"<details[^>]*>\s*(?:<summary[^>]*>(?P<title>.*?)</summary>)?\s*", re.DOTALL | re.IGNORECASE
)
# The tags that Markdown has a mark for; the last two have no text.
_TAGS = {"**": "b strong mark", "*": "i em cite var dfn", "~~": "s del strike"}
_TAGS |= {"`": "code kbd samp tt", "~": "sub", "^": "sup", '"': "q"}
_TAGS |= {" ": "br", "\n\n---\n\n": "hr"}
_MARKS = {tag: mark for mark, tags in _TAGS.items() for tag in tags.split()}
_REFUSED_NAMES = "table img video audio iframe object embed picture svg math form"
_REFUSED = frozenset(_REFUSED_NAMES.split())
_FOLDED = frozenset(["details", "summary"])
_HREF = re.compile(r"\bhref\s*=", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<!\\)(?:\*+|(?<!\w)_+|_+(?!\w))")
# What would be read as mathematics, superscript or subscript.
_SPECIAL = re.compile(r"\$|(?<![\[\\^])\^(?=[^\s^]+\^)|(?<![\\~])~(?!~)(?=[^\s~]+~(?!~))")
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


def _html(text: str, span: Span) -> tuple[str, Iterable[str]]:
    raw = span.of(text)
    # Whether nothing but marks of quotes precedes it in its line.
    alone = not text[text.rfind("\n", 0, span.start) + 1 : span.start].strip(" \t>")
    refused: dict[str, None] = {}

    def tag(found: re.Match[str]) -> str:
        name = found["name"].lower()
        is_link = name == "a" and _HREF.search(found[0])
        if is_link or name in _REFUSED or (name in _FOLDED and not alone):
            refused[name] = None
        if name == "details" and alone:
            before = found.string[: found.start()]
            return _CLOSE if before == "" or before.endswith("\n") else f"\n{_CLOSE}"
        return _MARKS.get(name, "")

    if alone:
        raw = _DETAILS.sub(_opened, raw)
    # No Markdown is read between tags.
    return each_tag(raw, tag, lambda between: escape_markdown(unescape(between))), refused


def _opened(details: re.Match[str]) -> str:
    return f"{_OPEN} {' '.join((details['title'] or 'Details').split())}\n\n"


def _words(text: str, found: Scan) -> Iterator[Edit]:
    yield from found.escapes(text, _SPECIAL)
    for name in _NOTE_FILE.finditer(text):
        if found.in_words(name.start()):
            yield Edit(Span(*name.span()), f"`{name[0]}`")


def with_pluses(text: str) -> str:
    """Return a text whose collapsible parts have more pluses around than within."""
    heights: dict[int, int] = {}
    open_: list[int] = []
    for mark in _FOLD.finditer(text):
        at = mark.start()
        if mark[0] == _OPEN:
            heights[at] = 0
            open_.append(at)
        elif open_:
            heights[at] = heights[open_.pop()]
            if open_:
                heights[open_[-1]] = max(heights[open_[-1]], heights[at] + 1)

    def pluses(mark: re.Match[str]) -> str:
        return "+" * (_PLUSES + heights[mark.start()]) if mark.start() in heights else ""

    return _FOLD.sub(pluses, text)


_DIALECT = Dialect(
    "LessWrong",
    highlight=("**", "**"),
    boxes=("☐", "☑"),
    callout=_callout,
    math=_math,
    html=_html,
    words=_words,
)


def markdown(post: Composition) -> str:
    """Return the body of the post; its title has a field of its own there."""
    page = post.context.config.publish.page
    return _body(post, lambda name, data: urljoin(page, name) if page else data_uri(name, data))


def rich_text(post: Composition) -> str:
    """Return the body of the post as a page to be copied from.

    An image of the vault must have an address: the editor takes none that is in the text.
    """
    page = post.context.config.publish.page
    if post.images and not page:
        post.problems.add(
            "LessWrong's default editor takes images only from an address: set `publish.page` in "
            "vaultsync.toml, or leave out the target `lesswrong-rich`",
            "",
            post.paths,
        )
    body = rendered(_body(post, lambda name, _data: urljoin(page, name)))
    return _FRAME.format(title=escape(post.title), body=body)


def _body(post: Composition, address: Callable[[str, bytes], str]) -> str:
    """Return the body of the post, with images at the addresses that `address` returns."""
    text, names = anchors.without_heading_anchors(post.text, lambda n: f"{_MARK}{n}{_MARK}")
    text = anchors.renamed(text, dict.fromkeys(post.places, ""))
    text = with_pluses(translated(text, _DIALECT, post))
    known = {str(number): own for number, own in enumerate(names)}
    lines = enumerate(text.split("\n"))
    # An author may have written such a mark, too.
    marked = {at: known.get(mark[1], ()) for at, line in lines for mark in _NUMBER.finditer(line)}
    text = _NUMBER.sub("", text)
    text = anchors.relinked(text, _destinations(post, text, marked))
    edits = [
        Edit(link.target_span, address(link.target, post.images[link.target]))
        for link in (parse("post.md", f"\n{text}").links if post.images else ())
        if link.kind == "image" and link.target in post.images
    ]
    return without_shared_footnotes(apply_edits(f"\n{text}", edits)[1:])


def _destinations(
    post: Composition, text: str, names: Mapping[int, tuple[str, ...]]
) -> dict[str, str]:
    """Return where links to places lead: to headings, else to the page if it has an address.

    `names` are those of headings, by their lines.
    """
    page, linked = post.context.config.publish.page, anchors.linked_names(text)
    there = {name: f"{page}#{quote(name)}" for name in linked} if page else {}
    if linked.isdisjoint(name for own in names.values() for name in own):
        return there
    for line, anchor in heading_anchors(text).items():
        there.update(dict.fromkeys(names.get(line, ()), f"#{anchor}"))
    return there

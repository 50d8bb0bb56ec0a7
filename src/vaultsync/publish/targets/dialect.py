"""The composed text as a target writes it, and what the targets share for that."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import msgspec
import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from vaultsync.blocks.quote import plain_text
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import parse
from vaultsync.publish.compose.scan import Callout, Math, Scan, scan

_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_BOX = re.compile(r"[-*+.)][ \t]+\[[^\r\n]\][ \t]")
_BOLD = re.compile(r"(?<!\\)(?:\*\*|__)")
# Blocks of code that Obsidian and its plugins draw something of.
_DRAWN = frozenset({"mermaid", "dataview", "dataviewjs", "base", "query", "tasks"})
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
# Elements of which not even the text is to be shown.
_RAW = re.compile(
    r"<(script|style|textarea|title|xmp|noscript|noembed|noframes|template|svg|math|iframe)\b"
    r".*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)


def title_of(callout: Callout) -> str:
    """Return a callout's title as Markdown, that of its kind where it has none."""
    return callout.title or callout.kind.replace("-", " ").capitalize()


def quoted(callout: Callout) -> tuple[str, str]:
    """Return a callout as a quote with a bold title, folded where it was."""
    title, margin, blank = title_of(callout), callout.margin, callout.margin.rstrip()
    if not callout.fold:
        return f"**{title}**\n{blank}", ""
    opened = " open" if callout.fold == "+" else ""
    summary = html.escape(plain_text(title), quote=False)
    head = f"<details{opened}>\n{margin}<summary>{summary}</summary>\n{blank}"
    return head, f"\n{blank}\n{margin}</details>"


def _math(math: Math) -> str:
    return f"$${math.tex}$$" if math.display else f"${math.tex}$"


class Dialect(msgspec.Struct, frozen=True):
    """How a target writes what Markdown alone cannot express.

    `boxes` are those of tasks, open and done. `callout` returns what replaces the first line, and
    what is added behind the last. `html` returns what becomes of the raw HTML in a place, and what
    in it cannot be shown; without it all is cleaned when it is rendered. `words` yields edits of
    running text. `drawn` are the blocks of code that the target draws.
    """

    name: str
    highlight: tuple[str, str] = ("<mark>", "</mark>")
    callout: Callable[[Callout], tuple[str, str]] = quoted
    math: Callable[[Math], str] = _math
    html: Callable[[str, Span], tuple[str, Iterable[str]]] = lambda text, span: (span.of(text), ())
    boxes: tuple[str, str] = ("[ ]", "[x]")
    words: Callable[[str, Scan], Iterable[Edit]] = lambda _text, _scan: ()
    drawn: frozenset[str] = frozenset()


class Refusing(Protocol):
    """What takes notice of what cannot be shown, such as the composition."""

    def refuse(self, message: str, source: str) -> None:
        """Add a problem of the source text."""


def translated(text: str, dialect: Dialect, post: Refusing) -> str:
    """Return a text of the post as the target takes it; what it cannot show is a problem."""

    def refuse(span: Span, verb: str, what: str, advice: str) -> None:
        message = f"{dialect.name} does not {verb} `{what}`: {advice}"
        post.refuse(message, span.of(text).strip().split("\n")[0])

    found = scan(text)
    # What is left out around it must not make a tag of it.
    edits = [*found.escapes(text, _TAG_START), *_tasks(text, dialect.boxes)]
    edits += dialect.words(text, found)
    opening, closing = dialect.highlight
    for first, second in found.highlights(text):
        edits += [Edit(Span(first, first + 2), opening), Edit(Span(second, second + 2), closing)]
        # Bold does not nest.
        inner = _BOLD.finditer(text, first + 2, second) if opening == "**" else ()
        edits += [Edit(Span(*mark.span()), "") for mark in inner]
    edits += [Edit(math.span, dialect.math(math)) for math in found.math]
    # What ends at one place ends from within outwards.
    for callout in reversed(found.callouts):
        head, end = dialect.callout(callout)
        edits += [Edit(callout.head, head), Edit(Span(callout.end, callout.end), end)]
    for span in found.html:
        cleaned, refused = dialect.html(text, span)
        edits.append(Edit(span, cleaned))
        for tag in refused:
            refuse(span, "show", f"<{tag}>", "write it as Markdown")
    for span, language in found.fences:
        kind = (language.split() or [""])[0].strip("{}").lower()
        if kind in _DRAWN - dialect.drawn:
            refuse(span, "draw", kind, "put an image of it, or show it as `text`")
    return apply_edits(text, edits)


def _tasks(text: str, boxes: tuple[str, str]) -> Iterator[Edit]:
    """Yield edits that make every box open or checked; any mark counts as done in Obsidian."""
    tasks = parse("post.md", f"\n{text}").tasks if _BOX.search(text) else ()
    for task in tasks:
        at = text.index("[", task.start - 1)
        yield Edit(Span(at, at + 3), boxes[task.done])


def each_tag(raw: str, tag: Callable[[re.Match[str]], str], text: Callable[[str], str]) -> str:
    """Return raw HTML with every tag replaced, and the text between them."""
    parts, at = [], 0
    raw = _RAW.sub("", raw)
    for found in _TAG.finditer(raw):
        parts += [text(raw[at : found.start()]), tag(found)]
        at = found.end()
    return "".join([*parts, text(raw[at:])])


def gfm_parser() -> MarkdownIt:
    """Return a parser of GitHub's Markdown; the raw HTML in it stays as it is."""
    return MarkdownIt("gfm-like", {"html": True, "linkify": False})


def inline_text(token: Token) -> str:
    """Return the text that is shown of a heading, paragraph or other inline token."""
    return "".join(child.content for child in token.children or () if child.type != "html_inline")


def clean(raw: str, **allowed: Any) -> str:
    """Return HTML without what could run or load something; `allowed` are options of nh3."""
    schemes = {"http", "https", "mailto"}
    return nh3.clean(raw, url_schemes=schemes, link_rel=None, **allowed)

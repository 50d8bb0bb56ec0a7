"""The composed text in the words of one target."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from vaultsync.blocks import plain
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import parse
from vaultsync.publish.problems import Problems
from vaultsync.publish.scan import Callout, Math, Survey, survey

# Blocks of code that Obsidian and its plugins draw something of.
_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_BOX = re.compile(r"[-*+.)][ \t]+\[[^\r\n]\][ \t]")
_BOLD = re.compile(r"(?<!\\)(?:\*\*|__)")
_DRAWN = frozenset({"mermaid", "dataview", "dataviewjs", "base", "query", "tasks"})


class Dialect(msgspec.Struct, frozen=True):
    """How a target says what Markdown alone does not say.

    `boxes` are those of tasks, open and done. `callout` returns what replaces the first line, and
    what is added behind the last. `html` returns what becomes of the raw HTML in a place, and what
    in it cannot be shown. `words` yields edits of running text. `drawn` are the blocks of code that
    the target draws.
    """

    name: str
    highlight: tuple[str, str]
    callout: Callable[[Callout], tuple[str, str]]
    math: Callable[[Math], str]
    html: Callable[[str, Span], tuple[str, tuple[str, ...]]]
    boxes: tuple[str, str] = ("[ ]", "[x]")
    words: Callable[[str, Survey], Iterable[Edit]] = lambda _text, _survey: ()
    drawn: frozenset[str] = frozenset()


def translated(text: str, dialect: Dialect, problems: Problems, paths: Iterable[str]) -> str:
    """Return the composed text as the target takes it; what it cannot show is a problem."""
    found = survey(text)
    named = list(paths)
    # What is left out around it must not make a tag of it.
    edits = [*found.escapes(text, _TAG_START), *_tasks(text, dialect.boxes)]
    edits += dialect.words(text, found)
    for first, second in found.highlights(text):
        opening, closing = dialect.highlight
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
            message = f"{dialect.name} shows no `<{tag}>`: write it as Markdown"
            problems.add(message, span.of(text).strip().split("\n")[0], named)
    for span, language in found.fences:
        kind = (language.split() or [""])[0].strip("{}").lower()
        if kind in _DRAWN - dialect.drawn:
            message = f"{dialect.name} draws no `{kind}`: put an image of it, or show it as `text`"
            problems.add(message, span.of(text).split("\n")[0], named)
    return apply_edits(text, edits)


def stands_alone(text: str, span: Span) -> bool:
    """Whether nothing but marks of quotes stands before a place in its line."""
    return not text[text.rfind("\n", 0, span.start) + 1 : span.start].strip(" \t>")


def _tasks(text: str, boxes: tuple[str, str]) -> Iterator[Edit]:
    """Yield edits that make every box open or checked; any mark counts as done in Obsidian."""
    tasks = parse("post.md", f"\n{text}").tasks if _BOX.search(text) else ()
    for task in tasks:
        at = text.index("[", task.start - 1)
        yield Edit(Span(at, at + 3), boxes[task.done])


def title_of(callout: Callout) -> str:
    """Return a callout's title as Markdown, that of its kind where it has none."""
    return callout.title or callout.kind.replace("-", " ").capitalize()


def quoted(callout: Callout) -> tuple[str, str]:
    """Return a callout as a quote with a bold title, folded where it was."""
    if callout.fold:
        opened = " open" if callout.fold == "+" else ""
        summary = html.escape(plain(title_of(callout)), quote=False)
        margin = callout.margin
        head = f"<details{opened}>\n{margin}<summary>{summary}</summary>\n{margin.rstrip()}"
        return head, f"\n{margin.rstrip()}\n{margin}</details>"
    return f"**{title_of(callout)}**\n{callout.margin.rstrip()}", ""


_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
# Elements of which not even the text is to be shown.
_LABEL = re.compile(r"<svg\b[^>]*?\saria-label=\"(?P<label>[^\"]*)\"", re.IGNORECASE)
_RAW = re.compile(
    r"<(script|style|textarea|title|xmp|noscript|noembed|noframes|template|svg|math|iframe)\b"
    r".*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)


def _label(element: re.Match[str]) -> str:
    found = _LABEL.match(element[0])
    return found["label"] if found else ""


def _shown(text: str) -> str:
    return text.replace("<", "&lt;")


def each_tag(
    raw: str, tag: Callable[[re.Match[str]], str], text: Callable[[str], str] = _shown
) -> str:
    """Return raw HTML with every tag replaced, and what stands between them.

    A drawing becomes what its label says of it.
    """
    parts, at = [], 0
    raw = _RAW.sub(_label, raw)
    for found in _TAG.finditer(raw):
        parts += [text(raw[at : found.start()]), tag(found)]
        at = found.end()
    return "".join([*parts, text(raw[at:])])

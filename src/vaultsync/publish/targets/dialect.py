"""What a target renders, and the composed text as that target writes it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from vaultsync.blocks.quote import plain_text
from vaultsync.core.config import PublishSettings
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import parse
from vaultsync.publish.compose import Composition
from vaultsync.publish.compose.context import Problems
from vaultsync.publish.compose.scan import Callout, Math, Scan, scan

# Blocks of code that Obsidian and its plugins draw something of.
_TAG_START = re.compile(r"<(?=[A-Za-z/!?])")
_BOX = re.compile(r"[-*+.)][ \t]+\[[^\r\n]\][ \t]")
_BOLD = re.compile(r"(?<!\\)(?:\*\*|__)")
_DRAWN = frozenset({"mermaid", "dataview", "dataviewjs", "base", "query", "tasks"})
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
# Elements of which not even the text is to be shown.
_RAW = re.compile(
    r"<(script|style|textarea|title|xmp|noscript|noembed|noframes|template|svg|math|iframe)\b"
    r".*?(?:</\1\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)


class RenderJob(msgspec.Struct, frozen=True):
    """A composition to be made into a file, and the settings."""

    composition: Composition
    settings: PublishSettings

    @property
    def problems(self) -> Problems:
        """The problems, to which a target adds what it cannot show."""
        return self.composition.problems

    def translated(self, text: str, dialect: Dialect) -> str:
        """Return a text of the composition as a target writes it."""
        return translated(text, dialect, self.problems, self.composition.paths)

    def with_images(self, text: str, address: Callable[[str, bytes], str]) -> str:
        """Return a text whose images of the vault have the addresses that a target gives them."""
        images = self.composition.images
        if not images:
            return text
        document = parse("post.md", f"\n{text}")
        edits = [
            Edit(link.target_span, address(link.target, images[link.target]))
            for link in document.links
            if link.kind == "image" and link.target in images
        ]
        return apply_edits(document.text, edits)[1:]


class Dialect(msgspec.Struct, frozen=True):
    """How a target writes what Markdown alone cannot express.

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
    words: Callable[[str, Scan], Iterable[Edit]] = lambda _text, _scan: ()
    drawn: frozenset[str] = frozenset()


def translated(text: str, dialect: Dialect, problems: Problems, paths: Iterable[str]) -> str:
    """Return the composed text as the target takes it; what it cannot show is a problem."""
    found = scan(text)
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
            message = f"{dialect.name} does not show `<{tag}>`: write it as Markdown"
            problems.add(message, span.of(text).strip().split("\n")[0], named)
    for span, language in found.fences:
        kind = (language.split() or [""])[0].strip("{}").lower()
        if kind in _DRAWN - dialect.drawn:
            message = (
                f"{dialect.name} does not draw `{kind}`: put an image of it, or show it as `text`"
            )
            problems.add(message, span.of(text).split("\n")[0], named)
    return apply_edits(text, edits)


def stands_alone(text: str, span: Span) -> bool:
    """Whether nothing but marks of quotes precedes a place in its line."""
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
        summary = html.escape(plain_text(title_of(callout)), quote=False)
        margin = callout.margin
        head = f"<details{opened}>\n{margin}<summary>{summary}</summary>\n{margin.rstrip()}"
        return head, f"\n{margin.rstrip()}\n{margin}</details>"
    return f"**{title_of(callout)}**\n{callout.margin.rstrip()}", ""


def _shown(text: str) -> str:
    return text.replace("<", "&lt;")


def each_tag(
    raw: str, tag: Callable[[re.Match[str]], str], text: Callable[[str], str] = _shown
) -> str:
    """Return raw HTML with every tag replaced, and the text between them."""
    parts, at = [], 0
    raw = _RAW.sub("", raw)
    for found in _TAG.finditer(raw):
        parts += [text(raw[at : found.start()]), tag(found)]
        at = found.end()
    return "".join([*parts, text(raw[at:])])

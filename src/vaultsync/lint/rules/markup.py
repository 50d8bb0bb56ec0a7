"""MRK: markup in the body of a note."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.blocks import block_problems
from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, rule
from vaultsync.markdown.unclosed import Unclosed, unclosed


@rule(
    "MRK001",
    "broken-block-marker",
    Example(
        "<!-- vaultsync:stat -->\n\n<!-- /vaultsync -->\n",
        "<!-- vaultsync:stats -->\n\n<!-- /vaultsync -->\n",
        path="note.md",
    ),
    reach="blocks",
    clue=lambda document: document.directives,
)
def broken_block_marker(document: Document, context: Context) -> Iterator[Finding]:
    """A generated block is not closed, of no known kind, or asks for what does not exist.

    A block opens with `<!-- vaultsync:KIND name="value" -->` and closes with
    `<!-- /vaultsync -->`, each on a line of its own with a blank line inside.
    """
    for problem in block_problems(document, context.blocks):
        first = problem.span.of(document.text).split("\n", 1)[0].rstrip()
        span = Span(problem.span.start, problem.span.start + len(first))
        yield Finding(span, problem.message)


def _unclosed(document: Document, kind: Unclosed, message: str) -> Iterator[Finding]:
    if document.kind == "note":
        for span in unclosed(document.text, document.body, kind):
            yield Finding(span, message)


@rule(
    "MRK002",
    "unclosed-comment",
    Example("%% to do\n\nText.\n", "%% to do %%\n\nText.\n", path="note.md"),
    severity="warning",
    default=False,
)
def unclosed_comment(document: Document, _context: Context) -> Iterator[Finding]:
    """A comment opens with `%%` at the start of a line and is never closed.

    Obsidian then hides the rest of the note. Write `%%` behind the comment too. Within a line `%%`
    hides nothing unless another follows in that line.
    """
    return _unclosed(document, "comment", "this comment is never closed: it hides all that follows")


@rule(
    "MRK003",
    "unclosed-fence",
    Example("```\ncode\n\nText.\n", "```\ncode\n```\n\nText.\n", path="note.md"),
    severity="warning",
    default=False,
)
def unclosed_fence(document: Document, _context: Context) -> Iterator[Finding]:
    """A block of code is never closed, so all that follows is code: no links, tags or headings.

    It closes with a line of as many backticks or tildes as it opens with, or more, and nothing
    else.
    """
    return _unclosed(document, "fence", "this block of code is never closed")


@rule(
    "MRK004",
    "unclosed-math",
    Example("$$\nx\n\nText.\n", "$$\nx\n$$\n\nText.\n", path="note.md"),
    severity="warning",
    default=False,
)
def unclosed_math(document: Document, _context: Context) -> Iterator[Finding]:
    """Mathematics opens with `$$` at the start of a line and is never closed.

    Obsidian then takes the rest of the note for mathematics. Write `$$` behind it too.
    """
    return _unclosed(document, "math", "this `$$` is never closed")


RULES = (broken_block_marker, unclosed_comment, unclosed_fence, unclosed_math)

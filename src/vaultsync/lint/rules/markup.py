"""MRK: markup in the body of a note."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.blocks import block_problems
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, rule
from vaultsync.model import Document
from vaultsync.text import Span


@rule(
    "MRK001",
    "broken-block-marker",
    Example(
        "<!-- vaultsync:stat -->\n\n<!-- /vaultsync -->\n",
        "<!-- vaultsync:stats -->\n\n<!-- /vaultsync -->\n",
        path="note.md",
    ),
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


RULES = (broken_block_marker,)

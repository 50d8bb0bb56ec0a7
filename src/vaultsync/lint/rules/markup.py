"""MRK: markup in the body of a note, and comments that suppress findings."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.blocks import block_problems
from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span
from vaultsync.lint.context import Context
from vaultsync.lint.diagnostic import Finding
from vaultsync.lint.rule import Example, one, rule
from vaultsync.markdown.unclosed_markup import MarkupKind, unclosed_markup


@rule(
    "MRK001",
    "broken-block-marker",
    Example(
        "<!-- vaultsync:stat -->\n\n<!-- /vaultsync -->\n",
        "<!-- vaultsync:stats -->\n\n<!-- /vaultsync -->\n",
        path="note.md",
    ),
    reach="blocks",
)
def broken_block_marker(document: Document, context: Context) -> Iterator[Finding]:
    """A generated block is not closed, of an unknown kind, or requires what does not exist.

    A block opens with `<!-- vaultsync:KIND name="value" -->` and closes with
    `<!-- /vaultsync -->`, each on a line of its own with an empty line inside.
    """
    for problem in block_problems(document, context.blocks):
        first = problem.span.of(document.text).split("\n", 1)[0].rstrip()
        span = Span(problem.span.start, problem.span.start + len(first))
        yield Finding(span, problem.message)


_NOTE = "%% vaultsync-disable-file {0} %%\n\nSee [[nowhere]].\n"
_GOOD = _NOTE.format("LNK001: not written yet")


def _unclosed(document: Document, kind: MarkupKind, message: str) -> Iterator[Finding]:
    if document.kind == "note":
        for span in unclosed_markup(document.text, document.body, kind):
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

    Obsidian then hides the rest of the note. Write `%%` after the comment too. Within a line `%%`
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

    It closes with a line of at least as many backticks or tildes as it opens with, and nothing
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

    Obsidian then treats the rest of the note as mathematics. Write `$$` after it too.
    """
    return _unclosed(document, "math", "this `$$` is never closed")


@rule(
    "MRK005",
    "unused-suppression",
    Example(
        "%% vaultsync-disable-file LNK001: not written yet %%\n\nText.\n",
        "\nText.\n",
        fixed=True,
        path="note.md",
    ),
    Example(_NOTE.format("LNK001, LNK002: not written yet"), _GOOD, fixed=True, path="note.md"),
    severity="warning",
    last=True,
)
def unused_suppression(document: Document, context: Context) -> Iterator[Finding]:
    """A comment suppresses a rule that finds nothing there, or ends what is not suppressed.

    It would hide a later mistake. The fix removes the name of the rule from the comment, or the
    comment if it names no other rule. Rules that did not run are not considered.
    """
    for unused in context.review.unused:
        message = f"`{unused.word}` is found nowhere that this comment reaches"
        if unused.kind == "enable":
            message = f"`{unused.word}` is not suppressed here"
        fix = one(document.path, f"remove `{unused.word}`", (Edit(unused.spare, ""),))
        yield Finding(unused.span, message, fix)


@rule(
    "MRK006",
    "invalid-suppression",
    Example(
        "Text. %% vaultsync-disable-lines LNK001: not written yet %%\n", "Text.\n", path="note.md"
    ),
    Example("%% vaultsync-disable-file : why %%\n", "Text.\n", path="note.md"),
    severity="warning",
    last=True,
)
def invalid_suppression(document: Document, context: Context) -> Iterator[Finding]:
    """A comment begins like a suppression, but suppresses nothing.

    It names no rule or one that does not exist, has an unknown kind, or does not close in its line.
    The form is `%% vaultsync-disable LNK001: reason %%`, or with `-enable`, `-disable-line`,
    `-disable-next-line` or `-disable-file` instead of `-disable`. It may be an HTML comment.
    Several rules are separated by commas.
    """
    del document
    for flaw in context.review.flaws:
        yield Finding(flaw.span, flaw.message)


@rule(
    "MRK007",
    "unexplained-suppression",
    Example(_NOTE.format("LNK001"), _GOOD, path="note.md"),
    severity="hint",
    last=True,
)
def unexplained_suppression(document: Document, context: Context) -> Iterator[Finding]:
    """A suppression gives no reason, so a reader cannot know whether it is still needed.

    Write it after a colon: `%% vaultsync-disable-line LNK001: not written yet %%`.
    """
    del document
    for unexplained in context.review.unexplained:
        yield Finding(
            unexplained.comment, "this suppression gives no reason: write it behind a colon"
        )


RULES = (
    broken_block_marker,
    unclosed_comment,
    unclosed_fence,
    unclosed_math,
    unused_suppression,
    invalid_suppression,
    unexplained_suppression,
)

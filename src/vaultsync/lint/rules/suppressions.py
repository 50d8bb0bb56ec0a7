"""MRK: comments that suppress findings."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.core.model import Document
from vaultsync.core.text import Edit
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, one, rule

_NOTE = "%% vaultsync-disable-file {0} %%\n\nSee [[nowhere]].\n"
_GOOD = _NOTE.format("LNK001: not written yet")


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
    """A comment suppresses a rule that finds nothing there, or ends what was not suppressed.

    It would hide a later mistake. The fix takes the name of the rule out of the comment, and the
    comment away where it named no other. A rule that did not run in this run is not judged.
    """
    for said in context.review.unused:
        message = f"`{said.word}` is found nowhere that this comment reaches"
        if said.kind == "enable":
            message = f"`{said.word}` is not suppressed here"
        fix = one(document.path, f"remove `{said.word}`", (Edit(said.spare, ""),))
        yield Finding(said.span, message, fix)


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

    It names no rule or one that does not exist, says what is no kind of suppression, or does not
    close in its line. It reads `%% vaultsync-disable LNK001: reason %%`, with `-enable`,
    `-disable-line`, `-disable-next-line` or `-disable-file` instead of `-disable`, and may be an
    HTML comment. Several rules stand with commas between them.
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
    """A suppression gives no reason, so nobody can tell whether it is still needed.

    Write it behind a colon: `%% vaultsync-disable-line LNK001: not written yet %%`.
    """
    del document
    for said in context.review.unexplained:
        yield Finding(said.comment, "this suppression gives no reason: write it behind a colon")


RULES = (unused_suppression, invalid_suppression, unexplained_suppression)

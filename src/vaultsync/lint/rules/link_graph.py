"""LNK: which notes are linked at all."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.core.model import Document
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, rule
from vaultsync.lint.rules.properties import top


@rule(
    "LNK015",
    "orphan",
    Example("Text.\n", "Like [[other]].\n", path="note.md", others={"other.md": "# Other\n"}),
    severity="warning",
    default=False,
    reach="graph",
)
def orphan(document: Document, context: Context) -> Iterator[Finding]:
    """No link leads from a note to another or from another to it.

    Links in properties and canvases count. Links in generated blocks do not, nor do broken links
    and those to pictures and other attachments.
    """
    if document.kind == "note" and document.path not in context.network.connected:
        yield Finding(top(document), "no link leads to this note or from it to another")


@rule(
    "LNK016",
    "self-link",
    Example("See [[note]].\n", "See [[#Here]].\n\n## Here\n", path="note.md"),
    severity="warning",
    default=False,
    reach="links",
)
def self_link(document: Document, context: Context) -> Iterator[Finding]:
    """A note links to itself, and not to one of its headings or blocks."""
    for link, (path, *_) in context.network.resolved(document):
        if path == document.path and not link.subpath:
            yield Finding(link.span, "this link leads to the note in which it stands")


RULES = (orphan, self_link)

"""LNK: links within the vault."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.links import has_subpath, internal
from vaultsync.lint.context import Context
from vaultsync.lint.rule import Example, Finding, rule
from vaultsync.model import Document, Link
from vaultsync.notes import stem

_OTHER = {"other.md": "# A heading\n\nText. ^id\n"}


def _shown(link: Link) -> str:
    return link.target or link.subpath


def _broken(document: Document, context: Context, *, embeds: bool) -> Iterator[Link]:
    for link in internal(document):
        wanted = (link.kind in {"embed", "image"}) is embeds
        # `[[{{title}}]]` in a template is no link yet.
        blank = "{{" in link.target
        if wanted and not blank and not context.index.resolve(link.target, document.path):
            yield link


@rule(
    "LNK001",
    "broken-link",
    Example("[[ohter]]\n", "[[other]]\n", path="note.md", others=_OTHER),
)
def broken_link(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to no file of the vault.

    What a link means is decided as Obsidian does: by file name, in any folder and letter case.
    Aliases and titles are no targets; write `[[file|alias]]`.
    """
    for link in _broken(document, context, embeds=False):
        yield Finding(
            link.span, f"there is no `{link.target}` in the vault", meant=stem(link.target)
        )


@rule(
    "LNK002",
    "broken-embed",
    Example("![[image.png]]\n", "![[picture.png]]\n", path="note.md", others={"picture.png": ""}),
)
def broken_embed(document: Document, context: Context) -> Iterator[Finding]:
    """An embed or image leads to no file of the vault. Attachments need their extension."""
    for link in _broken(document, context, embeds=True):
        name = link.target.rpartition("/")[2]
        yield Finding(link.span, f"there is no `{link.target}` in the vault", meant=name)


def _dead_subpaths(
    document: Document, context: Context, *, blocks: bool
) -> Iterator[tuple[Link, str]]:
    for link in internal(document):
        if not link.subpath or link.subpath.startswith("#^") is not blocks:
            continue
        found = context.index.resolve(link.target, document.path)
        target = context.vault.documents.get(found[0]) if found else None
        if target and not target.error and not has_subpath(target, link.subpath):
            yield link, found[0]


@rule(
    "LNK003",
    "broken-heading",
    Example("[[other#Heading]]\n", "[[other#A heading]]\n", path="note.md", others=_OTHER),
    severity="warning",
)
def broken_heading(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to a heading or footnote that the note does not have.

    Obsidian opens the note at its top. Headings are compared without punctuation and letter case,
    but `-`, `_` and `'` count: `#my-heading` is not "My heading".
    """
    for link, path in _dead_subpaths(document, context, blocks=False):
        yield Finding(link.span, f"there is no heading `{link.subpath.lstrip('#')}` in {path}")


@rule(
    "LNK004",
    "broken-block",
    Example("[[other#^di]]\n", "[[other#^id]]\n", path="note.md", others=_OTHER),
    severity="warning",
)
def broken_block(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to a block id that the note does not have."""
    for link, path in _dead_subpaths(document, context, blocks=True):
        yield Finding(link.span, f"there is no block `{link.subpath[1:]}` in {path}")


@rule(
    "LNK005",
    "ambiguous-link",
    Example(
        "[[twin]]\n",
        "[[aa/twin]]\n",
        path="note.md",
        others={"aa/twin.md": "", "bb/twin.md": ""},
    ),
    severity="warning",
)
def ambiguous_link(document: Document, context: Context) -> Iterator[Finding]:
    """Several files fit a link equally well.

    Which one Obsidian opens then depends on the order of the files on the disk. Write the path.
    """
    for link in internal(document):
        found = context.index.resolve(link.target, document.path)
        if len(found) > 1:
            message = f"`{_shown(link)}` may be any of {', '.join(found)}: write the path"
            yield Finding(link.span, message)


RULES = (broken_link, broken_embed, broken_heading, broken_block, ambiguous_link)

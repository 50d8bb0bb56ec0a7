"""LNK: where a link leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from vaultsync.core.model import Document, Link
from vaultsync.lint.context import Context
from vaultsync.lint.link_edits import is_wiki, retarget_and_show
from vaultsync.lint.rule import Example, Finding, one, rule
from vaultsync.notes.link_index import is_attachment, key, linktext

_OTHER = {"other.md": "# A heading\n\nText. ^id\n"}
_ALIASED = {"Tree.md": "---\naliases: [Woody plant]\n---\n\nText.\n"}

Broken = Literal["attachment", "alias", "embed", "link"]


def _broken(document: Document, context: Context, wanted: Broken) -> Iterator[Link]:
    """Yield the broken links of one kind; each is of one kind alone."""
    for link in context.network.of(document).broken:
        if _kind(document, context, link) == wanted:
            yield link


def _kind(document: Document, context: Context, link: Link) -> Broken:
    if is_attachment(link.target):
        return "attachment"
    if is_wiki(document, link) and key(link.target) in context.network.aliases:
        return "alias"
    return "embed" if link.kind in {"embed", "image"} else "link"


def _missing(link: Link) -> Finding:
    return Finding(link.span, f"there is no `{link.target}` in the vault", meant=link.target)


@rule(
    "LNK001",
    "broken-link",
    Example("[[ohter]]\n", "[[other]]\n", path="note.md", others=_OTHER),
    reach="links",
    links="broken",
)
def broken_link(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to no file of the vault.

    What a link means is decided as Obsidian does: by file name, in any folder and letter case.
    Aliases and titles are no targets; write `[[file|alias]]`.
    """
    for link in _broken(document, context, "link"):
        yield _missing(link)


@rule(
    "LNK002",
    "broken-embed",
    Example("![[ohter]]\n", "![[other]]\n", path="note.md", others=_OTHER),
    reach="links",
    links="broken",
)
def broken_embed(document: Document, context: Context) -> Iterator[Finding]:
    """An embed or image leads to no file of the vault."""
    for link in _broken(document, context, "embed"):
        yield _missing(link)


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
    reach="links",
    links="ambiguous",
)
def ambiguous_link(document: Document, context: Context) -> Iterator[Finding]:
    """Several files fit a link equally well.

    Which one Obsidian opens then depends on the order of the files on the disk. Write the path.
    """
    for link, found in context.network.of(document).ambiguous:
        message = f"`{link.target}` may be any of {', '.join(found)}: write the path"
        yield Finding(link.span, message)


@rule(
    "LNK007",
    "alias-as-target",
    Example(
        "A [[woody plant]].\n",
        "A [[Tree|woody plant]].\n",
        fixed=True,
        path="note.md",
        others=_ALIASED,
    ),
    reach="links",
    links="broken",
)
def alias_as_target(document: Document, context: Context) -> Iterator[Finding]:
    """A wikilink names a note by its alias or title, which Obsidian does not look up.

    Obsidian offers aliases while one types and then writes `[[file|alias]]`; a bare `[[alias]]`
    leads nowhere. The fix writes the file's name and keeps what the link shows.
    """
    for link in _broken(document, context, "alias"):
        paths = context.network.aliases[key(link.target)]
        if len(paths) > 1:
            message = f"`{link.target}` is an alias of {' and '.join(paths)}: link to one of them"
            yield Finding(link.span, message)
            continue
        target = linktext(paths[0], context.index)
        edits = retarget_and_show(document, link, target, context.network)
        message = f"`{link.target}` is an alias of {paths[0]}"
        if edits:
            message += f": write `[[{target}|{link.target}]]`"
        yield Finding(link.span, message, one(document.path, f"link to `{target}`", edits))


@rule(
    "LNK013",
    "untracked-target",
    Example(
        "[[private]]\n",
        "Text.\n",
        path="note.md",
        others={"private.md": "Text.\n", ".gitignore": "private.md\n"},
    ),
    severity="warning",
    git=True,
    reach="links",
)
def untracked_target(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to a file that git does not track.

    It works here and is broken in every clone: the file is ignored, or was never added. Links in a
    note that git does not track either are left alone. Only in a vault in a git repository.
    """
    if not context.untracked or document.path in context.untracked:
        return
    for link, (path, *_) in context.network.resolved(document):
        if path in context.untracked:
            message = f"git does not track {path}, so this link is broken in a clone: `git add` it"
            yield Finding(link.span, message)


@rule(
    "LNK014",
    "missing-attachment",
    Example("![[image.png]]\n", "![[picture.png]]\n", path="note.md", others={"picture.png": ""}),
    reach="links",
    links="broken",
)
def missing_attachment(document: Document, context: Context) -> Iterator[Finding]:
    """A link or embed leads to an image, sound, video or PDF that is not in the vault."""
    for link in _broken(document, context, "attachment"):
        yield _missing(link)


RULES = (
    broken_link,
    broken_embed,
    ambiguous_link,
    alias_as_target,
    untracked_target,
    missing_attachment,
)

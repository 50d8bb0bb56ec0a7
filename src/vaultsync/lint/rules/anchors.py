"""LNK: headings and blocks that a link leads to."""

from __future__ import annotations

from collections.abc import Iterator

from vaultsync.core.model import Document, Heading, Link
from vaultsync.core.text import Edit, Span
from vaultsync.lint.context import Context
from vaultsync.lint.link_edits import spelled
from vaultsync.lint.link_graph import SLUG
from vaultsync.lint.rule import Example, Finding, one, rule
from vaultsync.markdown.linktext import decode_uri
from vaultsync.notes.link_index import find_heading, heading_subpath

_OTHER = {"other.md": "# A heading\n\nText. ^id\n"}


@rule(
    "LNK003",
    "broken-heading",
    Example("[[other#Heading]]\n", "[[other#A heading]]\n", path="note.md", others=_OTHER),
    severity="warning",
    reach="links",
    links="headless",
)
def broken_heading(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to a heading or footnote that the note does not have.

    Obsidian opens the note at its top. Headings are compared without punctuation and letter case,
    but `-`, `_` and `'` count.
    """
    for link, target in context.network.of(document).headless:
        message = f"there is no heading `{link.subpath.lstrip('#')}` in {target.path}"
        yield Finding(link.span, message, meant=link.subpath, within=target.path)


@rule(
    "LNK004",
    "broken-block",
    Example("[[other#^di]]\n", "[[other#^id]]\n", path="note.md", others=_OTHER),
    severity="warning",
    reach="links",
    links="blockless",
)
def broken_block(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to a block id that the note does not have."""
    for link, target in context.network.of(document).blockless:
        message = f"there is no block `{link.subpath[1:]}` in {target.path}"
        yield Finding(link.span, message, meant=link.subpath, within=target.path)


@rule(
    "LNK008",
    "slug-anchor",
    Example(
        "[the heading](other.md#a-heading)\n",
        "[the heading](other.md#A%20heading)\n",
        fixed=True,
        path="note.md",
        others=_OTHER,
    ),
    Example(
        "[[#whats-next]]\n\n## What's next?\n",
        "[[#What's next?]]\n\n## What's next?\n",
        fixed=True,
        path="note.md",
    ),
    severity="warning",
    reach="links",
    links="slugs",
)
def slug_anchor(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to a heading by the anchor that it has on GitHub.

    Obsidian knows no such anchors: `#my-heading` is not the heading "My heading". The fix writes
    the heading itself.
    """
    for link, target, heading in context.network.of(document).slugs:
        subpath = _subpath(target, heading)
        message = f"`{link.subpath}` is no heading of {target.path} in Obsidian"
        if subpath is None:
            yield Finding(link.span, f"{message}, and no link can name that heading")
            continue
        fix = one(document.path, f"link to `{subpath}`", _renamed(document, link, subpath))
        yield Finding(link.span, f"{message}: write `{subpath}`", fix)


def _subpath(document: Document, heading: Heading) -> str | None:
    """Return a subpath that leads to a heading: of several with one text, by a heading above it."""
    own = heading_subpath(heading.text)
    tried = [own]
    level = heading.level
    for other in reversed([h for h in document.headings if h.start < heading.start]):
        if other.level < level:
            tried.append(f"{heading_subpath(other.text)}{own}")
            level = other.level
    return next((way for way in tried if find_heading(document.headings, way) == heading), None)


def _renamed(document: Document, link: Link, subpath: str) -> tuple[Edit, ...]:
    written = spelled(document, link, subpath)
    place = SLUG.search(document.text, link.target_end, link.end)
    if written is None or place is None or decode_uri(place.group()) != link.subpath:
        return ()
    return (Edit(Span(*place.span()), written),)


RULES = (broken_heading, broken_block, slug_anchor)

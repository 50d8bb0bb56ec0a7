"""LNK: what a link leads to: a file, a heading, a block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from vaultsync.core.model import Document, Link
from vaultsync.core.text import Edit, Span
from vaultsync.lint.context import Context
from vaultsync.lint.link_graph import SLUG
from vaultsync.lint.retarget import is_wiki, retarget_and_show, spelled
from vaultsync.lint.rule import Finding, Wanted, one, rule, whole_files
from vaultsync.lint.rules.properties import top
from vaultsync.lint.suggestions import nearest_place
from vaultsync.markdown import kind_of
from vaultsync.markdown.links import decode_uri
from vaultsync.notes.link_index import is_attachment, linktext, name_key, subpath_to

_Broken = Literal["attachment", "alias", "embed", "name", "link"]


def _broken(document: Document, context: Context, wanted: _Broken) -> Iterator[Link]:
    """Yield the broken links of one kind; each is of one kind alone."""
    for link in context.link_graph.of(document).broken:
        is_known = not context.is_unknown(document.path, link.target)
        if is_known and _kind(document, context, link) == wanted:
            yield link


def _kind(document: Document, context: Context, link: Link) -> _Broken:
    if is_attachment(link.target):
        return "attachment"
    if is_wiki(document, link) and name_key(link.target) in context.link_graph.aliases:
        return "alias"
    if link.kind in {"embed", "image"}:
        return "embed"
    is_name = is_wiki(document, link) and "/" not in link.target and not kind_of(link.target)
    return "name" if is_name else "link"


def _missing(
    document: Document, context: Context, wanted: _Broken, *, certain: bool | None = None
) -> Iterator[Finding]:
    for link in _broken(document, context, wanted):
        message = f"there is no `{link.target}` in the vault"
        yield Finding(link.span, message, wanted=Wanted(link.target, certain=certain))


@rule("LNK001", "broken-link", reach="links", links="broken")
def broken_link(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to no file of the vault.

    Links are resolved as in Obsidian: by file name, in any folder and letter case. Aliases and
    titles are not targets; write `[[file|alias]]`.

    A bare name, `[[Name]]`, is reported here if it is nearly that of a file, or if the change that
    is checked (`--staged`, `--since`) removed its file; else it may be a note that nobody wrote
    yet, which is LNK017.
    """
    yield from _missing(document, context, "link")
    yield from _missing(document, context, "name", certain=True)


@rule("LNK002", "broken-embed", reach="links", links="broken")
def broken_embed(document: Document, context: Context) -> Iterator[Finding]:
    """An embed or image leads to no file of the vault."""
    return _missing(document, context, "embed")


@rule("LNK003", "broken-heading", severity="warning", reach="links", links="headless")
def broken_heading(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to a heading or footnote that the note does not have, or to no view of a base.

    Obsidian opens the note at its top. Headings are compared without punctuation and letter case,
    except that `-`, `_` and `'` count.
    """
    return _misplaced("heading", context.link_graph.of(document).headless)


def _misplaced(what: str, links: Iterable[tuple[Link, Document]]) -> Iterator[Finding]:
    for link, target in links:
        part = "view" if target.kind == "base" else what
        message = f"there is no {part} `{link.subpath.lstrip('#')}` in {target.path}"
        yield Finding(link.span, message, suggestion=nearest_place(target, link.subpath))


@rule("LNK004", "broken-block", severity="warning", reach="links", links="blockless")
def broken_block(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to a block id that the note does not have."""
    return _misplaced("block", context.link_graph.of(document).blockless)


@rule("LNK005", "ambiguous-link", severity="warning", reach="links", links="ambiguous")
def ambiguous_link(document: Document, context: Context) -> Iterator[Finding]:
    """Several files fit a link equally well.

    Which one Obsidian opens then depends on the order of the files on the disk. Write the path.
    """
    for link, found in context.link_graph.of(document).ambiguous:
        message = f"`{link.target}` may be any of {', '.join(found)}: write the path"
        yield Finding(link.span, message, related=whole_files(found, "it may be this file"))


@rule("LNK007", "alias-as-target", reach="links", links="broken")
def alias_as_target(document: Document, context: Context) -> Iterator[Finding]:
    """A wikilink names a note by its alias or title, which Obsidian does not look up.

    Obsidian suggests aliases while you type and then writes `[[file|alias]]`; a bare `[[alias]]`
    leads nowhere. The fix writes the file's name and keeps what the link shows.
    """
    for link in _broken(document, context, "alias"):
        paths = context.link_graph.aliases[name_key(link.target)]
        if len(paths) > 1:
            message = f"`{link.target}` is an alias of {' and '.join(paths)}: link to one of them"
            related = whole_files(paths, "this note has the alias or title")
            yield Finding(link.span, message, related=related)
            continue
        target = linktext(paths[0], context.index)
        edits = retarget_and_show(document, link, target, context.link_graph)
        message = f"`{link.target}` is an alias of {paths[0]}"
        if edits:
            message += f": write `[[{target}|{link.target}]]`"
        yield Finding(link.span, message, one(document.path, f"link to `{target}`", edits))


@rule("LNK008", "slug-anchor", severity="warning", reach="links", links="slugs")
def slug_anchor(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to a heading by the anchor that it has on GitHub.

    Obsidian does not have such anchors: `#my-heading` is not the heading "My heading". The fix
    writes the heading itself, which GitHub does not have: it is unsafe.

    In README files, and in a folder that is not a vault of Obsidian (it has no `.obsidian`), such
    an anchor is right, and so is the name of an HTML element: `<a name="it">` or `id="it"`.
    """
    for link, target, heading in context.link_graph.of(document).slugs:
        subpath = subpath_to(target, target.headings.index(heading))
        message = f"`{link.subpath}` is not a heading of {target.path} in Obsidian"
        if subpath is None:
            yield Finding(link.span, f"{message}, and no link can name that heading")
            continue
        edits = _renamed(document, link, subpath)
        fix = one(document.path, f"link to `{subpath}`", edits, safe=False)
        yield Finding(link.span, f"{message}: write `{subpath}`", fix)


def _renamed(document: Document, link: Link, subpath: str) -> tuple[Edit, ...]:
    written = spelled(document, link, subpath)
    place = SLUG.search(document.text, link.target_end, link.end)
    if written is None or place is None or decode_uri(place.group()) != link.subpath:
        return ()
    return (Edit(Span(*place.span()), written),)


@rule("LNK013", "untracked-target", severity="warning", git=True, reach="links")
def untracked_target(document: Document, context: Context) -> Iterator[Finding]:
    """A link leads to a file that git does not track.

    It works here and is broken in every clone: the file is ignored, or was never added. Links in a
    note that git does not track either are not reported. Only in a vault in a git repository.
    """
    if not context.untracked or document.path in context.untracked:
        return
    for link, (path, *_) in context.link_graph.resolved(document):
        if path in context.untracked:
            message = f"git does not track {path}, so this link is broken in a clone: `git add` it"
            yield Finding(link.span, message)


@rule("LNK014", "missing-attachment", reach="links", links="broken")
def missing_attachment(document: Document, context: Context) -> Iterator[Finding]:
    """A link or embed leads to an image, sound, video or PDF that is not in the vault."""
    return _missing(document, context, "attachment")


@rule("LNK015", "orphan", severity="warning", default=False, reach="graph")
def orphan(document: Document, context: Context) -> Iterator[Finding]:
    """No link leads from a note to another or from another to it.

    Links in properties and canvases count. Links in generated blocks do not, nor do broken links
    and those to pictures and other attachments.
    """
    if document.kind == "note" and document.path not in context.link_graph.connected:
        yield Finding(top(document), "no link leads to this note or from it to another")


@rule("LNK016", "self-link", severity="warning", default=False, reach="links")
def self_link(document: Document, context: Context) -> Iterator[Finding]:
    """A note links to itself, and not to one of its headings or blocks."""
    for link, (path, *_) in context.link_graph.resolved(document):
        if path == document.path and not link.subpath:
            yield Finding(link.span, "this link leads to its own note")


@rule("LNK017", "unwritten-note", severity="hint", reach="links", links="broken", formerly="LNK001")
def unwritten_note(document: Document, context: Context) -> Iterator[Finding]:
    """A wikilink is the bare name of a note that nobody wrote yet.

    Many people link to notes before they write them. In text, all links to one name are one line.
    For a vault that wants no such links, set the severity to `error`. What is certainly wrong is an
    error, LNK001: a name that is nearly another's, a path, an extension, a Markdown link.

    Until this release such a link was LNK001. In this release, what suppresses LNK001, sets its
    severity or is in a baseline as LNK001 still covers it.
    """
    return _missing(document, context, "name", certain=False)

"""A part of one note shown in another: its links keep their destination."""

from __future__ import annotations

import re
from collections.abc import Callable

from vaultsync.blocks.authored import code_spans, without_comments
from vaultsync.core.model import Link
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import parse
from vaultsync.notes.link_index import Index, is_attachment, wikilink

_FOOTNOTE = re.compile(r"\[\^(?P<label>[^\]\s]+)\](?!:)")


def _no_footnote(_source: str, _label: str) -> str:
    return ""


def quote(
    text: str,
    source: str,
    index: Index,
    footnote: Callable[[str, str], str] = _no_footnote,
    *,
    pictures: bool = False,
) -> str:
    """Return a piece of the note at `source` as it can stand in any note.

    Comments are left out, embeds become links, those of files that are no notes only without
    `pictures`. Wikilinks are written so that they lead to the same file from everywhere. A footnote
    mark becomes what `footnote` makes of `source` and its label.
    """
    bare = without_comments(text).strip()
    if "[" not in bare:
        return bare
    bare = _with_footnotes(bare, lambda label: footnote(source, label)).strip()
    links = parse("quote.md", bare).links
    edits = [rewritten(link, source, index, pictures=pictures) for link in links]
    return apply_edits(bare, [edit for edit in edits if edit])


def plain(text: str) -> str:
    """Return a piece of a note with its links replaced by what they show."""
    if "[" not in text and "<" not in text:
        return text
    links = parse("quote.md", text).links
    return apply_edits(text, [Edit(link.span, shown(link)) for link in links])


def shown(link: Link) -> str:
    """Return what a link shows, from how it is written alone."""
    return link.display or link.target or link.subpath.lstrip("#^")


def _with_footnotes(text: str, footnote: Callable[[str], str]) -> str:
    code = code_spans(text) if "[^" in text else ()
    marks = [
        Edit(Span(*found.span()), footnote(found["label"]))
        for found in _FOOTNOTE.finditer(text)
        if not any(span.start <= found.start() < span.end for span in code)
    ]
    return apply_edits(text, marks)


def rewritten(link: Link, source: str, index: Index, *, pictures: bool = False) -> Edit | None:
    """Return the edit that lets a link of the note at `source` lead there from everywhere.

    With `pictures` an embed of a file that is no note stays one.
    """
    if link.external:
        return None
    found = index.resolve(link.target, source)
    if not found:
        return Edit(link.span, shown(link))
    if pictures and link.kind in {"embed", "image"} and is_attachment(found[0]):
        # Behind a caption stands the size of the picture.
        caption = (link.display or "").partition("|")[0]
        return Edit(link.span, f"!{wikilink(found[0], index, caption)}")
    written = wikilink(found[0], index, shown(link))
    if not link.subpath:
        return Edit(link.span, written)
    target, mark, rest = written.partition("|")
    if not mark:
        target, rest = written.removesuffix("]]"), f"{shown(link)}]]"
    return Edit(link.span, f"{target}{link.subpath}|{rest}")

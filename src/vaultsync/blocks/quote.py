"""A part of one note shown in another: its links keep their destination."""

from __future__ import annotations

import re

from vaultsync.links import Index, linktext, wikilink
from vaultsync.model import Link
from vaultsync.parse import parse
from vaultsync.text import Edit, apply_edits

_COMMENT = re.compile(r"\s*%%.*?%%", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\](?!:)")


def quote(text: str, source: str, index: Index) -> str:
    """Return a piece of the note at `source` as it can stand in any note.

    Comments and footnote marks are left out, embeds become links, wikilinks are written so that
    they lead to the same file from everywhere.
    """
    bare = _FOOTNOTE.sub("", _COMMENT.sub("", text)).strip()
    if "[" not in bare:
        return bare
    edits = [_rewritten(link, source, index) for link in parse("quote.md", bare).links]
    return apply_edits(bare, [edit for edit in edits if edit])


def _rewritten(link: Link, source: str, index: Index) -> Edit | None:
    if link.external or link.kind not in {"wiki", "embed", "markdown", "image"}:
        return None
    found = index.resolve(link.target, source)
    if not found:
        return Edit(link.span, link.display or link.target)
    display = link.display or link.target or linktext(found[0], index)
    written = wikilink(found[0], index, display)
    if link.subpath:
        written = written.replace("]]", f"|{display}]]") if "|" not in written else written
        written = written.replace("|", f"{link.subpath}|", 1)
    return Edit(link.span, written)

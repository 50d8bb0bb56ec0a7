"""How to cite a note of the page: a text to copy, and the keys of the works that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from vaultsync.blocks.journal import format_day
from vaultsync.publish.compose.catalogue import Entry


def citation(
    entry: Entry, title: str, author: str, day: str, page: str, keys: Mapping[str, str]
) -> str:
    """Return the citation of a note in the post of that title, as of a day.

    `page` is the address of the post, "" for none: a script adds the one that it is read at. `keys`
    are BibTeX keys of works by identity.
    """
    where = ", ".join(filter(None, [title, author, format_day(day, with_year=True)]))
    end = "" if entry.claim.endswith((".", "?", "!")) else "."
    text = f"“{entry.claim}{end}” In: {where}."
    text += f" {page}#{quote(entry.name)}" if page else ""
    known = (keys[one.identity] for one in entry.sources if one.identity in keys)
    works = ", ".join(f"<code>{escape(key)}</code>" for key in dict.fromkeys(known))
    named = f"<p>BibTeX: {works}</p>" if works else ""
    return f'<p class="cite">{escape(text, quote=False)}</p>{named}'

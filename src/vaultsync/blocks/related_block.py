"""The block that lists notes that are not linked and perhaps should be."""

from __future__ import annotations

import re

from vaultsync.blocks.context import (
    BlockError,
    BlockRequest,
    Context,
    bullet_list,
    escape_markdown,
)
from vaultsync.notes.link_index import wikilink
from vaultsync.related.suggest import Search, Suggestion

_USUAL = "5"
_MOST_REASONS = 3
# What is quoted of a note may have a link to one that readers do not see.
_LINK = re.compile(r"\[\[|\]\(")


def related_block(request: BlockRequest) -> str:
    """Return the best suggestions for the note that holds the block, or else of the vault.

    Drafts and retired notes are left out.
    """
    count, context = request.get("count", _USUAL), request.context
    if not (count.isascii() and count.isdigit() and int(count)):
        raise BlockError(f'`count="{count}"`: use a number from 1')
    if request.checked:
        return ""
    search, path = context.current_search, request.document.path
    if path not in context.search.wanted:
        pairs = search.all(int(count))
        return bullet_list(_line(one, [one.one, one.other], search, context) for one in pairs)
    if path not in search.wanted:
        search = context.search.among(search.wanted | {path})
    return bullet_list(suggested(path, int(count), search, context))


def suggested(path: str, count: int, search: Search, context: Context) -> list[str]:
    """Return a line for each of the best suggestions for a note, with the reasons."""
    return [_line(one, [one.other], search, context) for one in search.of(path, count)]


def _line(one: Suggestion, paths: list[str], search: Search, context: Context) -> str:
    facts = search.model.facts
    links = (wikilink(path, context.index, facts[path].name) for path in paths)
    texts = [reason.text for reason in one.reasons if not _LINK.search(reason.text)]
    reasons = escape_markdown("; ".join(texts[:_MOST_REASONS]))
    return f"{' and '.join(links)}: {reasons}".removesuffix(": ")

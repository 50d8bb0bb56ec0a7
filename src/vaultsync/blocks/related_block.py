"""The block that lists notes that are not linked and perhaps should be."""

from __future__ import annotations

from vaultsync.blocks.context import (
    BlockError,
    BlockRequest,
    Context,
    bullet_list,
    escape_markdown,
)
from vaultsync.notes.link_index import wikilink
from vaultsync.related.suggest import Suggestion

_USUAL = "5"
_MOST_REASONS = 3


def related_block(request: BlockRequest) -> str:
    """Return the best suggestions for the note that holds the block, or else of the vault.

    Drafts and retired notes are left out.
    """
    count, context = request.get("count", _USUAL), request.context
    if not (count.isascii() and count.isdigit() and int(count)):
        raise BlockError(f'`count="{count}"`: use a number from 1')
    if request.checked:
        return ""
    search, path = context.search.among(_shown(context)), request.document.path
    of_note = path in search.model.facts
    found = search.of(path, int(count)) if of_note else search.all(int(count))
    return bullet_list(_line(one, context, of_note=of_note) for one in found)


def _shown(context: Context) -> frozenset[str] | None:
    """Return the notes that readers see and that still hold; None where notes have no types."""
    return frozenset(note.path for note in context.current) if context.config.types else None


def _line(one: Suggestion, context: Context, *, of_note: bool) -> str:
    facts, paths = context.search.model.facts, [one.other] if of_note else [one.one, one.other]
    links = (wikilink(path, context.index, facts[path].name) for path in paths)
    reasons = "; ".join(escape_markdown(reason.text) for reason in one.reasons[:_MOST_REASONS])
    return f"{' and '.join(links)}: {reasons}"

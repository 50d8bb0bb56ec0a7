"""Where things are: definitions, references, symbols, links, folds."""

from __future__ import annotations

from lsprotocol import types

from vaultsync.blocks.quote import find_blocks
from vaultsync.server.session import Session


def folds(session: Session, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    """Return the generated blocks of a note."""
    found = session.document(params.text_document.uri)
    if found is None:
        return None
    positions = session.positions(found[1])
    ranges = [positions.range(block.span) for block in find_blocks(found[1])[0]]
    return [types.FoldingRange(place.start.line, place.end.line) for place in ranges]

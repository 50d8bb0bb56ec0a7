"""Generated blocks in a note: their markers, their kinds, and how they are filled."""

from vaultsync.blocks.authored import code_spans, uncommented, without_comments
from vaultsync.blocks.context import BlockError, Context, Frame, counted, literal
from vaultsync.blocks.fill import KINDS, Origin, block_problems, fill, transplant
from vaultsync.blocks.journal import (
    WIKILINK,
    Journal,
    journal_block,
    journal_of,
    parse_journal,
)
from vaultsync.blocks.markers import BrokenMarker, GeneratedBlock, find_blocks, replace_content
from vaultsync.blocks.quote import plain, shown

__all__ = [
    "KINDS",
    "WIKILINK",
    "BlockError",
    "BrokenMarker",
    "Context",
    "Frame",
    "GeneratedBlock",
    "Journal",
    "Origin",
    "block_problems",
    "code_spans",
    "counted",
    "fill",
    "find_blocks",
    "journal_block",
    "journal_of",
    "literal",
    "parse_journal",
    "plain",
    "replace_content",
    "shown",
    "transplant",
    "uncommented",
    "without_comments",
]

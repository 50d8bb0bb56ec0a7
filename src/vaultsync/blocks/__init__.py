"""Generated blocks in a note: their markers, their kinds, and how they are filled."""

from vaultsync.blocks.context import BlockError, Context, Frame, counted
from vaultsync.blocks.fill import KINDS, Origin, block_problems, fill, transplant
from vaultsync.blocks.journal import Journal, journal_block, journal_of, parse_journal
from vaultsync.blocks.markers import BrokenMarker, GeneratedBlock, find_blocks, replace_content

__all__ = [
    "KINDS",
    "BlockError",
    "BrokenMarker",
    "Context",
    "Frame",
    "GeneratedBlock",
    "Journal",
    "Origin",
    "block_problems",
    "counted",
    "fill",
    "find_blocks",
    "journal_block",
    "journal_of",
    "parse_journal",
    "replace_content",
    "transplant",
]

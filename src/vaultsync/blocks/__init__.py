"""Generated blocks in a note: their markers, their kinds, and how they are filled."""

from vaultsync.blocks.authored import authored, code_spans, uncommented, without_comments
from vaultsync.blocks.contents import Part, contents, label_of, relations
from vaultsync.blocks.context import BlockError, Context, Frame, bullets, counted, literal, web_link
from vaultsync.blocks.entries import WIKILINK, Entry, read_entry
from vaultsync.blocks.feed import DayEntry, day_entries
from vaultsync.blocks.fill import KINDS, Origin, block_problems, fill, transplant
from vaultsync.blocks.journal import (
    Day,
    Journal,
    day_name,
    journal_block,
    journal_made,
    journal_of,
    lines_of_days,
    parse_journal,
)
from vaultsync.blocks.markers import BrokenMarker, GeneratedBlock, find_blocks, replace_content
from vaultsync.blocks.quote import plain, rewritten, shown

__all__ = [
    "KINDS",
    "WIKILINK",
    "BlockError",
    "BrokenMarker",
    "Context",
    "Day",
    "DayEntry",
    "Entry",
    "Frame",
    "GeneratedBlock",
    "Journal",
    "Origin",
    "Part",
    "authored",
    "block_problems",
    "bullets",
    "code_spans",
    "contents",
    "counted",
    "day_entries",
    "day_name",
    "fill",
    "find_blocks",
    "journal_block",
    "journal_made",
    "journal_of",
    "label_of",
    "lines_of_days",
    "literal",
    "parse_journal",
    "plain",
    "read_entry",
    "relations",
    "replace_content",
    "rewritten",
    "shown",
    "transplant",
    "uncommented",
    "web_link",
    "without_comments",
]

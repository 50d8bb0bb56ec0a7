"""Find the block of properties and read it as Obsidian does (YAML 1.2, links in values)."""

from __future__ import annotations

import re

from vaultsync.core.model import Properties
from vaultsync.core.text import Span
from vaultsync.markdown.frontmatter.fast_path import read_fast

BOM = "\ufeff"
_OPENING = re.compile(r"---(?:\r\n|\n)")
_CLOSING = re.compile(r"^---[ \t]*(?:\r\n|\n|\Z)", re.MULTILINE)


def find_block(text: str) -> tuple[Span, Span] | None:
    """Return the spans of the whole block and of the YAML in it, None where there is no block.

    The first line must be exactly `---`, after an optional byte order mark.
    """
    start = len(BOM) if text.startswith(BOM) else 0
    opening = _OPENING.match(text, start)
    if opening is None:
        return None
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        return None
    return Span(start, closing.end()), Span(opening.end(), closing.start())


def read_properties(text: str) -> Properties:
    """Return a note's properties; what cannot be read is an error value, never raised."""
    found = find_block(text)
    if found is None:
        return Properties()
    plain = read_fast(text, *found)
    if plain:
        return plain
    # Few blocks need it, and it takes as long to import as hundreds of plain ones to read.
    from vaultsync.markdown.frontmatter.yaml_reader import read_yaml

    return read_yaml(text, *found)

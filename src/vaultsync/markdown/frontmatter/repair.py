"""What makes a block unreadable or mean something else, and can be put right for certain."""

from __future__ import annotations

import re

from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown.frontmatter.block import find_block, read_properties
from vaultsync.markdown.frontmatter.lists import top_level

_WIKILINK = re.compile(r"\[\[(?:[^\[\]{}\n]|\{\{[^{}\n]*\}\})+\]\]")
_INDENT = re.compile(r"^(?P<indent>[ \t]*)(?P<dashes>(?:-[ \t]+)*)", re.MULTILINE)
_WIDTHS = (2, 8)


def bare_wikilinks(text: str) -> list[tuple[Span, bool]]:
    """Return where a wikilink without quotes stands, which YAML reads as a list in a list.

    The second part is whether it can be nothing else: with a comma it may be a list that is meant.
    """
    from vaultsync.markdown.frontmatter import yaml12

    found = []
    stack = [(value, base) for _, value, base in top_level(text)]
    while stack:
        node, base = stack.pop()
        span = Span(base + node.start_mark.index, base + node.end_mark.index)
        if yaml12.is_list(node) and _WIKILINK.fullmatch(span.of(text)):
            found.append((span, len(node.value[0].value) == 1))
        else:
            stack += [(child, base) for child in yaml12.children(node)]
    return sorted(found)


def without_tabs(text: str) -> tuple[Edit, ...]:
    """Return the edits that indent an unreadable block by blanks, () where that is not certain.

    It is certain where the block says the same whether a tab is two columns wide or eight.
    """
    narrow, wide = (_indented(text, width) for width in _WIDTHS)
    read, other = (read_properties(apply_edits(text, edits)) for edits in (narrow, wide))
    certain = not read.error and not other.error and repr(read.data) == repr(other.data)
    return narrow if certain else ()


def _indented(text: str, width: int) -> tuple[Edit, ...]:
    block = find_block(text)
    found = _INDENT.finditer(text, block[1].start, block[1].end) if block else ()
    return tuple(
        Edit(Span(*line.span()), line["indent"].replace("\t", " " * width) + dashes)
        for line in found
        if "\t" in line[0]
        for dashes in [line["dashes"].replace("\t", " ")]
    )

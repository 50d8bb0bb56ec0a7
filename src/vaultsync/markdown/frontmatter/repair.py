"""Properties that are a list or should be one, and other repairs of a block of properties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from vaultsync.core.model import Properties
from vaultsync.core.text import Edit, Span, line_ending
from vaultsync.markdown.frontmatter.block import find_block, read_properties
from vaultsync.markdown.frontmatter.edit import verified, write_scalar

if TYPE_CHECKING:
    import yaml
import re

from vaultsync.core.text import apply_edits

_WIKILINK = re.compile(r"\[\[(?:[^\[\]{}\n]|\{\{[^{}\n]*\}\})+\]\]")
_INDENT = re.compile(r"^(?P<indent>[ \t]*)(?P<dashes>(?:-[ \t]+)*)", re.MULTILINE)
_WIDTHS = (2, 8)


def top_level_nodes(text: str) -> Iterator[tuple[str, yaml.Node, int]]:
    """Yield names, values and the offset that their places count from, where they can be read."""
    block = find_block(text)
    if block is None or read_properties(text).error:
        return
    from vaultsync.markdown.frontmatter import yaml12

    node = yaml12.compose(block[1].of(text))
    for key, value in node.value if yaml12.is_mapping(node) else ():
        yield key.value, value, block[1].start


def list_items(text: str, name: str) -> list[tuple[Any, Span]]:
    """Return the values in a list property, each with its place; [] where it is not a list."""
    from vaultsync.markdown.frontmatter import yaml12

    return [
        (yaml12.construct(item), Span(base + item.start_mark.index, base + item.end_mark.index))
        for key, value, base in top_level_nodes(text)
        if key == name and yaml12.is_list(value)
        for item in value.value
    ]


def make_list(
    text: str, name: str, items: Sequence[str] = (), *, rename: str = ""
) -> tuple[Edit, ...]:
    """Return the edits that make a property a list of `items`, or of its one value.

    A list stays as it is, and so does what has no value. `rename` is a new name for the property.
    Returns () where it cannot be done without a change to anything else.
    """
    properties = read_properties(text)
    value = properties.data.get(name)
    if name not in properties.keys or isinstance(value, dict):
        return ()
    if rename and rename in properties.data:
        return ()
    written = properties.values[name].of(text)
    blank = value is None or (isinstance(value, str) and not value.strip())
    is_list = blank or isinstance(value, list)
    listed = list(items) or [_as_text(value, written)]
    wanted = value if is_list else listed
    place = properties.keys[name]
    quote = text[place.start] if text[place.start] in "\"'" else ""
    renamed = (Edit(place, f"{quote}{rename}{quote}"),) if rename else ()
    data = {key: old for key, old in properties.data.items() if key != name}
    data[rename or name] = wanted
    spellings = [()] if is_list else _spellings(text, properties, name, listed)
    for spelling in spellings:
        edits = verified(text, (*renamed, *spelling), data)
        if edits:
            return edits
    return ()


def _as_text(value: Any, written: str) -> str:
    """Return a number or truth value as it is written: Obsidian drops what is not text."""
    return value.strip() if isinstance(value, str) else written


def _spellings(
    text: str, properties: Properties, name: str, items: list[str]
) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to write the items: as lines or, within brackets, between brackets.

    The present text is preserved where possible.
    """
    key, value = properties.keys[name], properties.values[name]
    colon = text.find(":", key.end, value.start) + 1
    newline = line_ending(text)
    lead = Span(colon, value.start)
    if len(items) == 1:
        yield (Edit(lead, f"{newline}  - "),)
    lines = "".join(f"{newline}  - {write_scalar(item)}" for item in items)
    yield (Edit(Span(colon, value.end), lines),)
    if len(items) == 1:
        yield (Edit(value, f"[{value.of(text)}]"),)
    yield (Edit(value, f"[{', '.join(write_scalar(item, flow=True) for item in items)}]"),)


def unquoted_wikilinks(text: str) -> list[tuple[Span, bool]]:
    """Return the places of wikilinks without quotes, which YAML reads as a list in a list.

    The second part is whether it can be nothing else: with a comma it may be a list that is meant.
    """
    from vaultsync.markdown.frontmatter import yaml12

    found = []
    stack = [(value, base) for _, value, base in top_level_nodes(text)]
    while stack:
        node, base = stack.pop()
        span = Span(base + node.start_mark.index, base + node.end_mark.index)
        if yaml12.is_list(node) and _WIKILINK.fullmatch(span.of(text)):
            found.append((span, len(node.value[0].value) == 1))
        else:
            stack += [(child, base) for child in yaml12.children(node)]
    return sorted(found)


def tabs_to_spaces(text: str) -> tuple[Edit, ...]:
    """Return the edits that indent an unreadable block by spaces, () where that is not certain.

    It is certain where the block means the same whether a tab is two columns wide or eight.
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

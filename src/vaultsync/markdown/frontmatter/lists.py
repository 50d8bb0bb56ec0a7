"""Properties that are lists, or should be: their items with places, and edits that make one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from vaultsync.core.model import Properties
from vaultsync.core.text import Edit, Span, newline_of
from vaultsync.markdown.frontmatter.block import find_block, read_properties
from vaultsync.markdown.frontmatter.edit import proved, scalar

if TYPE_CHECKING:
    import yaml


def top_level(text: str) -> Iterator[tuple[str, yaml.Node, int]]:
    """Yield names, values and the offset that their places count from, where they can be read."""
    block = find_block(text)
    if block is None or read_properties(text).error:
        return
    from vaultsync.markdown.frontmatter import yaml12

    node = yaml12.compose(block[1].of(text))
    for key, value in node.value if yaml12.is_mapping(node) else ():
        yield key.value, value, block[1].start


def list_items(text: str, name: str) -> list[tuple[Any, Span]]:
    """Return the values in a list property, each with its place; [] where it is no list."""
    from vaultsync.markdown.frontmatter import yaml12

    return [
        (yaml12.construct(item), Span(base + item.start_mark.index, base + item.end_mark.index))
        for key, value, base in top_level(text)
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
        edits = proved(text, (*renamed, *spelling), data)
        if edits:
            return edits
    return ()


def _as_text(value: Any, written: str) -> str:
    """Return a number or truth value as it is written: Obsidian drops what is no text."""
    return value.strip() if isinstance(value, str) else written


def _spellings(
    text: str, properties: Properties, name: str, items: list[str]
) -> Iterator[tuple[Edit, ...]]:
    """Yield ways to write the items: as lines or, within brackets, between brackets.

    The text that is there is kept where that will do.
    """
    key, value = properties.keys[name], properties.values[name]
    colon = text.find(":", key.end, value.start) + 1
    newline = newline_of(text)
    lead = Span(colon, value.start)
    if len(items) == 1:
        yield (Edit(lead, f"{newline}  - "),)
    lines = "".join(f"{newline}  - {scalar(item)}" for item in items)
    yield (Edit(Span(colon, value.end), lines),)
    if len(items) == 1:
        yield (Edit(value, f"[{value.of(text)}]"),)
    yield (Edit(value, f"[{', '.join(scalar(item, flow=True) for item in items)}]"),)

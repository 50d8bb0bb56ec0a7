"""Edits to a block of properties that leave every other byte as it is, and the proof of that.

They give a property a value, make it a list, or repair a block.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from vaultsync.core.model import Properties
from vaultsync.core.text import Edit, Span, apply_edits, line_ending
from vaultsync.markdown.frontmatter.block import BOM, find_block, read_properties

Scalar = str | int | float | bool
_PLAIN = re.compile(r"[^\W_]")
_FLOW_MARKS = frozenset(",[]{}")
_NOT_FINITE = {"NaN": ".nan", "Infinity": ".inf", "-Infinity": "-.inf"}
# Not allowed or a line break in YAML 1.1; JSON leaves most of them as they are.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_WIKILINK = re.compile(r"\[\[(?:[^\[\]{}\n]|\{\{[^{}\n]*\}\})+\]\]")
_INDENT = re.compile(r"^(?P<indent>[ \t]*)(?P<dashes>(?:-[ \t]+)*)", re.MULTILINE)
_WIDTHS = (2, 8)


def set_property(
    text: str, name: str, value: Scalar, *, order: Sequence[str] = ()
) -> tuple[Edit, ...]:
    """Return the edits that give a property a value, () where it has it or cannot safely get it.

    A new property is put behind the nearest one that precedes it in `order`, else at the end.
    """
    properties = read_properties(text)
    if properties.error or _same(properties.data, {**properties.data, name: value}):
        return ()
    if name in properties.keys:
        edit = _replace_value(text, properties, name, write_scalar(value))
    else:
        edit = _insert_line(text, properties, name, f"{name}: {write_scalar(value)}", order)
    return verified(text, (edit,), {**properties.data, name: value})


def add_to_list(text: str, name: str, value: str, *, order: Sequence[str] = ()) -> tuple[Edit, ...]:
    """Return the edits that put `value` first in a list property, () where it cannot be done."""
    properties = read_properties(text)
    old = properties.data.get(name)
    items = old if isinstance(old, list) else [] if old is None else [old]
    # A list that begins with a list may be a wikilink without quotes.
    nested = name in properties.values and properties.values[name].of(text).startswith("[[")
    if properties.error or value in items or nested:
        return ()
    if name not in properties.keys:
        written = f"{name}:{line_ending(text)}  - {write_scalar(value)}"
        edit = _insert_line(text, properties, name, written, order)
    else:
        edit = _put_first(text, properties, name, value)
    return verified(text, (edit,), {**properties.data, name: [value, *items]})


def write_scalar(value: Scalar, *, flow: bool = False) -> str:
    """Write a value for a YAML 1.2 reader: plain where that reads back the same, else quoted.

    `flow` is for a place inside `[ ]`, where commas and brackets end a plain value.
    """
    from vaultsync.markdown.frontmatter import yaml12

    if not isinstance(value, str):
        written = json.dumps(value)
        return _NOT_FINITE.get(written, written)
    plain = _PLAIN.match(value) and not _UNPRINTABLE.search(value) and yaml12.round_trips(value)
    if not plain or (flow and _FLOW_MARKS & set(value)):
        quoted = json.dumps(value, ensure_ascii=False)
        return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)
    return value


def _replace_value(text: str, properties: Properties, name: str, written: str) -> Edit:
    key, value = properties.keys[name], properties.values[name]
    if value.start == value.end:
        return Edit(value, f" {written}")
    between = Span(key.end, value.start).of(text)
    if "\n" in between and not between.strip(": \t\r\n"):
        return Edit(Span(text.index(":", key.end) + 1, value.end), f" {written}")
    return Edit(value, written)


def _insert_line(
    text: str, properties: Properties, name: str, written: str, order: Sequence[str]
) -> Edit:
    newline = line_ending(text)
    if properties.span is None:
        start = len(BOM) if text.startswith(BOM) else 0
        return Edit(Span(start, start), f"---{newline}{written}{newline}---{newline}")
    keys = properties.keys
    before = [key for key in order[: order.index(name)] if key in keys] if name in order else keys
    ends = [spans[key].end for key in [*before][-1:] for spans in (keys, properties.values)]
    at = text.index("\n", max(ends, default=properties.span.start)) + 1
    return Edit(Span(at, at), written + newline)


def _put_first(text: str, properties: Properties, name: str, value: str) -> Edit:
    span = properties.values[name]
    old = span.of(text)
    if old.startswith("["):
        comma = "" if old[1:].lstrip().startswith("]") else ", "
        return Edit(Span(span.start + 1, span.start + 1), write_scalar(value, flow=True) + comma)
    newline = line_ending(text)
    if old.startswith("- "):
        indent = text[text.rindex("\n", 0, span.start) + 1 : span.start]
        return Edit(Span(span.start, span.start), f"- {write_scalar(value)}{newline}{indent}")
    start = len(text[: span.start].rstrip(" \t"))
    lead = "" if text[start - 1] == "\n" else newline
    kept = "" if properties.data[name] is None else f"{newline}  - {old}"
    return Edit(Span(start, span.end), f"{lead}  - {write_scalar(value)}{kept}")


def verified(text: str, edits: tuple[Edit, ...], wanted: Mapping[str, Any]) -> tuple[Edit, ...]:
    """Return the edits if they make the properties what is wanted, else ()."""
    after = read_properties(apply_edits(text, edits))
    return edits if not after.error and _same(after.data, wanted) else ()


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Compare values and their types; as text `true` differs from 1, and `.nan` equals itself."""
    return repr(sorted(one.items())) == repr(sorted(other.items()))


def preserves_other_properties(text: str, edits: Sequence[Edit]) -> bool:
    """Whether the edits leave all properties of a note as they are, except those that are edited.

    An edit changes a property where it is between its name and the next one, but not at either
    end. A block that could not be read may stay so, unless it is edited. For edits
    that overlap each other the result is False.
    """
    ordered = sorted(edits)
    if any(one.span.end > other.span.start for one, other in pairwise(ordered)):
        return False
    before, after = read_properties(text), read_properties(apply_edits(text, ordered))
    end = before.span.end if before.span else int(text.startswith(BOM)) + 1
    # The edits to the block, those that make one included.
    inside = [edit for edit in ordered if edit.span.start < end]
    if after.error:
        return bool(before.error) and not inside
    return _same_end(before, after, inside) and _same_values(before, after, inside)


def _same_end(before: Properties, after: Properties, inside: Sequence[Edit]) -> bool:
    """Whether the text behind the block is what it was."""
    if before.span is None:
        return after.span is None or bool(inside)
    grown = sum(len(edit.new) - (edit.span.end - edit.span.start) for edit in inside)
    return after.span is not None and after.span.end == before.span.end + grown


def _same_values(before: Properties, after: Properties, inside: Sequence[Edit]) -> bool:
    edited = _edited(before, inside)
    # Types count: `true` is not 1, and `.nan` equals itself.
    kept = {name: repr(value) for name, value in before.data.items() if name not in edited}
    still = [(name, repr(value)) for name, value in after.data.items() if name in kept]
    return [*kept.items()] == still and (bool(inside) or len(after.data) == len(before.data))


def _edited(before: Properties, inside: Sequence[Edit]) -> set[str]:
    if before.span is None:
        return set()
    starts = [*(span.start for span in before.keys.values()), before.span.end]
    return {
        name
        for name, span in zip(before.keys, map(Span, starts, starts[1:]), strict=False)
        if any(edit.span.start < span.end and edit.span.end > span.start for edit in inside)
    }


def _top_level_nodes(text: str) -> Iterator[tuple[str, Any, int]]:
    """Yield names, nodes and the offset that their places count from, where they can be read.

    A node's kind is its `id`, which PyYAML's types leave out.
    """
    block = find_block(text)
    if block and not read_properties(text).error:
        from vaultsync.markdown.frontmatter import yaml12

        node: Any = yaml12.compose(block[1].of(text))
        for key, value in node.value if node and node.id == "mapping" else ():
            yield key.value, value, block[1].start


def list_items(text: str, name: str) -> list[tuple[Any, Span]]:
    """Return the values in a list property, each with its place; [] where it is not a list."""
    from vaultsync.markdown.frontmatter import yaml12

    return [
        (yaml12.construct(item), yaml12.node_span(item, base))
        for key, value, base in _top_level_nodes(text)
        if key == name and value.id == "sequence"
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
    data = {key: old for key, old in properties.data.items() if key != name}
    value = properties.data.get(name)
    if name not in properties.keys or isinstance(value, dict) or (rename and rename in data):
        return ()
    place = properties.keys[name]
    quote = text[place.start] if text[place.start] in "\"'" else ""
    renamed = (Edit(place, f"{quote}{rename}{quote}"),) if rename else ()
    # A number or truth value as it is written: Obsidian drops what is not text.
    one = value.strip() if isinstance(value, str) else properties.values[name].of(text)
    if value is None or isinstance(value, list) or not one:
        return verified(text, renamed, data | {rename or name: value})
    listed = list(items) or [one]
    for spelling in _spellings(text, properties, name, listed):
        edits = verified(text, (*renamed, spelling), data | {rename or name: listed})
        if edits:
            return edits
    return ()


def _spellings(text: str, properties: Properties, name: str, items: list[str]) -> Iterator[Edit]:
    """Yield ways to write the items: as lines or, within brackets, between brackets.

    The present text is preserved where possible.
    """
    key, value = properties.keys[name], properties.values[name]
    colon = text.find(":", key.end, value.start) + 1
    newline = line_ending(text)
    if len(items) == 1:
        yield Edit(Span(colon, value.start), f"{newline}  - ")
    lines = "".join(f"{newline}  - {write_scalar(item)}" for item in items)
    yield Edit(Span(colon, value.end), lines)
    if len(items) == 1:
        yield Edit(value, f"[{value.of(text)}]")
    yield Edit(value, f"[{', '.join(write_scalar(item, flow=True) for item in items)}]")


def unquoted_wikilinks(text: str) -> list[tuple[Span, bool]]:
    """Return the places of wikilinks without quotes, which YAML reads as a list in a list.

    The second part is whether it can be nothing else: with a comma it may be a list that is meant.
    """
    from vaultsync.markdown.frontmatter import yaml12

    found = []
    stack: list[tuple[Any, int]] = [(value, base) for _, value, base in _top_level_nodes(text)]
    while stack:
        node, base = stack.pop()
        span = yaml12.node_span(node, base)
        if node.id == "sequence" and _WIKILINK.fullmatch(span.of(text)):
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
    spaces = " " * width
    return tuple(
        Edit(
            Span(*line.span()),
            line["indent"].replace("\t", spaces) + line["dashes"].replace("\t", " "),
        )
        for line in found
        if "\t" in line[0]
    )

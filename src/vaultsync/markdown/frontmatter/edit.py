"""Edits to a block of properties that leave every other byte as it is, and the proof of that."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from vaultsync.core.model import Properties
from vaultsync.core.text import Edit, Span, apply_edits, line_ending
from vaultsync.markdown.frontmatter.block import BOM, read_properties

Scalar = str | int | float | bool
_PLAIN = re.compile(r"[^\W_]")
_FLOW_MARKS = frozenset(",[]{}")
_NOT_FINITE = {"NaN": ".nan", "Infinity": ".inf", "-Infinity": "-.inf"}
# Not allowed or a line break in YAML 1.1; JSON leaves most of them as they are.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


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
    if properties.error or value in items or _is_nested(text, properties, name):
        return ()
    newline = line_ending(text)
    if old is None and name not in properties.keys:
        written = f"{name}:{newline}  - {write_scalar(value)}"
        edit = _insert_line(text, properties, name, written, order)
    else:
        edit = _put_first(text, properties, name, value)
    return verified(text, (edit,), {**properties.data, name: [value, *items]})


def _is_nested(text: str, properties: Properties, name: str) -> bool:
    """Whether a list begins with a list; it may be a wikilink without quotes."""
    return name in properties.values and properties.values[name].of(text).startswith("[[")


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
    before = _predecessor(properties, name, order)
    ends = [span[before].end for span in (properties.keys, properties.values) if before]
    at = text.index("\n", max(ends, default=properties.span.start)) + 1
    return Edit(Span(at, at), written + newline)


def _predecessor(properties: Properties, name: str, order: Sequence[str]) -> str | None:
    before = order[: order.index(name)] if name in order else ()
    known = [key for key in before if key in properties.keys]
    if known:
        return known[-1]
    return None if name in order else next(reversed(list(properties.keys)), None)


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
    inside = _inside(text, before, ordered)
    if after.error:
        return bool(before.error) and not inside
    return _same_end(before, after, inside) and _same_values(before, after, inside)


def _inside(text: str, before: Properties, edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits to the block, those that make one included."""
    start = len(text) - len(text.removeprefix("\ufeff"))
    end = before.span.end if before.span else start + 1
    return [edit for edit in edits if edit.span.start < end]


def _same_end(before: Properties, after: Properties, inside: Sequence[Edit]) -> bool:
    """Whether the text behind the block is what it was."""
    if before.span is None:
        return after.span is None or bool(inside)
    grown = sum(len(edit.new) - (edit.span.end - edit.span.start) for edit in inside)
    return after.span is not None and after.span.end == before.span.end + grown


def _same_values(before: Properties, after: Properties, inside: Sequence[Edit]) -> bool:
    edited = _edited(before, inside)
    # Types count: `true` is not 1, and `.nan` equals itself.
    kept = [(name, repr(value)) for name, value in before.data.items() if name not in edited]
    names = {name for name, _ in kept}
    still = [(name, repr(value)) for name, value in after.data.items() if name in names]
    return kept == still and (bool(inside) or len(after.data) == len(before.data))


def _edited(before: Properties, inside: Sequence[Edit]) -> set[str]:
    if before.span is None:
        return set()
    starts = [*(span.start for span in before.keys.values()), before.span.end]
    return {
        name
        for name, span in zip(before.keys, map(Span, starts, starts[1:]), strict=False)
        if any(edit.span.start < span.end and edit.span.end > span.start for edit in inside)
    }

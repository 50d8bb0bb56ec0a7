"""What a value of a property means: a scalar of the YAML 1.2 core schema, or a link.

Besides, Obsidian stores a type for each name, in the whole vault.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from vaultsync.core.config import Config
from vaultsync.core.model import Link
from vaultsync.core.text import Span
from vaultsync.markdown.links import DESTINATION, markdown_target, split_wikilink

_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)$")
_INT = re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$")
_FLOAT = re.compile(
    r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
)
_NULL = re.compile(r"(?:~|null|Null|NULL|)$")
_BASES = {"0o": 8, "0x": 16}
_LIMIT = 2**63
_WIKI = re.compile(r"\[\[(?P<inner>(?:(?!\[\[|\]\])[^\n])+)\]\]")
_MARKDOWN = re.compile(rf"\[(?P<display>[^\]\n]*)\]\((?P<destination>{DESTINATION})\)")


class ScalarKind(NamedTuple):
    """A kind of scalar: how it is written, with which characters it begins, and what it means."""

    pattern: re.Pattern[str]
    first: tuple[str, ...]
    value: Callable[[str], Any]


def scalar_value(written: str) -> Any:
    """Return the value of a scalar that is written without quotes and is not empty."""
    for kind in _BY_FIRST.get(written[0], ()):
        if kind.pattern.match(written):
            return kind.value(written)
    return written


def _int(value: str) -> int | float:
    """Return an integer of 64 bits; a larger one is a float, as every number of JavaScript is."""
    base = _BASES.get(value[:2])
    try:
        number = int(value[2:], base) if base else int(value)
        return number if -_LIMIT <= number < _LIMIT else float(number)
    except (ValueError, OverflowError):
        return -math.inf if value.startswith("-") else math.inf


def _float(value: str) -> float:
    return float(value.lower().replace(".inf", "inf").replace(".nan", "nan"))


KINDS: dict[str, ScalarKind] = {
    "bool": ScalarKind(_BOOL, tuple("tTfF"), lambda written: written.lower() == "true"),
    "int": ScalarKind(_INT, tuple("-+0123456789"), _int),
    "float": ScalarKind(_FLOAT, tuple("-+.0123456789"), _float),
    "null": ScalarKind(_NULL, ("~", "n", "N", ""), lambda _: None),
}
_BY_FIRST: dict[str, list[ScalarKind]] = {}
for _kind in KINDS.values():
    for _char in _kind.first:
        _BY_FIRST.setdefault(_char, []).append(_kind)


def property_link(text: str, value: str, span: Span) -> Link | None:
    """Return the link that `value`, written at `span`, is, or None."""
    wiki, markdown = _WIKI.fullmatch(value), _MARKDOWN.fullmatch(value)
    if wiki:
        target, subpath, display = split_wikilink(wiki["inner"])
        opener, written, external = "[[", target, False
    elif markdown:
        inner, display = markdown["destination"].strip("<>"), markdown["display"]
        target, subpath, external = markdown_target(inner)
        opener, written = "](", inner if external else inner.partition("#")[0]
    else:
        return None
    opening = text.find(opener, span.start, span.end)
    start = text.find(written, opening + len(opener), span.end) if opening >= 0 else -1
    # It is the whole value where YAML's escapes hide the target.
    place = (start, start + len(written)) if start >= 0 else (span.start, span.end)
    return Link(span.start, span.end, "property", target, subpath, display, *place, external)


TYPES_FILE = ".obsidian/types.json"
# Of each JSON type and format; any other is a text.
_JSON_TYPES = {"integer": "number", "number": "number", "boolean": "checkbox", "array": "multitext"}
_FORMATS = {"date": "date", "date-time": "datetime"}
_BUILT_IN_TYPES = {"tags": "tags", "aliases": "aliases", "cssclasses": "multitext"}


def read_types(data: bytes | None) -> Mapping[str, str]:
    """Return the types by lower-case name of the property; none where there is nothing to read.

    Obsidian compares the names without letter case
    (https://help.obsidian.md/properties#Property+types).
    """
    try:
        found = msgspec.json.decode(data or b"").get("types", {})
        return {name.lower(): kind for name, kind in found.items() if isinstance(kind, str)}
    except (msgspec.DecodeError, AttributeError, RecursionError):
        return {}


def types_file(config: Config) -> bytes:
    """Return `.obsidian/types.json` as it follows from the note types."""
    types = {
        name: _BUILT_IN_TYPES.get(name)
        or _FORMATS.get(schema.get("format", ""))
        or _JSON_TYPES.get(str(schema.get("type")), "text")
        for kind in config.types.values()
        for name, schema in kind.properties.items()
    }
    return json.dumps({"types": types}, indent=2).encode() + b"\n"

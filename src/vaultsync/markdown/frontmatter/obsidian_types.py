"""The types of properties that Obsidian stores, one for each name in the whole vault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from vaultsync.core.config import Config

TYPES_FILE = ".obsidian/types.json"
_OBSIDIAN_TYPES = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "checkbox",
    "array": "multitext",
}
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
    types = {}
    for kind in config.types.values():
        for name, schema in kind.properties.items():
            types[name] = _BUILT_IN_TYPES.get(name) or _obsidian_type(schema)
    return json.dumps({"types": types}, indent=2).encode() + b"\n"


def _obsidian_type(schema: Mapping[str, Any]) -> str:
    formats = {"date": "date", "date-time": "datetime"}
    name = schema.get("type")
    known = _OBSIDIAN_TYPES.get(name, "text") if isinstance(name, str) else "text"
    return formats.get(schema.get("format", "")) or known

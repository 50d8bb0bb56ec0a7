"""The types of properties that Obsidian keeps, one for each name in the whole vault."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

TYPES_FILE = ".obsidian/types.json"


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

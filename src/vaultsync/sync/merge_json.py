"""Merge canvases and settings of Obsidian: JSON, key by key, and lists by the ids in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from vaultsync.sync.three_way import Versions, merged_keys, taken, versions

# What has no value, which JSON's null has.
_ABSENT: Any = object()
_INDENT = re.compile(r"\n([ \t]+)")


class _ClashError(Exception):
    """Both sides changed a value, each in its own way."""


def merge_json(texts: Versions[str], clashes: list[str] | None = None) -> str | None:
    """Return three versions of a file as one, in the form of theirs.

    Where both sides changed a value, each in its own way, it is theirs, and `clashes` gets the key
    with our value; without such a list the result is None. So it is where one cannot be read.
    """
    try:
        values = versions(json.loads(text) if text else _ABSENT for text in texts)
        merged = _merge_value("the whole", values, clashes)
    except (ValueError, RecursionError, _ClashError):
        return None
    indent = _INDENT.search(texts[2])
    written = json.dumps(merged, ensure_ascii=False, indent=indent[1] if indent else None)
    return written + texts[2][len(texts[2].rstrip("\n")) :]


def _merge_value(key: str, values: Versions[Any], clashes: list[str] | None) -> Any:
    try:
        return _merge(values, clashes)
    except _ClashError:
        _, ours, theirs = values
        if clashes is None:
            raise
        if ours is _ABSENT or theirs is _ABSENT:
            return ours if theirs is _ABSENT else theirs
        clashes.append(f"{key} ({json.dumps(ours, ensure_ascii=False)})")
        return theirs


def _merge(values: Versions[Any], clashes: list[str] | None) -> Any:
    # As text, true differs from 1.
    chosen = taken(versions(_written(value) for value in values))
    if chosen is not None:
        return next(value for value in values if _written(value) == chosen)
    was, ours, theirs = values
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return _merge_keys((was if isinstance(was, dict) else {}, ours, theirs), clashes)
    lists = versions(map(_keyed, (was or [], ours, theirs)))
    return [*_merge_keys(lists, clashes).values()]


def _merge_keys(sides: Versions[Mapping[str, Any]], clashes: list[str] | None) -> dict[str, Any]:
    merged = {
        key: _merge_value(key, versions(side.get(key, _ABSENT) for side in sides), clashes)
        for key in merged_keys(*sides)
    }
    return {key: value for key, value in merged.items() if value is not _ABSENT}


def _written(value: Any) -> str:
    return "" if value is _ABSENT else json.dumps(value, sort_keys=True)


def _keyed(value: Any) -> dict[str, Any]:
    """Return a list by the ids of its items, or by its texts and numbers themselves."""
    items = value if isinstance(value, list) else [[]]
    keys = [one.get("id", []) if isinstance(one, dict) else one for one in items]
    found = {_written(key): item for key, item in zip(keys, items, strict=True)}
    if [] in keys or len(found) < len(items):
        raise _ClashError
    return found

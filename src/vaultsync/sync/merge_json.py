"""Merge canvases and settings of Obsidian: JSON, key by key, and lists by the ids in them."""

from __future__ import annotations

import json
import re
from typing import Any

from vaultsync.sync.three_way import Versions, taken, versions

_ABSENT: Any = object()
_INDENT = re.compile(r"\n([ \t]+)")


def merge_json(texts: Versions[str]) -> str | None:
    """Return three versions of a file as one, in the form of theirs.

    None where both sides changed a value, each in its own way, or where one cannot be read.
    """
    try:
        values = versions(json.loads(text) if text else {} for text in texts)
    except (ValueError, RecursionError):
        return None
    merged = _merged(values)
    if merged is _ABSENT or merged is None:
        return None
    indent = _INDENT.search(texts[2])
    end = texts[2][len(texts[2].rstrip("\n")) :]
    written = json.dumps(merged, ensure_ascii=False, indent=indent[1] if indent else None)
    return written + end


class _Conflict(Exception):
    """Both sides changed a value."""

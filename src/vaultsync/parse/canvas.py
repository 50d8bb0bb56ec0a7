"""Links of a JSON Canvas file. Source: https://jsoncanvas.org/spec/1.0/."""

from __future__ import annotations

from typing import Any

import msgspec

from vaultsync.model import Link


def canvas_links(text: str) -> tuple[Link, ...]:
    """Return a link for each file node; a canvas that cannot be read has none."""
    try:
        canvas = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return ()
    nodes = canvas.get("nodes") if isinstance(canvas, dict) else None
    files = [node for node in nodes or () if isinstance(node, dict) and node.get("type") == "file"]
    return tuple(_link(text, node) for node in files if isinstance(node.get("file"), str))


def _link(text: str, node: dict[str, Any]) -> Link:
    target, subpath = node["file"], node.get("subpath")
    start = max(text.find(f'"{target}"'), 0)
    end = min(start + len(target) + 2, len(text))
    written = subpath if isinstance(subpath, str) else ""
    return Link(start, end, "canvas", target, written, None, start, end)

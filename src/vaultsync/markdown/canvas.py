"""Links of a JSON Canvas file. Source: https://jsoncanvas.org/spec/1.0/."""

from __future__ import annotations

import re
from collections import deque
from typing import Any

import msgspec

from vaultsync.core.model import Link
from vaultsync.core.text import Span

_FILE = re.compile(r'"file"\s*:\s*"((?:[^"\\]|\\.)*)"')


def canvas_links(text: str) -> tuple[Link, ...]:
    """Return a link for each file node; a canvas that cannot be read has none."""
    try:
        canvas = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return ()
    places: dict[str, deque[Span]] = {}
    for found in _FILE.finditer(text):
        target = msgspec.json.decode(f'"{found[1]}"')
        places.setdefault(target, deque()).append(Span(*found.span(1)))
    whole = Span(0, len(text))
    return tuple(_link(node, places.get(node["file"]), whole) for node in _file_nodes(canvas))


def _file_nodes(canvas: object) -> list[dict[str, Any]]:
    nodes = canvas.get("nodes") if isinstance(canvas, dict) else None
    return [
        node
        for node in (nodes if isinstance(nodes, list) else ())
        if isinstance(node, dict)
        and node.get("type") == "file"
        and isinstance(node.get("file"), str)
    ]


def _link(node: dict[str, Any], places: deque[Span] | None, whole: Span) -> Link:
    """Give a node the first place where its file is written; two nodes share none."""
    place = places.popleft() if places else whole
    start, end, subpath = place.start, place.end, node.get("subpath")
    written = subpath if isinstance(subpath, str) else ""
    return Link(start, end, "canvas", node["file"], written, None, start, end)

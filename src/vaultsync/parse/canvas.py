"""Links of a JSON Canvas file. Source: https://jsoncanvas.org/spec/1.0/."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from vaultsync.model import Link

_FILE = re.compile(r'"file"\s*:\s*"((?:[^"\\]|\\.)*)"')


def canvas_links(text: str) -> tuple[Link, ...]:
    """Return a link for each file node; a canvas that cannot be read has none."""
    try:
        canvas = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return ()
    places = [
        (msgspec.json.decode(f'"{found[1]}"'), *found.span(1)) for found in _FILE.finditer(text)
    ]
    return tuple(_link(node, places, text) for node in _file_nodes(canvas))


def _file_nodes(canvas: object) -> list[dict[str, Any]]:
    nodes = canvas.get("nodes") if isinstance(canvas, dict) else None
    return [
        node
        for node in (nodes if isinstance(nodes, list) else ())
        if isinstance(node, dict)
        and node.get("type") == "file"
        and isinstance(node.get("file"), str)
    ]


def _link(node: dict[str, Any], places: list[tuple[str, int, int]], text: str) -> Link:
    """Give a node the first place where its file is written; two nodes share none."""
    target, subpath = node["file"], node.get("subpath")
    place = next((place for place in places if place[0] == target), ("", 0, len(text)))
    if place in places:
        places.remove(place)
    written = subpath if isinstance(subpath, str) else ""
    return Link(*place[1:], "canvas", target, written, None, *place[1:])

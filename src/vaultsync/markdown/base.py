"""Bases, in files and in blocks of code: YAML, of which the views are what links can name.

Source: https://help.obsidian.md/bases/syntax.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vaultsync.core.model import Heading, Properties
from vaultsync.core.text import Span
from vaultsync.markdown.events import Offsets, events

# Two expressions that begin with a text are searched for faster than one of both.
_BACKTICKS, _TILDES = (re.compile(rf"{mark}[ \t]*base\b") for mark in ("```", "~~~"))


def read_base(text: str) -> Properties:
    """Return what a base holds as properties are read; with an error if it is not YAML."""
    from vaultsync.markdown.frontmatter.yaml12 import read_yaml

    return read_yaml(text, Span(0, len(text)), Span(0, len(text)))


def views(text: str) -> tuple[Heading, ...]:
    """Return the views of a base, which links name as they name headings."""
    found = read_base(text)
    listed = found.data.get("views")
    named = [view for view in listed if isinstance(view, dict)] if isinstance(listed, list) else []
    place = found.values.get("views", Span(0, 0))
    return tuple(
        Heading(place.start, place.end, 1, str(view.get("name") or view.get("type") or ""))
        for view in named
    )


def base_blocks(text: str, body: int) -> Iterator[tuple[int, str]]:
    """Yield the blocks of code that are bases, from `body` on: where each starts, and its text."""
    # Few notes have a tilde at all.
    if not _BACKTICKS.search(text, body) and not ("~" in text and _TILDES.search(text, body)):
        return
    at = Offsets(text[body:], body)
    content: list[str] | None = None
    start = 0
    for event, place in events(text[body:]):
        if event == {"End": "CodeBlock"} and content is not None:
            yield start, "".join(content)
            content = None
        elif "Text" in event and content is not None:
            content.append(event["Text"])
        elif "Start" in event and _is_base(event["Start"]):
            start, content = at(place["start"]), []


def _is_base(tag: object) -> bool:
    kind = tag.get("CodeBlock") if isinstance(tag, dict) else None
    return isinstance(kind, dict) and kind["Fenced"].split()[:1] == ["base"]

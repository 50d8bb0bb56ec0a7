"""Markdown events with the syntax that Obsidian reads."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pyromark
from pyromark import Options

OPTIONS = (
    Options.ENABLE_WIKILINKS
    | Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_MATH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_STRIKETHROUGH
)
# Tags inside a block's text.
INLINE = frozenset({"Link", "Image", "Emphasis", "Strong", "Strikethrough"})
_SURROGATE = re.compile("[\ud800-\udfff]")

Place = dict[str, int]
Event = tuple[Any, Any]


def events(text: str) -> Iterable[Event]:
    """Yield pulldown-cmark's events with byte ranges; an event is a name or a one-key mapping."""
    found: Iterable[Event]
    try:
        found = pyromark.events_with_range(text, options=OPTIONS)
    except UnicodeEncodeError:
        found = pyromark.events_with_range(_SURROGATE.sub("\ufffd", text), options=OPTIONS)
    return found


def tag_of(value: Any) -> str:
    """Return the name of a tag as a "Start" or "End" holds it, with or without details."""
    return value if isinstance(value, str) else next(iter(value))

"""Markdown events with the syntax that Obsidian reads."""

from __future__ import annotations

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
_SURROGATES = {code: 0xFFFD for code in range(0xD800, 0xE000)}

Event = tuple[Any, dict[str, int]]


def events(text: str) -> list[Event]:
    """Return pulldown-cmark's events with byte ranges; an event is a name or a one-key mapping."""
    try:
        return list(pyromark.events_with_range(text, options=OPTIONS))
    except UnicodeEncodeError:
        return list(pyromark.events_with_range(text.translate(_SURROGATES), options=OPTIONS))

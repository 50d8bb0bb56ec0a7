"""Where elements stand that are no facts, for the few who ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vaultsync.parse.events import events
from vaultsync.parse.offsets import Offsets
from vaultsync.text import Span


def places(text: str, base: int, name: str) -> Iterator[tuple[Span, Any]]:
    """Yield the elements of a kind from `base` on, with what is known of each.

    `name` is that of a pulldown-cmark tag with details, such as "Table" or "Link".
    """
    at = Offsets(text[base:], base)
    for event, place in events(text[base:]):
        tag = event.get("Start") if isinstance(event, dict) else None
        if isinstance(tag, dict) and name in tag:
            yield Span(at(place["start"]), at(place["end"])), tag[name]

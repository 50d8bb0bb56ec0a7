"""Where elements stand that are no facts, for the few who ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vaultsync.core.text import Span
from vaultsync.markdown.events import events
from vaultsync.markdown.offsets import Offsets


def places(text: str, base: int, *names: str) -> Iterator[tuple[Span, Any]]:
    """Yield the elements of some kinds from `base` on, with what is known of each.

    The names are those of pulldown-cmark's tags with details, such as "Table" or "Link".
    """
    at = Offsets(text[base:], base)
    for event, place in events(text[base:]):
        tag = event.get("Start") if isinstance(event, dict) else None
        if isinstance(tag, dict):
            ((name, detail),) = tag.items()
            if name in names:
                yield Span(at(place["start"]), at(place["end"])), detail

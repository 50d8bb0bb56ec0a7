"""The parts of a note's body in reading order, for those who read it as data."""

from __future__ import annotations

from collections import Counter

from vaultsync.core.model import Element, ElementKind
from vaultsync.markdown.events import INLINE, events, tag_of
from vaultsync.markdown.offsets import Offsets

_KINDS: dict[str, ElementKind] = {
    "Paragraph": "paragraph",
    "Heading": "heading",
    "HtmlBlock": "html",
}
_LISTS = frozenset({"List", "Item"})


def elements(text: str, base: int) -> tuple[Element, ...]:
    """Return the paragraphs, headings, list items and other blocks from `base` on.

    Items of nested lists follow their parent with a greater depth. What stands inside an item is
    part of it, except its nested items.
    """
    at = Offsets(text[base:], base)
    found: list[Element] = []
    open_ = Counter[str]()
    for event, byte_range in events(text[base:]):
        if isinstance(event, str):
            continue
        ((name, value),) = event.items()
        if name not in {"Start", "End"}:
            continue
        tag = tag_of(value)
        if tag in INLINE:
            continue
        outer = tag if tag in _LISTS else "other"
        if name == "End":
            open_[outer] -= 1
        else:
            start, end = at(byte_range["start"]), at(byte_range["end"])
            found += _element(text, tag, open_, start, end)
            open_[outer] += 1
    return tuple(found)


def _element(text: str, tag: str, open_: Counter[str], start: int, end: int) -> list[Element]:
    if open_["other"]:
        return []
    if tag == "Item":
        # Its own mark is the first thing that is neither blank nor part of a quote.
        while text[start] in " \t\r\n>":
            start += 1
        return [Element(start, end, "item", open_["List"])]
    if open_["List"] or tag == "List":
        return []
    return [Element(start, end, _KINDS.get(tag, "other"))]

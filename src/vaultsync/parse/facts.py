"""Links, headings, block ids, tags, tasks and footnotes of a note's body."""

from __future__ import annotations

import re
from typing import Any

from vaultsync.model import Block, Footnote, Heading, Link, Tag, Task
from vaultsync.parse.events import Place, events
from vaultsync.parse.marks import Places, block_ids, possible_block_ids, possible_tags, tags
from vaultsync.parse.offsets import Offsets
from vaultsync.parse.wikilinks import (
    enclosing_links,
    inline_link,
    possible_enclosing,
    shown,
    wikilinks,
)

# pulldown-cmark counts the columns of a tab as bytes, so an item may begin before its line does.
_TASK = re.compile(
    r"[ \t\r\n>]*(?P<item>[-*+]|\d{1,9}[.)])[ \t]{1,4}\[(?P<mark>[^\r\n])\][ \t]+(?P<text>[^\r\n]*)"
)
_ATX = re.compile(r"#{1,6}(?:[ \t]+|$)")
_OPENED = ("Link", "Image", "CodeBlock")
_BREAKS = ("SoftBreak", "HardBreak")


class Facts:
    """The facts found so far in the part of `text` that starts at `base`."""

    def __init__(self, text: str, at: Offsets) -> None:
        """Start with nothing found; `at` maps the places of events to `text`."""
        self.text, self.at = text, at
        self.links: list[Link] = []
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.tags: list[Tag] = []
        self.tasks: list[Task] = []
        self.footnotes: list[Footnote] = []
        # Whether what is read now is no running text; what is open, and how that was around it.
        self.quiet = False
        self._opened: list[tuple[str, Any, bool]] = []

    def opened(self, value: dict[str, Any], place: Place) -> None:
        """Take the start of something with details of its own."""
        ((name, detail),) = value.items()
        if name in _OPENED:
            self._opened.append((name, detail, self.quiet))
            if not self.quiet:
                self.quiet = self._is_quiet(name, detail, place)
        elif name == "Heading":
            self._heading(detail, self.at(place["start"]), self.at(place["end"]))
        elif name == "FootnoteDefinition":
            start, end = self.at(place["start"]), self.at(place["end"])
            self.footnotes.append(Footnote(start, end, detail))

    def closed(self, place: Place) -> None:
        """Take the end of a link, an image or a block of code."""
        name, detail, self.quiet = self._opened.pop()
        if name == "CodeBlock" or self.quiet:
            return
        start, end = self.at(place["start"]), self.at(place["end"])
        kind = detail["link_type"]
        if kind == "Inline" and not (name == "Image" and self.text.startswith("![[", start)):
            image = name == "Image"
            self.links.append(inline_link(self.text, start, end, detail, image=image))
        elif isinstance(kind, dict) or self.text.startswith("![[", start):
            self.links += wikilinks(self.text, start, end)

    def _is_quiet(self, name: str, detail: Any, place: Place) -> bool:
        """Whether it holds code, the text of a wikilink or an image's alternative text.

        An image that begins like an embed is one, with text behind it.
        """
        if name == "CodeBlock" or isinstance(detail["link_type"], dict):
            return True
        return name == "Image" and not self.text.startswith("![[", self.at(place["start"]))

    def _heading(self, detail: dict[str, Any], start: int, end: int) -> None:
        """Take a heading; its text is what stands between the marks."""
        raw = self.text[start:end].rstrip("\r\n")
        opening = _ATX.match(raw)
        text = _unclosed(raw[opening.end() :]) if opening else re.split(r"[\r\n]", raw)[0]
        level = int(detail["level"][1:])
        self.headings.append(Heading(start, start + len(raw), level, text.strip()))

    def item(self, place: Place) -> None:
        """Take a list item if it has a check box."""
        found = _TASK.match(self.text, self.at(place["start"]))
        if found:
            text = found["text"].rstrip()
            end = found.start("text") + len(text)
            self.tasks.append(Task(found.start("item"), end, found["mark"], text))


def _unclosed(text: str) -> str:
    """Return the text of a heading without the marks that may close it."""
    text = text.rstrip(" \t")
    bare = text.rstrip("#")
    return bare if not bare or bare[-1] in " \t" else text


def read_facts(text: str, base: int) -> Facts:
    """Return the facts of the body that starts at `base`."""
    body = text[base:]
    at = Offsets(body, base)
    facts = Facts(text, at)
    words, ids = possible_tags(text, base), possible_block_ids(text, base)
    around = possible_enclosing(text, base)
    places = Places((found.start() for found in (*words, *ids, *around)), at)
    walk(body, facts, places)
    facts.tags = tags(text, words, places)
    facts.blocks = block_ids(ids, places)
    if around or any(link.kind == "image" for link in facts.links):
        facts.links = shown([*facts.links, *enclosing_links(text, around, places)])
    return facts


def walk(body: str, facts: Facts, places: Places) -> None:
    """Take all events. Most are runs of text, which matter only where a mark may start in them."""
    after_markup = True
    reached = places.next
    for event, place in events(body):
        if "Text" in event:
            if place["end"] > reached and not facts.quiet:
                places.take(place["start"], place["end"], after_markup=after_markup)
                reached = places.next
            after_markup = False
            continue
        after_markup = True
        if "Start" in event:
            value = event["Start"]
            if value == "Item":
                facts.item(place)
            elif isinstance(value, dict):
                facts.opened(value, place)
        elif "End" in event:
            if event["End"] in _OPENED:
                facts.closed(place)
        elif event in _BREAKS:
            places.take_break(place["end"])

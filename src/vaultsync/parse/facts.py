"""Links, headings, block ids, tags, tasks and footnotes of a note's body."""

from __future__ import annotations

import re
from typing import Any

from vaultsync.model import Block, Footnote, Heading, Link, Tag, Task
from vaultsync.parse.events import Place, events
from vaultsync.parse.marks import Running, block_ids, may_hold_marks, tags
from vaultsync.parse.offsets import Offsets
from vaultsync.parse.wikilinks import enclosing_links, inline_link, may_enclose, wikilinks

_TASK = re.compile(
    r"[ \t]*(?P<item>[-*+]|\d{1,9}[.)])[ \t]{1,4}\[(?P<mark>[^\r\n])\][ \t]+(?P<text>[^\r\n]*)"
)
_ATX = re.compile(r"#{1,6}(?:[ \t]+|$)")
_OPENED = ("Link", "Image", "CodeBlock")
_BREAKS = ("SoftBreak", "HardBreak")


class Facts:
    """The facts found so far in the part of `text` that starts at `base`."""

    def __init__(self, text: str, base: int) -> None:
        """Start with nothing found."""
        self.text = text
        self.links: list[Link] = []
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.tags: list[Tag] = []
        self.tasks: list[Task] = []
        self.footnotes: list[Footnote] = []
        self.at = Offsets(text[base:], base)
        self.running = Running(self.at)
        # Whether what is read now is no running text; what is open, and how that was around it.
        self.quiet = False
        self._opened: list[tuple[str, Any, bool]] = []

    def opened(self, value: dict[str, Any], place: Place) -> None:
        """Take the start of something with details of its own."""
        ((name, detail),) = value.items()
        start, end = self.at(place["start"]), self.at(place["end"])
        if name in _OPENED:
            quiet = self.quiet or self._is_quiet(name, detail, start)
            self._opened.append((name, detail, self.quiet))
            self.quiet = quiet
        elif name == "Heading":
            self._heading(detail, start, end)
        elif name == "FootnoteDefinition":
            self.footnotes.append(Footnote(start, end, detail))

    def closed(self, place: Place) -> None:
        """Take the end of a link, an image or a block of code."""
        name, detail, self.quiet = self._opened.pop()
        if name == "CodeBlock" or self.quiet:
            return
        start, end = self.at(place["start"]), self.at(place["end"])
        if _is_wiki(detail) or self.text.startswith("![[", start):
            self.links += wikilinks(self.text, start, end)
        elif detail["link_type"] == "Inline":
            image = name == "Image"
            self.links.append(inline_link(self.text, start, end, detail, image=image))

    def _is_quiet(self, name: str, detail: Any, start: int) -> bool:
        """Whether it holds code, the text of a wikilink or an image's alternative text.

        An image that begins like an embed is one, with text behind it.
        """
        if name == "Image":
            return not self.text.startswith("![[", start) or _is_wiki(detail)
        return name == "CodeBlock" or _is_wiki(detail)

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


def _is_wiki(detail: dict[str, Any]) -> bool:
    return isinstance(detail["link_type"], dict)


def _unclosed(text: str) -> str:
    """Return the text of a heading without the marks that may close it."""
    text = text.rstrip(" \t")
    bare = text.rstrip("#")
    return bare if not bare or bare[-1] in " \t" else text


def read_facts(text: str, base: int) -> Facts:
    """Return the facts of the body that starts at `base`."""
    facts = Facts(text, base)
    running = facts.running
    # Most events are runs of text, which matter only where marks may stand in them.
    marked = may_hold_marks(text, base) or may_enclose(text, base)
    after_markup = True
    for event, place in events(text[base:]):
        if "Text" in event:
            if marked and not facts.quiet:
                running.add(place["start"], place["end"], after_markup=after_markup)
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
        elif marked and event in _BREAKS:
            running.add_break(place["end"])
    return _completed(facts)


def _completed(facts: Facts) -> Facts:
    facts.tags = tags(facts.text, facts.running)
    facts.blocks = block_ids(facts.text, facts.running)
    facts.links += enclosing_links(facts.text, facts.running)
    facts.links.sort(key=lambda link: link.start)
    return facts

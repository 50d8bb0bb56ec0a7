"""Links, headings, block ids, tags, tasks and footnotes of a note's body."""

from __future__ import annotations

import re
from typing import Any

from vaultsync.model import Block, Footnote, Heading, Link, Tag, Task
from vaultsync.parse.events import events
from vaultsync.parse.marks import block_ids, tags
from vaultsync.parse.offsets import Offsets
from vaultsync.parse.wikilinks import markdown_link, wikilink

_TASK = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]+\[(?P<mark>[^\n])\][ \t]+(?P<text>[^\n]*)")
_ATX = re.compile(r"[ \t]*#{1,6}(?:[ \t]+|$)")
_ATX_END = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")


class Facts:
    """The facts found so far in the part of `text` that starts at `base`."""

    def __init__(self, text: str, base: int) -> None:
        """Start with nothing found."""
        self.text = text
        self.at = Offsets(text[base:], base)
        self.links: list[Link] = []
        self.headings: list[Heading] = []
        self.blocks: list[Block] = []
        self.tags: list[Tag] = []
        self.tasks: list[Task] = []
        self.footnotes: list[Footnote] = []
        self.texts: list[tuple[int, int]] = []
        self.breaks: set[int] = set()

    def link(self, value: dict[str, Any], start: int, end: int, *, image: bool) -> None:
        """Take a link or an image event."""
        kind = value["link_type"]
        if isinstance(kind, dict):
            found = wikilink(self.text, start, end)
        elif kind == "Inline":
            found = markdown_link(self.text, start, end, value["dest_url"], image=image)
        else:
            found = None
        if found:
            self.links.append(found)

    def heading(self, value: dict[str, Any], start: int, end: int) -> None:
        """Take a heading; its text is what stands between the marks."""
        raw = self.text[start:end].rstrip("\r\n")
        opening = _ATX.match(raw)
        if opening:
            text = _ATX_END.sub("", raw[opening.end() :])
        else:
            text = re.split(r"\r\n|\n|\r", raw)[0]
        level = int(value["level"][1:])
        self.headings.append(Heading(start, start + len(raw), level, text.strip()))

    def item(self, start: int) -> None:
        """Take a list item if it has a check box."""
        found = _TASK.match(self.text, start)
        if found:
            text = found["text"].rstrip()
            self.tasks.append(Task(start, found.start("text") + len(text), found["mark"], text))


def read_facts(text: str, base: int) -> Facts:
    """Return the facts of the body that starts at `base`."""
    facts = Facts(text, base)
    at = facts.at
    for event, byte_range in events(text[base:]):
        start, end = at(byte_range["start"]), at(byte_range["end"])
        if isinstance(event, str):
            if event in {"SoftBreak", "HardBreak"}:
                facts.breaks.add(start)
            continue
        for name, value in event.items():
            if name == "Text":
                facts.texts.append((start, end))
            elif name == "Start":
                _start(facts, value, start, end)
    facts.tags = tags(text, facts.texts)
    facts.blocks = block_ids(text, facts.texts, facts.breaks)
    return facts


def _start(facts: Facts, value: Any, start: int, end: int) -> None:
    if value == "Item":
        facts.item(start)
        return
    if isinstance(value, str):
        return
    for name, detail in value.items():
        if name in {"Link", "Image"}:
            facts.link(detail, start, end, image=name == "Image")
        elif name == "Heading":
            facts.heading(detail, start, end)
        elif name == "FootnoteDefinition":
            facts.footnotes.append(Footnote(start, end, detail))

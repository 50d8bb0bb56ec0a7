"""Links, headings, block ids, tags, tasks and footnotes of a note's body."""

from __future__ import annotations

import re
from typing import Any

from vaultsync.model import Block, Footnote, Heading, Link, Tag, Task
from vaultsync.parse.events import events
from vaultsync.parse.marks import Running, block_ids, tags
from vaultsync.parse.offsets import Offsets
from vaultsync.parse.wikilinks import enclosing_links, markdown_link, wikilinks

_TASK = re.compile(
    r"[ \t]*(?P<item>[-*+]|\d{1,9}[.)])[ \t]{1,4}\[(?P<mark>[^\r\n])\][ \t]+(?P<text>[^\r\n]*)"
)
_ATX = re.compile(r"#{1,6}(?:[ \t]+|$)")
_OPENED = ("Link", "Image", "CodeBlock")


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
        self.running = Running()
        # What is open, and whether what it or one around it holds is no running text.
        self._opened: list[tuple[str, Any, bool]] = []
        self._inner_end = base

    def take(self, name: str, value: Any, start: int, end: int) -> None:
        """Take one event."""
        if name == "Text":
            if not self._quiet():
                self.running.add(start, end)
        else:
            self.running.interrupt()
        if name == "Start":
            self._start(value, start, end)
        elif name == "End" and value in _OPENED:
            self._end(start, end)
        elif name in {"SoftBreak", "HardBreak"}:
            self.running.breaks.add(end)
        self._inner_end = start + 1 if name == "Start" else end

    def _start(self, value: Any, start: int, end: int) -> None:
        if value == "Item":
            self._item(start)
        elif isinstance(value, dict):
            ((name, detail),) = value.items()
            if name in _OPENED:
                quiet = self._quiet() or self._is_quiet(name, detail, start)
                self._opened.append((name, detail, quiet))
            elif name == "Heading":
                self._heading(detail, start, end)
            elif name == "FootnoteDefinition":
                self.footnotes.append(Footnote(start, end, detail))

    def _end(self, start: int, end: int) -> None:
        name, detail, _ = self._opened.pop()
        if name == "CodeBlock" or self._quiet():
            return
        if _is_wiki(detail) or self.text.startswith("![[", start):
            self.links += wikilinks(self.text, start, end)
        elif detail["link_type"] == "Inline":
            bracket = self.text.index("](", self._inner_end, end)
            place, image = (start, bracket, end), name == "Image"
            self.links.append(markdown_link(self.text, place, detail["dest_url"], image=image))

    def _quiet(self) -> bool:
        return bool(self._opened) and self._opened[-1][2]

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

    def _item(self, start: int) -> None:
        """Take a list item if it has a check box."""
        found = _TASK.match(self.text, start)
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
    at = Offsets(text[base:], base)
    for event, byte_range in events(text[base:]):
        start, end = at(byte_range["start"]), at(byte_range["end"])
        if isinstance(event, str):
            facts.take(event, None, start, end)
        else:
            ((name, value),) = event.items()
            facts.take(name, value, start, end)
    facts.tags = tags(text, facts.running)
    facts.blocks = block_ids(text, facts.running)
    facts.links += enclosing_links(text, facts.links, facts.running)
    facts.links.sort(key=lambda link: link.start)
    return facts

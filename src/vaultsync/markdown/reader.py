"""Links, headings, block ids, tags, tasks and footnotes of a note's body."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable
from typing import Any

from vaultsync.core.model import Footnote, Heading, Task
from vaultsync.core.regex import SOUND
from vaultsync.markdown.body_facts import Found
from vaultsync.markdown.events import Place, events
from vaultsync.markdown.offsets import Offsets
from vaultsync.markdown.precedence import links_first
from vaultsync.markdown.tags import Places, block_ids, possible_block_ids, possible_tags, tags
from vaultsync.markdown.wikilinks import (
    enclosing_links,
    first_wikilink,
    inline_link,
    possible_enclosing,
    shown,
    wikilinks,
)

# pulldown-cmark counts the columns of a tab as bytes, so an item may begin before its line does.
_TASK = re.compile(
    r"[ \t\r\n>]*(?P<item>[-*+]|\d{1,9}[.)])[ \t]{1,4}\[(?P<mark>[^\r\n])\][ \t]+(?P<text>[^\r\n]*)"
)
_BOX = re.compile(r"\[[^\r\n]\][ \t]")
# A heading with no mark in its text, which is most of them.
_PLAIN_ATX = re.compile(r"#{1,6}[ \t]+(?P<text>[^\r\n#]*[^\s#])[ \t]*(?=[\r\n]|\Z)")
_ATX = re.compile(r"#{1,6}(?:[ \t]+|$)")
_LEVELS = {f"H{level}": level for level in range(1, 7)}
_BREAKS = ("SoftBreak", "HardBreak")
# So many take less time than to make the expression by which plain ones are read.
_FEW_BODIES = 100
_bodies = itertools.count()


class Facts(Found):
    """The facts found so far in the part of `text` that starts at `base`."""

    __slots__ = ("at", "boxed", "quiet_to", "text")

    def __init__(self, text: str, at: Offsets) -> None:
        """Start with nothing found; `at` maps the places of events to `text`."""
        super().__init__()
        self.text, self.at = text, at
        # Without a box anywhere no item has to be looked at.
        self.boxed = _BOX.search(text) is not None
        # The byte up to which there is no running text, but code or what a link shows.
        self.quiet_to = 0

    def opened(self, value: dict[str, Any], place: Place) -> None:
        """Take something with details of its own, of which the start is told with its end."""
        start, end = place["start"], place["end"]
        if start < self.quiet_to:
            return
        # Without a call for most of them, since each link passes here.
        shift = self.at.shift
        start, end = (start + shift, end + shift) if shift else self.at.range(start, end)
        if "Link" in value:
            detail = value["Link"]
            if detail["link_type"] == "Inline":
                link = inline_link(self.text, start, end, detail)
                (self.outward if link.external else self.inward).append(link)
            elif detail["link_type"].__class__ is dict:
                # What a wikilink shows is no running text.
                self.inward += wikilinks(self.text, start, end)
                self.quiet_to = place["end"]
        elif "Heading" in value:
            self._heading(value["Heading"], start, end)
        elif "Image" in value:
            self._image(value["Image"], start, end, place)
        elif "CodeBlock" in value:
            self.quiet_to = place["end"]
        elif "FootnoteDefinition" in value:
            self.footnotes.append(Footnote(start, end, value["FootnoteDefinition"]))

    def _image(self, detail: dict[str, Any], start: int, end: int, place: Place) -> None:
        """Take an image or an embed. Its alternative text is no running text.

        An image that begins like an embed is one, with text behind it.
        """
        kind = detail["link_type"]
        embed = self.text.startswith("![[", start)
        if kind.__class__ is dict:
            self.inward += wikilinks(self.text, start, end)
        elif embed:
            # Its own events tell of what else is in it, perhaps of more such images.
            self.inward += first_wikilink(self.text, start, end)
        elif kind == "Inline":
            link = inline_link(self.text, start, end, detail, image=True)
            (self.outward if link.external else self.inward).append(link)
        if not embed or kind.__class__ is dict:
            self.quiet_to = place["end"]

    def _heading(self, detail: dict[str, Any], start: int, end: int) -> None:
        """Take a heading; its text is what stands between the marks."""
        level = _LEVELS[detail["level"]]
        plain = _PLAIN_ATX.match(self.text, start, end)
        if plain:
            self.headings.append(Heading(start, plain.end(), level, plain["text"]))
            return
        raw = self.text[start:end].rstrip("\r\n")
        opening = _ATX.match(raw)
        text = _unclosed(raw[opening.end() :]) if opening else re.split(r"[\r\n]", raw)[0]
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


def expect_bodies(count: int) -> None:
    """Be told how many bodies are about to be read: of many, the first is read plainly too.

    What that needs is made ready at once, for all processes that are going to read.
    """
    if SOUND and count > _FEW_BODIES:
        _read_plain()
        for _ in range(_FEW_BODIES):
            next(_bodies)


def read_facts(text: str, base: int, *, outward: bool = True) -> Found:
    """Return the facts of the body that starts at `base`; links that lead out need not be there."""
    if not SOUND or next(_bodies) < _FEW_BODIES:
        return read_any(text, base)
    return _read_plain()(text, base, outward=outward) or read_any(text, base)


@functools.cache
def _read_plain() -> Callable[..., Found | None]:
    from vaultsync.markdown.fast_path import read_plain

    return read_plain


def read_any(text: str, base: int) -> Found:
    """Return the same by the events of the whole body."""
    body = text[base:]
    at = Offsets(body, base)
    facts = Facts(text, at)
    words, ids = possible_tags(text, base), possible_block_ids(text, base)
    around = possible_enclosing(text, base)
    places = Places((found.start() for found in (*words, *ids, *around)), at)
    walk(links_first(body), facts, places)
    facts.tags = tags(text, words, places)
    facts.blocks = block_ids(ids, places)
    if around:
        found = shown([*facts.inward, *facts.outward, *enclosing_links(text, around, places)])
        facts.inward = [link for link in found if not link.external]
        facts.outward = [link for link in found if link.external]
    return facts


def walk(body: str, facts: Facts, places: Places) -> None:
    """Take all events. Most are runs of text, which matter only where a mark may start in them."""
    before: Any = ""
    taken = False
    boxed, reached, opened = facts.boxed, places.next, facts.opened
    for event, place in events(body):
        if "Start" in event:
            value = event["Start"]
            if value.__class__ is dict:
                opened(value, place)
            elif boxed and value == "Item":
                facts.item(place)
        elif "Text" in event:
            if place["end"] > reached and place["start"] >= facts.quiet_to:
                places.take(place["start"], place["end"], after_markup="Text" not in before)
                reached, taken = places.next, True
        elif taken:
            # A break matters only right behind a run that was taken.
            if event in _BREAKS:
                places.take_break(place["end"])
            taken = False
        before = event

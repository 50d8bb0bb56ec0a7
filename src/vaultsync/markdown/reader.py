"""Links, headings, block ids, tags, tasks and footnotes of a note's body."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from vaultsync.core.model import Footnote, Heading, Task
from vaultsync.core.text import POSSESSIVE_WORKS
from vaultsync.markdown.events import (
    BodyFacts,
    CandidatePositions,
    Offsets,
    Place,
    confirmed_block_ids,
    confirmed_tags,
    events,
    possible_block_ids,
    possible_tags,
)
from vaultsync.markdown.links import (
    enclosing_links,
    parse_first_wikilink,
    parse_inline_link,
    parse_wikilinks,
    possible_enclosing_links,
    prefer_wikilinks,
    visible_links,
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


class FactCollector(BodyFacts):
    """The facts found so far in the part of `text` that starts at `base`."""

    __slots__ = ("at", "boxed", "quiet_to", "text")

    def __init__(self, text: str, at: Offsets) -> None:
        """Start with nothing found; `at` maps the places of events to `text`."""
        super().__init__()
        self.text, self.at = text, at
        # Without a box anywhere no item has to be looked at.
        self.boxed = _BOX.search(text) is not None
        # The byte up to which the text is code or the display of a link, not running text.
        self.quiet_to = 0

    def start_element(self, value: dict[str, Any], place: Place) -> None:
        """Take the start of an element with details, whose range includes its end."""
        start, end = place["start"], place["end"]
        if start < self.quiet_to:
            return
        # Without a call for most of them, since each link passes here.
        shift = self.at.shift
        start, end = (start + shift, end + shift) if shift else self.at.range(start, end)
        if "Link" in value:
            detail = value["Link"]
            if detail["link_type"] == "Inline":
                link = parse_inline_link(self.text, start, end, detail)
                (self.external if link.external else self.internal).append(link)
            elif detail["link_type"].__class__ is dict:
                # The display text of a wikilink is not running text.
                self.internal += parse_wikilinks(self.text, start, end)
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
        """Take an image or an embed. Its alternative text is not running text.

        An image that begins like an embed is one, with text behind it.
        """
        kind = detail["link_type"]
        embed = self.text.startswith("![[", start)
        if kind.__class__ is dict:
            self.internal += parse_wikilinks(self.text, start, end)
        elif embed:
            # Events of its content follow, which may include more such images.
            self.internal += parse_first_wikilink(self.text, start, end)
        elif kind == "Inline":
            link = parse_inline_link(self.text, start, end, detail, image=True)
            (self.external if link.external else self.internal).append(link)
        if not embed or kind.__class__ is dict:
            self.quiet_to = place["end"]

    def _heading(self, detail: dict[str, Any], start: int, end: int) -> None:
        """Take a heading; its text is what is between the marks."""
        level = _LEVELS[detail["level"]]
        plain = _PLAIN_ATX.match(self.text, start, end)
        if plain:
            self.headings.append(Heading(start, plain.end(), level, plain["text"]))
            return
        raw = self.text[start:end].rstrip("\r\n")
        opening = _ATX.match(raw)
        text = _unclosed(raw[opening.end() :]) if opening else re.split(r"[\r\n]", raw)[0]
        self.headings.append(Heading(start, start + len(raw), level, text.strip()))

    def list_item(self, place: Place) -> None:
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


def read_body_facts(
    text: str, base: int, *, external: bool = True, fast: bool = False
) -> BodyFacts:
    """Return the facts of the body that starts at `base`.

    `fast` tries the fast path first, which saves time where many bodies are read (`fast_path`).
    Without `external`, links that lead out may be left out.
    """
    plain = fast_reader()(text, base, external=external) if fast and POSSESSIVE_WORKS else None
    return plain or read_by_events(text, base)


def fast_reader() -> Callable[..., BodyFacts | None]:
    """Return the reader of the fast path; its expression is compiled at the first call."""
    from vaultsync.markdown.fast_path import read_fast

    return read_fast


def read_by_events(text: str, base: int) -> BodyFacts:
    """Return the facts by the events of the whole body; unlike the fast path, it reads any body."""
    body = text[base:]
    at = Offsets(body, base)
    facts = FactCollector(text, at)
    words, ids = possible_tags(text, base), possible_block_ids(text, base)
    around = possible_enclosing_links(text, base)
    places = CandidatePositions((found.start() for found in (*words, *ids, *around)), at)
    collect(prefer_wikilinks(body), facts, places)
    facts.tags = confirmed_tags(text, words, places)
    facts.blocks = confirmed_block_ids(ids, places)
    if around:
        found = visible_links(
            [*facts.internal, *facts.external, *enclosing_links(text, around, places)]
        )
        facts.internal = [link for link in found if not link.external]
        facts.external = [link for link in found if link.external]
    return facts


def collect(body: str, facts: FactCollector, places: CandidatePositions) -> None:
    """Take all events. Most are runs of text, which matter only where they contain a candidate."""
    before: Any = ""
    taken = False
    boxed, reached, opened = facts.boxed, places.next, facts.start_element
    for event, place in events(body):
        if "Start" in event:
            value = event["Start"]
            if value.__class__ is dict:
                opened(value, place)
            elif boxed and value == "Item":
                facts.list_item(place)
        elif "Text" in event:
            if place["end"] > reached and place["start"] >= facts.quiet_to:
                places.add_text(place["start"], place["end"], after_markup="Text" not in before)
                reached, taken = places.next, True
        elif taken:
            # A break matters only right behind a run that was taken.
            if event in _BREAKS:
                places.add_line_break(place["end"])
            taken = False
        before = event

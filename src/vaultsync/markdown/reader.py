"""Links, headings, block ids, tags, tasks and footnotes of a note's body."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any

from vaultsync.core.model import Block, Footnote, Heading, LinkKind, Task
from vaultsync.markdown import events, hiding, links
from vaultsync.markdown.links import parse_inline_link, parse_wikilinks

# pulldown-cmark counts the columns of a tab as bytes, so an item may begin before its line does.
_TASK = re.compile(
    r"[ \t\r\n>]*(?P<item>[-*+]|\d{1,9}[.)])[ \t]{1,4}\[(?P<mark>[^\r\n])\][ \t]+(?P<text>[^\r\n]*)"
)
_BOX = re.compile(r"\[[^\r\n]\][ \t]")
# A heading with no mark in its text, which is most of them.
_PLAIN_ATX = re.compile(r"#{1,6}[ \t]+(?P<text>[^\r\n#]*[^\s#])[ \t]*(?=[\r\n]|\Z)")
# The marks that may close a heading.
_CLOSING = re.compile(r"(?:^|(?<=[ \t]))#+[ \t]*\Z")
_LINKS: dict[str, LinkKind] = {"Link": "markdown", "Image": "image"}
_BREAKS = ("SoftBreak", "HardBreak")
# So often a body with mathematics is read at most.
_MATH_ROUNDS = 3
# Containers in which Obsidian has no headings.
_NESTING = frozenset({"BlockQuote", "List"})


class FactCollector(events.BodyFacts):
    """The facts found so far in a part of `text`; `at` maps the places of events to it.

    `quiet_to` is the byte up to which the text is code or the display of a link, not running text,
    and `nested_to` the byte up to which it is a quote or list.
    """

    __slots__ = ("at", "nested_to", "quiet_to", "rendered", "text")

    def __init__(self, text: str, at: events.Offsets, *, rendered: bool = False) -> None:
        """Start with nothing found. With `rendered`, all of CommonMark's headings are some."""
        super().__init__()
        self.rendered = rendered
        self.text, self.at, self.quiet_to, self.nested_to = text, at, 0, 0

    def start_element(self, value: dict[str, Any], place: events.Place) -> None:
        """Take the start of an element with details, whose range includes its end."""
        start, end = place["start"], place["end"]
        if start < self.quiet_to:
            return
        # Without a call for most of them, since each link passes here.
        shift = self.at.shift
        start, end = (start + shift, end + shift) if shift else (self.at(start), self.at(end))
        ((name, detail),) = value.items()
        if name == "Link" and detail["link_type"] == "Inline":
            if not detail["dest_url"]:
                return
            link = parse_inline_link(self.text, start, end, "markdown", detail)
            (self.external if link.external else self.internal).append(link)
        elif name in _LINKS:
            self._link(detail, start, end, place["end"], _LINKS[name])
        elif name == "Heading" and (place["start"] >= self.nested_to or self.rendered):
            self._heading(detail, start, end)
        elif name in _NESTING:
            self.nested_to = max(self.nested_to, place["end"])
        elif name == "CodeBlock":
            self.quiet_to = place["end"]
        elif name == "FootnoteDefinition":
            self.footnotes.append(Footnote(start, min(end, len(self.text)), detail))

    def _link(
        self, detail: dict[str, Any], start: int, end: int, quiet_to: int, kind: LinkKind
    ) -> None:
        """Take a link, an image or an embed.

        The display of a wikilink and the alternative text of an image are not running text. An
        image that begins like an embed is one, with text behind it, which may include more such
        images.
        """
        written, image = detail["link_type"], kind == "image"
        embed = image and self.text.startswith("![[", start)
        if written == "Inline" and not embed and detail["dest_url"]:
            link = parse_inline_link(self.text, start, end, kind, detail)
            (self.external if link.external else self.internal).append(link)
        elif isinstance(written, dict):
            self.internal += parse_wikilinks(self.text, start, end)
        elif embed:
            self.internal += links.parse_first_wikilink(self.text, start, end)
        if isinstance(written, dict) or (image and not embed):
            self.quiet_to = quiet_to

    def _heading(self, detail: dict[str, Any], start: int, end: int) -> None:
        """Take a heading; its text is between the marks, or alone on the line above them."""
        level = int(detail["level"][1:])
        plain = _PLAIN_ATX.match(self.text, start, end)
        if plain:
            self.headings.append(Heading(start, plain.end(), level, plain["text"]))
            return
        raw = self.text[start:end].rstrip("\r\n")
        if self.rendered or events.is_heading(raw):
            opening = events.ATX.match(raw)
            lines = re.split(r"\r\n|[\r\n]", raw)
            text = _CLOSING.sub("", raw[opening.end() :]) if opening else " ".join(lines[:-1])
            self.headings.append(Heading(start, start + len(raw), level, text.strip()))

    def list_item(self, place: events.Place) -> None:
        """Take a list item if it has a check box."""
        found = _TASK.match(self.text, self.at(place["start"]))
        if found:
            text = found["text"].rstrip()
            end = found.start("text") + len(text)
            self.tasks.append(Task(found.start("item"), end, found["mark"], text))


@functools.cache
def fast_reader() -> Callable[..., events.BodyFacts | None]:
    """Return the reader of the fast path; its expression is compiled at the first call."""
    from vaultsync.markdown.fast_path import read_fast

    return read_fast


def read_by_events(text: str, base: int) -> events.BodyFacts:
    """Return the facts by the events of the whole body; unlike the fast path, it reads any body."""
    words, ids = events.possible_tags(text, base), events.possible_block_ids(text, base)
    around = links.possible_enclosing_links(text, base)
    spans_lines = hiding.open_comment(text, base) >= 0
    comments = list(hiding.COMMENT.finditer(text, base)) if spans_lines else []
    facts, places = _read(
        text, base, (found.start() for found in (*words, *ids, *around, *comments))
    )
    for mark, close in hiding.hiding(text, comments, places) if comments else ():
        end = close if close >= 0 else len(text)
        facts.headings = [h for h in facts.headings if not mark.start() < h.start < end]
    firsts = [found.start() for found in words if places.begins_word(text, found.start())]
    facts.tags = [tag for first in firsts for tag in events.adjacent_tags(text, first)]
    # A block id ends the last line of a block.
    facts.blocks = [
        Block(found.start(), found.end(), found["id"])
        for found in ids
        if places.is_in_text(found.start()) and places.ends_block(found.end("end"))
    ]
    if around:
        found = links.visible_links(
            [*facts.internal, *facts.external, *links.enclosing_links(text, around, places)]
        )
        facts.internal = [link for link in found if not link.external]
        facts.external = [link for link in found if link.external]
    return facts


def _read(
    text: str, base: int, starts: Iterable[int], *, closed: bool = False
) -> tuple[FactCollector, events.CandidatePositions]:
    """Return the facts of the whole body, and which of the offsets are in running text.

    A round finds where mathematics goes on beyond the end of a paragraph, as far as the round
    before could read; `closed`: only where it is closed somewhere.
    """
    body = text[base:]
    at = events.Offsets(body, base)
    marks = [mark.start() for mark in hiding.MATH.finditer(text, base)] if "$$" in text else []
    starts, rounds = [*starts, *marks], _MATH_ROUNDS if marks else 1
    while True:
        facts, places = FactCollector(text, at), events.CandidatePositions(starts, at)
        collect(links.prefer_wikilinks(body), facts, places)
        rounds -= 1
        longer = rounds and hiding.math_on_one_line(text, base, places, body, closed=closed)
        if not longer:
            return facts, places
        body = longer


def rendered_headings(text: str) -> list[Heading]:
    """Return the headings that a page shows of a text, also those that are none in Obsidian."""
    at = events.Offsets(text, 0)
    facts = FactCollector(text, at, rendered=True)
    collect(links.prefer_wikilinks(text), facts, events.CandidatePositions((), at))
    return facts.headings


def running_text(text: str, base: int, starts: Iterable[int]) -> events.CandidatePositions:
    """Return which of the offsets from `base` on are in running text."""
    return _read(text, base, starts, closed=True)[1]


def collect(body: str, facts: FactCollector, places: events.CandidatePositions) -> None:
    """Take all events. Most are runs of text, which matter only where they contain a candidate."""
    before: Any = ""
    taken = False
    # Without a box anywhere no item has to be looked at.
    boxed = _BOX.search(facts.text) is not None
    reached, opened = places.next, facts.start_element
    for event, place in events.events(body):
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
                places.breaks.add(place["end"])
            taken = False
        before = event

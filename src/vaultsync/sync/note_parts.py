"""Divide a note into parts that have a key of their own, so that versions can be merged by key."""

from __future__ import annotations

from itertools import pairwise

from vaultsync.core.config import Config
from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.markdown import elements
from vaultsync.notes.body import Body, Question, Relation
from vaultsync.notes.citation import Source
from vaultsync.notes.link_index import heading_key
from vaultsync.notes.note import note_of
from vaultsync.sync.three_way import Part

_SECTION_LEVEL = 2
OPENING, CLAIM = "", "claim"


class DividedNote:
    """A version of a note (LF line ends) in regions: the opening, and the sections of its type.

    What is behind a section, up to the next one of the type, is a region of its own.
    """

    def __init__(self, document: Document, config: Config) -> None:
        """Find the regions."""
        self.text, self.body = document.text, document.body
        note = note_of(document, config)
        self.parsed = note.body if note else Body()
        self.check = note.type.checked if note else ""
        # What a person compares with the sources: the claim, and which works it is from.
        originals = note.originals() if note else ()
        self.checked = self.parsed.lead and self.parsed.lead.text, {s.identity for s in originals}
        self.sections = note.type.body.sections if note else {}
        self.spans = self._spans(document)

    def _spans(self, document: Document) -> dict[str, Span]:
        names = {heading_key(name): name for name in self.sections}
        heads = [one for one in document.headings if one.level <= _SECTION_LEVEL]
        start = self.body + len(self.text[self.body :]) - len(self.text[self.body :].lstrip("\n"))
        places = [start, *(one.start for one in heads), len(self.text)]
        found, last = dict[str, Span](), OPENING
        for heading, (first, end) in zip([None, *heads], pairwise(places), strict=True):
            is_section = heading and heading.level == _SECTION_LEVEL
            name = names.get(heading_key(heading.text)) if heading and is_section else None
            if name and name not in found:
                last = name
            elif last in self.sections:
                last = f"{last}\n"
            found[last] = Span(found[last].start if last in found else first, end)
        return {key: span for key, span in found.items() if span.start < span.end}

    @property
    def regions(self) -> dict[str, Part]:
        """The regions in their order, by name; that behind a section has a line break in it."""
        return {key: Part.of(span.of(self.text)) for key, span in self.spans.items()}

    def parts(self, region: str) -> dict[str, Part]:
        """Return the parts of a region; of one that the note lacks none."""
        span = self.spans.get(region)
        if span is None:
            return {}
        return self._opening(span) if region == OPENING else self._section(region, span)

    def _opening(self, span: Span) -> dict[str, Part]:
        """Return the claim, and what is before and behind it."""
        lead = self.parsed.lead
        if lead is None:
            return {"behind": Part.of(span.of(self.text))}
        rest = self.text[lead.span.end : span.end]
        behind = span.end - len(rest.lstrip("\n"))
        places = pairwise((span.start, lead.span.start, behind, span.end))
        found = zip(("before", CLAIM, "behind"), places, strict=True)
        return {name: Part.of(self.text[at:end]) for name, (at, end) in found if at < end}

    def _section(self, name: str, span: Span) -> dict[str, Part]:
        """Return the heading, the items by what they are about, and other blocks by themselves.

        The second of two that are about the same has a key of its own.
        """
        items = self.parsed.sections[name].items
        values = {item.span.start: item.value for item in items}
        inner = [one for one in elements(self.text[: span.end], span.start) if one.depth <= 1]
        starts = [self.text.rfind("\n", 0, one.start) + 1 for one in inner]
        found: dict[str, Part] = {}
        for element, (start, end) in zip(inner, pairwise([*starts, span.end]), strict=True):
            part = Part.of(self.text[start:end])
            key = "heading" if element is inner[0] else _key(values.get(element.start), part)
            while key in found:
                key += " "
            found[key] = part
        return found


def _key(value: Source | Relation | Question | None, part: str) -> str:
    if isinstance(value, Source):
        return f"work {value.identity}"
    if isinstance(value, Relation):
        return f"note {value.target}"
    return f"question {value.text}" if isinstance(value, Question) else f"text {part}"

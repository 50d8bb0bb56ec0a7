"""Typed notes: a document with its type, its stage of life and its body as data.

A body has a lead, a caveat, and sections whose items follow a grammar.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import msgspec

from vaultsync.core import config as settings
from vaultsync.core.config import BodyRules, Condition, Config, Items, NoteType
from vaultsync.core.model import Document, Element, Heading, Vault
from vaultsync.core.text import Span
from vaultsync.markdown import elements
from vaultsync.markdown.links import DESTINATION, markdown_target, split_wikilink
from vaultsync.notes.citation import Source, parse_source
from vaultsync.notes.link_index import heading_key

# The headings that begin a section, and with those above them end one.
_SECTION_LEVEL = 2
_BOX = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[^\n]\][ \t]")
_MARKER = re.compile(r"\A(?:[-*+]|\d{1,9}[.)])[ \t]*(?:\[[^\r\n]\](?:[ \t]+|\Z))?")
_LINK = rf"(?:\[\[(?P<wiki>[^\[\]]+)\]\]|\[[^\]]*\]\((?P<markdown>{DESTINATION})\))"
_RELATION = re.compile(rf"{_LINK}\s*(?::\s*(?P<reason>.*))?", re.DOTALL)
_ANSWER = re.compile(rf"(?P<text>.*?)\s*\banswered:\s*(?P<answer>{_LINK})?.*", re.DOTALL)
_COMMENT = re.compile(r"%%.*?%%|<!--.*?(?:-->|\Z)", re.DOTALL)
_BLOCK_ID = re.compile(r"[ \t]+\^[A-Za-z0-9-]+$")


class Relation(msgspec.Struct, frozen=True):
    """A link to a related note: `[[note]]: tension: reason (crux: what would decide)`."""

    target: str
    reason: str = ""
    tension: bool = False
    crux: str = ""


class Question(msgspec.Struct, frozen=True):
    """An open question; `answer` is the target of `answered: [[note]]`, "" where it is missing."""

    text: str
    answer: str | None = None


class Item(msgspec.Struct, frozen=True):
    """A list item. `value` is None where it does not follow the grammar of its section."""

    span: Span
    text: str
    grammar: Items
    value: Source | Relation | Question | None = None


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph with its line breaks as spaces."""

    span: Span
    text: str


class Section(msgspec.Struct, frozen=True):
    """A level-two heading and the list items below it, up to the next of that level or above.

    `repeated` are later headings of the same name: the items below those are not read.
    """

    heading: Span
    items: tuple[Item, ...]
    repeated: tuple[Span, ...] = ()

    def own_items(self, grammar: Items) -> tuple[Item, ...]:
        """Return the items that should follow the section's grammar: all but the tasks."""
        return tuple(item for item in self.items if item.grammar == grammar)


class Body(msgspec.Struct, frozen=True):
    """The lead is the first paragraph before any heading; the caveat the second, if it is one."""

    lead: Paragraph | None = None
    caveat: Paragraph | None = None
    prose: tuple[Paragraph, ...] = ()
    sections: Mapping[str, Section] = {}

    def values(self, name: str) -> tuple[Source | Relation | Question, ...]:
        """Return the values of the well-formed items of a section."""
        section = self.sections.get(name)
        return tuple(item.value for item in section.items if item.value) if section else ()


def read_body(document: Document, rules: BodyRules) -> Body:
    """Read a note's body by the rules of its type."""
    return _Reader(document, rules).body()


class _Reader:
    def __init__(self, document: Document, rules: BodyRules) -> None:
        self.text, self.rules = document.text, rules
        self.parts = elements(document.text, document.body)
        self.headings = {heading.start: heading for heading in document.headings}

    def body(self) -> Body:
        opening = itertools.takewhile(lambda part: part.kind != "heading", self.parts)
        found = [self._paragraph(part.span) for part in opening if part.kind == "paragraph"]
        rest = [paragraph for paragraph in found if paragraph.text]
        lead = rest.pop(0) if rest else None
        mark = self.rules.caveat
        caveat = rest.pop(0) if mark and rest and rest[0].text.startswith(mark) else None
        return Body(lead, caveat, tuple(rest), self._sections())

    def _paragraph(self, span: Span) -> Paragraph:
        raw = span.of(self.text).rstrip()
        return Paragraph(Span(span.start, span.start + len(raw)), _plain(raw))

    def _sections(self) -> dict[str, Section]:
        names = {heading_key(name): name for name in self.rules.sections}
        places: dict[str, list[tuple[int, Span]]] = {}
        for number, part in enumerate(self.parts):
            heading = self._heading(part)
            name = names.get(heading_key(heading.text)) if heading else None
            if name and heading and heading.level == _SECTION_LEVEL:
                places.setdefault(name, []).append((number, heading.span))
        found = {}
        for name, ((number, span), *later) in places.items():
            items = self._items(number + 1, self.rules.sections[name].items)
            found[name] = Section(span, tuple(items), tuple(span for _, span in later))
        return found

    def _heading(self, part: Element) -> Heading | None:
        return self.headings.get(part.start) if part.kind == "heading" else None

    def _items(self, first: int, grammar: Items) -> Iterator[Item]:
        parts = self.parts[first:]
        # Parts do not overlap but for an item and those nested in it, which follow it.
        starts = [*(part.start for part in parts[1:]), len(self.text)]
        for part, following in zip(parts, starts, strict=False):
            heading = self._heading(part)
            if heading and heading.level <= _SECTION_LEVEL:
                return
            if part.kind == "item" and part.depth == 1:
                yield self._item(Span(part.start, min(part.end, following)), grammar)

    def _item(self, own: Span, grammar: Items) -> Item:
        raw = own.of(self.text).rstrip()
        text = _plain(_MARKER.sub("", raw))
        if grammar != "text" and _BOX.match(raw):
            # A task may be anywhere; it is not a source, relation or question.
            grammar = "task"
        span = Span(own.start, own.start + len(raw))
        return Item(span, text, grammar, read_item(text, grammar))


def _plain(raw: str) -> str:
    """Leave out comments and the block id, and make one line of it."""
    return _BLOCK_ID.sub("", " ".join(_COMMENT.sub("", raw).split()))


def read_item(text: str, grammar: Items) -> Source | Relation | Question | None:
    """Read the text of a list item by a grammar; None where it does not follow it."""
    if grammar == "source":
        return parse_source(text)
    if grammar == "relation":
        return _relation(text)
    return _question(text) if grammar == "question" else None


def _relation(text: str) -> Relation | None:
    found = _RELATION.fullmatch(text)
    if found is None:
        return None
    reason = (found["reason"] or "").strip()
    tension = reason.lower().startswith("tension:")
    if tension:
        reason = reason[len("tension:") :].strip()
    before, mark, behind = reason.partition("(crux:")
    behind = behind.removesuffix(".").rstrip()
    if mark and behind.endswith(")"):
        return Relation(_target(found), before.rstrip(), tension, behind[:-1].strip())
    return Relation(_target(found), reason, tension)


def _question(text: str) -> Question:
    found = _ANSWER.fullmatch(text)
    if found is None:
        return Question(text)
    return Question(found["text"].strip(), _target(found) if found["answer"] else "")


def _target(found: re.Match[str]) -> str:
    if found["wiki"]:
        return split_wikilink(found["wiki"])[0]
    return markdown_target(found["markdown"].strip("<>"))[0]


_NO = ("false", "no", "off")
DRAFT, RETIRED, ANSWERED = "draft", "retired", "answered"


class Note:
    """A document of a type of the settings. The body is read at its first use."""

    def __init__(self, document: Document, type_name: str, note_type: NoteType) -> None:
        """Bind a document to its type."""
        self.document, self.type_name, self.type = document, type_name, note_type

    @property
    def path(self) -> str:
        """The note's vault-relative path."""
        return self.document.path

    @cached_property
    def body(self) -> Body:
        """The note's body as its type describes it."""
        return read_body(self.document, self.type.body)

    @property
    def title(self) -> str:
        """The title property, else the file's name."""
        return self.document.text_property("title") or stem(self.path)

    @property
    def lead(self) -> str:
        """The first paragraph; the title where there is none."""
        return self.body.lead.text if self.body.lead else self.title

    @property
    def checked(self) -> str | None:
        """The day on which a person last compared it with its sources, as it is written."""
        return self.document.text_property(self.type.checked) if self.type.checked else None

    def in_state(self, state: str) -> bool:
        """Whether the note is in a stage of its type.

        A note without a value for any property that marks a draft is a draft.
        """
        condition = self.type.states.get(state)
        met = condition is not None and meets_condition(condition, self.document)
        return met or (state == DRAFT and self.is_unclassified)

    @property
    def is_unclassified(self) -> bool:
        """Whether the note has no value for the properties that mark a draft of its type."""
        condition = self.type.states.get(DRAFT, {})
        data = self.document.properties.data
        return bool(condition) and all(data.get(name) in (None, "") for name in condition)

    @property
    def is_draft(self) -> bool:
        """Whether the note is not yet part of what readers see."""
        return self.in_state(DRAFT)

    @property
    def is_private(self) -> bool:
        """Whether the note is kept out of every output."""
        return is_private(self.document)

    def sources(self) -> tuple[Source, ...]:
        """Return the well-formed sources of all its sections."""
        return tuple(value for value in self._values() if isinstance(value, Source))

    def first_source(self) -> tuple[settings.Section, Source] | None:
        """Return the first source in the role that its section puts first, with the section."""
        for name, section in self.type.body.sections.items():
            for value in self.body.values(name):
                if section.first and isinstance(value, Source) and value.role == section.first:
                    return section, value
        return None

    def relations(self) -> tuple[Relation, ...]:
        """Return the well-formed relations of all its sections."""
        return tuple(value for value in self._values() if isinstance(value, Relation))

    def questions(self) -> tuple[Question, ...]:
        """Return the questions of all its sections."""
        return tuple(value for value in self._values() if isinstance(value, Question))

    def _values(self) -> list[Source | Relation | Question]:
        return [value for name in self.body.sections for value in self.body.values(name)]


def is_private(document: Document) -> bool:
    """Whether a note has `publish: false`, or another word for no that YAML reads as text."""
    value = document.properties.data.get("publish")
    return str(value).strip().lower() in _NO


def meets_condition(condition: Condition, document: Document) -> bool:
    """Whether every property named has its value, or one of its values."""
    data = document.properties.data
    return all(
        any(value in _listed(wanted) for value in _listed(data.get(name)))
        for name, wanted in condition.items()
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def stem(path: str) -> str:
    """Return a file's name without folder and `.md`."""
    return path.rpartition("/")[2].removesuffix(".md")


def note_of(document: Document, config: Config) -> Note | None:
    """Return the typed note of a document; None where no type claims it."""
    name = config.type_name(document.path) if document.kind == "note" else None
    return Note(document, name, config.types[name]) if name else None


def typed_notes(vault: Vault, config: Config) -> tuple[Note, ...]:
    """Return the readable notes that have a type, by path."""
    found = (note_of(vault.documents[path], config) for path in sorted(vault.documents))
    return tuple(note for note in found if note and is_readable(note.document))


def is_readable(document: Document) -> bool:
    """Whether both the text and the properties of a document can be read."""
    return not document.error and not document.properties.error

"""Typed notes: a document with its type, its stage of life and its body."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from functools import cached_property
from operator import ne
from typing import Any

from vaultsync.core.config import Condition, Config, NoteType, Section
from vaultsync.core.model import Document, Properties, Vault
from vaultsync.notes.body import Body, Item, Question, Relation, read_body
from vaultsync.notes.citation import Source, quotations

PUBLISH = "publish"
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
    def handle(self) -> str | None:
        """The familiar name, in the property that the type names for it."""
        return self.document.text_property(self.type.handle) if self.type.handle else None

    @property
    def name(self) -> str:
        """The one name by which lists call the note: its handle, else its title."""
        return self.handle or self.title

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

    def quoted_sources(self) -> Iterator[tuple[Item, Source, tuple[str, ...]]]:
        """Yield each well-formed source, with its item and what is quoted from it below that."""
        for section in self.body.sections.values():
            for item in section.items:
                if isinstance(item.value, Source):
                    yield item, item.value, quotations(item.more)

    def first_source(self) -> tuple[Section, Source] | None:
        """Return the first source in the role that its section puts first, with the section."""
        for name, section in self.type.body.sections.items():
            for value in self.body.values(name):
                if section.first and isinstance(value, Source) and value.role == section.first:
                    return section, value
        return None

    def originals(self) -> tuple[Source, ...]:
        """Return the sources in the role that their section puts first, each work once."""
        found: dict[str, Source] = {}
        for name, section in self.type.body.sections.items():
            for value in self.body.values(name):
                if section.first and isinstance(value, Source) and value.role == section.first:
                    found.setdefault(value.identity, value)
        return tuple(found.values())

    def relations(self) -> tuple[Relation, ...]:
        """Return the well-formed relations of all its sections."""
        return tuple(value for value in self._values() if isinstance(value, Relation))

    def questions(self) -> tuple[Question, ...]:
        """Return the questions of all its sections."""
        return tuple(value for value in self._values() if isinstance(value, Question))

    def _values(self) -> list[Source | Relation | Question]:
        return [value for name in self.body.sections for value in self.body.values(name)]


def publish_keys(properties: Properties) -> tuple[str, ...]:
    """Return the names of properties that are `publish`, in any letter case or misspelt.

    Misspelt is a name in which two letters are swapped; `published` is another property.
    """
    return _publish_keys(tuple(properties.data))


# Many notes have the same properties.
@functools.lru_cache(maxsize=1024)
def _publish_keys(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if _is_publish(name.lower()))


def _is_publish(name: str) -> bool:
    if name == PUBLISH or len(name) != len(PUBLISH):
        return name == PUBLISH
    return sorted(name) == sorted(PUBLISH) and sum(map(ne, name, PUBLISH)) == len("ab")


def is_private(document: Document) -> bool:
    """Whether a property on being published has another value than a plain `publish: true`."""
    properties = document.properties
    return any(properties.data[name] is not True for name in publish_keys(properties))


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
    """Whether the text and the properties of a document can be read, and are of one version."""
    return not (document.error or document.properties.error or document.conflicts)

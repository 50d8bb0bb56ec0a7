"""The notes as data, in the shape that `docs/schemas/encyclopedia.json` describes."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal
from urllib.parse import quote

import msgspec
from msgspec import Meta

from vaultsync.blocks.context import Context
from vaultsync.notes.citation import Source, canonical_url
from vaultsync.notes.note import Note, Question
from vaultsync.publish.compose import Composition
from vaultsync.publish.compose.appendix import is_tension, reason
from vaultsync.publish.targets.dialect import RenderJob

Path = Annotated[str, Meta(description="A note, by its path in the vault.")]
Text = Annotated[str, Meta(description="Markdown in one line.")]


class SourceData(msgspec.Struct, frozen=True):
    """A work that the note cites."""

    id: Annotated[str, Meta(description="The same wherever the same work is cited.")]
    role: Annotated[str, Meta(description="What it is to the claim, such as `contrary`.")]
    title: str
    url: str
    who: Annotated[str, Meta(description="Authors, as they are cited.")]
    year: int | None
    details: Annotated[tuple[str, ...], Meta(description="Where it appeared, and where in it.")]


class RelationData(msgspec.Struct, frozen=True):
    """A related note. Each relation is listed at both ends."""

    note: Path
    reason: Text
    tension: Annotated[bool, Meta(description="Whether the two pull against each other.")]
    crux: Annotated[str, Meta(description="What would decide between them.")]


class QuestionData(msgspec.Struct, frozen=True):
    """An open question of the note."""

    text: Text
    answered: bool
    answer: Annotated[str | None, Meta(description="The note with the answer, by its path.")]


class EventData(msgspec.Struct, frozen=True):
    """A line of the changelog on the note, without its name."""

    date: Annotated[str, Meta(description="YYYY-MM-DD.")]
    text: Text


class NoteData(msgspec.Struct, frozen=True):
    """A note that readers may see."""

    path: Path
    type: Annotated[str, Meta(description="The name of its type in the settings.")]
    title: str
    states: Annotated[tuple[str, ...], Meta(description="Stages of its life: retired, answered.")]
    url: Annotated[str | None, Meta(description="Its place on the page, where that is known.")]
    properties: Annotated[
        dict[str, Any], Meta(description="What `publish.properties` and `publish.details` name.")
    ]
    lead: Annotated[str | None, Meta(description="The claim, as Markdown in one line.")]
    caveat: str | None
    prose: Annotated[tuple[str, ...], Meta(description="More paragraphs before any section.")]
    sections: Annotated[
        dict[str, tuple[Text, ...]],
        Meta(description="By section, the list items that are in no other field."),
    ]
    sources: tuple[SourceData, ...]
    relations: tuple[RelationData, ...]
    questions: tuple[QuestionData, ...]
    history: Annotated[tuple[EventData, ...], Meta(description="The newest first.")]


class Encyclopedia(msgspec.Struct, frozen=True):
    """All notes of the types that the post shows, but for drafts and private ones."""

    version: Literal[1]
    title: str
    page: Annotated[str | None, Meta(description="Address of the page.")]
    notes: tuple[NoteData, ...]


def schema_text() -> str:
    """Return the JSON Schema of the data as the text of a file."""
    _, parts = msgspec.json.schema_components([Encyclopedia], ref_template="#/$defs/{name}")
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **parts.pop(Encyclopedia.__name__),
        "title": "encyclopedia.json",
        "$defs": parts,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def make(job: RenderJob) -> str:
    """Return the notes, by path."""
    composition, page = job.composition, job.settings.page or None
    notes = tuple(map(_Maker(composition).note, composition.notes))
    return _json(Encyclopedia(1, composition.title, page, notes))


def _json(data: Encyclopedia) -> str:
    try:
        return msgspec.json.format(msgspec.json.encode(data), indent=1).decode() + "\n"
    except UnicodeEncodeError:
        # The name of a file need not be text.
        return json.dumps(msgspec.to_builtins(data), ensure_ascii=False, indent=1) + "\n"


class _Maker:
    def __init__(self, composition: Composition) -> None:
        self.composition: Composition = composition
        self.context: Context = composition.context
        self.paths = frozenset(note.path for note in composition.notes)
        settings = self.context.config.publish
        self.properties = tuple(dict.fromkeys((*settings.details, *settings.properties)))

    def note(self, note: Note) -> NoteData:
        body = note.body
        return NoteData(
            path=note.path,
            type=note.type_name,
            title=note.title,
            states=tuple(state for state in note.type.states if note.in_state(state)),
            url=self._url(note),
            properties=self._properties(note),
            lead=self._text(body.lead.text, note) if body.lead else None,
            caveat=self._text(body.caveat.text, note) if body.caveat else None,
            prose=tuple(self._text(part.text, note) for part in body.prose),
            sections=self._sections(note),
            sources=tuple(map(_source, note.sources())),
            relations=self._relations(note),
            questions=tuple(self._question(asked, note) for asked in note.questions()),
            history=self._events(note),
        )

    def _text(self, text: str, note: Note) -> str:
        return self.composition.piece(text, note.path)

    def _url(self, note: Note) -> str | None:
        page, name = self.context.config.publish.page, self.composition.place(note.path)
        return f"{page}#{quote(name)}" if page and name else None

    def _properties(self, note: Note) -> dict[str, Any]:
        found = note.document.properties
        keys = {name: found.key(name) for name in self.properties}
        return {name: self._value(found.data[key], note) for name, key in keys.items() if key}

    def _value(self, value: Any, note: Note) -> Any:
        """Return a property's value with its links as text: they lead nowhere outside the vault."""
        if isinstance(value, list):
            return [self._value(one, note) for one in value]
        if isinstance(value, dict):
            return {str(name): self._value(one, note) for name, one in value.items()}
        if isinstance(value, str):
            return self._text(value, note) if "[[" in value else value
        return value

    def _sections(self, note: Note) -> dict[str, tuple[str, ...]]:
        found = {}
        for name, section in note.body.sections.items():
            items = [item.text for item in section.items if item.value is None]
            if items:
                found[name] = tuple(self._text(item, note) for item in items)
        return found

    def _relations(self, note: Note) -> tuple[RelationData, ...]:
        return tuple(
            RelationData(
                other.path,
                self._text(reason(relation, self.context), source),
                relation.tension or is_tension(relation, self.context),
                self._text(relation.crux, source),
            )
            for other, source, relation in self.context.related.get(note.path, ())
            if other.path in self.paths
        )

    def _question(self, asked: Question, note: Note) -> QuestionData:
        found = self.context.index.resolve(asked.answer, note.path)[:1] if asked.answer else ()
        answer = next((path for path in found if path in self.paths), None)
        return QuestionData(self._text(asked.text, note), asked.answer is not None, answer)

    def _events(self, note: Note) -> tuple[EventData, ...]:
        path = self.context.config.changelog.note
        entries = self.composition.history.of(note.path, self.properties)
        return tuple(EventData(one.date, self.composition.piece(one.text, path)) for one in entries)


def _source(source: Source) -> SourceData:
    url = source.url if "#" in source.url else canonical_url(source.url)
    return SourceData(
        source.identity, source.role, source.title, url, source.authors, source.year, source.details
    )

"""The notes as data, in the shape that `docs/schemas/encyclopedia.json` describes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any, Literal
from urllib.parse import quote

import msgspec
from msgspec import Meta

from vaultsync.blocks.tensions import is_tension, reason
from vaultsync.notes.body import Body, Question
from vaultsync.notes.citation import Source, author_names
from vaultsync.notes.note import Note
from vaultsync.notes.source_address import canonical_url
from vaultsync.publish.compose import Composition
from vaultsync.publish.targets.works import works

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
    authors: Annotated[tuple[str, ...], Meta(description="The authors that are known.")] = ()
    others: Annotated[bool, Meta(description="Whether it has more authors.")] = False
    key: Annotated[
        str | None, Meta(description="Its key in the bibliography, which has what the page cites.")
    ] = None
    disputes: Annotated[
        tuple[str, ...], Meta(description="Sources of the note that it disputes, by id.")
    ] = ()


class RelationData(msgspec.Struct, frozen=True):
    """A related note. Each relation is listed at both ends."""

    note: Path
    reason: Annotated[str, Meta(description="As it reads from this note, in one line.")]
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


class NoteData(msgspec.Struct, frozen=True, omit_defaults=True):
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
    prose: Annotated[
        tuple[str, ...], Meta(description="More paragraphs and other blocks before any section.")
    ]
    sections: Annotated[
        dict[str, tuple[Text, ...]],
        Meta(description="By section, the list items that are in no other field."),
    ]
    sources: tuple[SourceData, ...]
    relations: tuple[RelationData, ...]
    questions: tuple[QuestionData, ...]
    history: Annotated[tuple[EventData, ...], Meta(description="The newest first.")]
    more: Annotated[
        tuple[str, ...],
        Meta(description="Blocks of Markdown that are in no other field, if there are any."),
    ] = ()
    handle: Annotated[str | None, Meta(description="The familiar name, if it has one.")] = None


class Encyclopedia(msgspec.Struct, frozen=True):
    """All notes of the types that the post shows, but for drafts and private ones."""

    version: Literal[1]
    title: str
    page: Annotated[str | None, Meta(description="Address of the page.")]
    notes: tuple[NoteData, ...]


def make(post: Composition) -> str:
    """Return the notes, by path."""
    notes = tuple(map(_Maker(post).note, post.notes))
    data = Encyclopedia(1, post.title, post.context.config.publish.page or None, notes)
    try:
        return msgspec.json.format(msgspec.json.encode(data), indent=1).decode() + "\n"
    except UnicodeEncodeError:
        # The name of a file need not be text.
        return json.dumps(msgspec.to_builtins(data), ensure_ascii=False, indent=1) + "\n"


class _Maker:
    def __init__(self, post: Composition) -> None:
        self.post, self.context = post, post.context
        self.paths = frozenset(note.path for note in post.notes)
        settings = self.context.config.publish
        self.works = works(post)
        self.properties = tuple(dict.fromkeys((*settings.details, *settings.properties)))

    def note(self, note: Note) -> NoteData:
        body, text = note.body, partial(self.post.piece, path=note.path)
        page, place = self.context.config.publish.page, self.post.place(note.path)
        found = note.document.properties
        keys = {name: found.key(name) for name in self.properties}
        others = {
            name: [item.text for item in section.items if item.value is None]
            for name, section in body.sections.items()
        }
        return NoteData(
            path=note.path,
            type=note.type_name,
            title=note.title,
            states=tuple(state for state in note.type.states if note.in_state(state)),
            url=f"{page}#{quote(place)}" if page and place else None,
            properties={name: _value(found.data[key], text) for name, key in keys.items() if key},
            lead=text(body.lead.text) if body.lead else None,
            caveat=text(body.caveat.text) if body.caveat else None,
            prose=tuple(text(part.text) for part in body.prose),
            sections={name: tuple(map(text, items)) for name, items in others.items() if items},
            sources=tuple(self._source(source, note) for source in note.sources()),
            relations=self._relations(note),
            questions=tuple(self._question(question, note) for question in note.questions()),
            history=self._events(note),
            more=tuple(text(block) for block in _more(body)),
            handle=note.handle,
        )

    def _source(self, source: Source, note: Note) -> SourceData:
        url = source.url if "#" in source.url else canonical_url(source.url)
        names, has_others = author_names(source.authors)
        work = self.works.get(source.identity)
        return SourceData(
            id=source.identity,
            role=source.role,
            title=source.title,
            url=url,
            who=source.authors,
            year=source.year,
            details=source.details,
            authors=names,
            others=has_others,
            key=work.key if work else None,
            disputes=tuple(one.identity for one in source.disputed(note.sources())),
        )

    def _relations(self, note: Note) -> tuple[RelationData, ...]:
        return tuple(
            RelationData(
                other.path,
                self.post.piece(
                    reason(relation, self.context, its_own_note=source.path == note.path),
                    source.path,
                ),
                relation.tension or is_tension(relation, self.context),
                self.post.piece(relation.crux, source.path),
            )
            for other, source, relation in self.context.related.get(note.path, ())
            if other.path in self.paths
        )

    def _question(self, question: Question, note: Note) -> QuestionData:
        index, answer = self.context.index, question.answer
        found = index.resolve(answer, note.path)[:1] if answer else ()
        shown = next((path for path in found if path in self.paths), None)
        return QuestionData(self.post.piece(question.text, note.path), answer is not None, shown)

    def _events(self, note: Note) -> tuple[EventData, ...]:
        path = self.context.config.changelog.note
        entries = self.post.history.of(note.path, self.properties)
        return tuple(EventData(one.date, self.post.piece(one.text, path)) for one in entries)


def _more(body: Body) -> Iterator[str]:
    """Yield the blocks among and in the items of sections, then those of other sections."""
    for section in body.sections.values():
        yield from (item.more for item in section.items if item.more)
        yield from (block.text for block in section.others)
    yield from (block.text for block in body.others)


def _value(value: Any, text: Callable[[str], str]) -> Any:
    """Return a property's value with its links as text: they lead nowhere outside the vault."""
    if isinstance(value, list):
        return [_value(one, text) for one in value]
    if isinstance(value, dict):
        return {str(name): _value(one, text) for name, one in value.items()}
    return text(value) if isinstance(value, str) and "[[" in value else value

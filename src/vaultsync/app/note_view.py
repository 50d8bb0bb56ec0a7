"""What is known about one note: its claim, its sources, its relations both ways, its history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from vaultsync.blocks.journal import dated_lines, journal_in
from vaultsync.blocks.journal_sentences import WIKILINK, read_sentence
from vaultsync.blocks.quote import find_blocks, plain_text
from vaultsync.blocks.tensions import is_tension, reason
from vaultsync.core.model import Document
from vaultsync.core.text import Lines, Span, shortened
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Checked
from vaultsync.lint.engine.check_note import names_of
from vaultsync.lint.rules.body import sentences
from vaultsync.markdown.links import split_wikilink
from vaultsync.notes.body import Relation
from vaultsync.notes.note import Note, stem

# Of a line with a link so many characters are shown.
_LONGEST = 200
# Of more links nobody reads the lines.
_MOST_LINKS = 200


class Row(msgspec.Struct, frozen=True, rename="camel"):
    """A part of what is known."""


class Lead(Row, frozen=True):
    """The first paragraph, and how long it is and may be."""

    text: str
    words: int
    most_words: int | None
    sentences: int
    most_sentences: int | None


class Property(Row, frozen=True):
    """A property, with its value as a text."""

    name: str
    value: str


class Cited(Row, frozen=True):
    """A source; `text` is the title of the work, `cite` its short form."""

    role: str
    text: str
    url: str
    cite: str
    year: int | None


class Related(Row, frozen=True):
    """A related note, and why; where `is_back` that is written in the other note."""

    path: str
    name: str
    reason: str
    is_back: bool
    is_tension: bool
    crux: str | None


class Backlink(Row, frozen=True):
    """A link in another note, at `path`, with the line that it is in."""

    path: str
    name: str
    span: Span
    excerpt: str


class Dated(Row, frozen=True):
    """A line of the journal, with its day as YYYY-MM-DD."""

    day: str
    text: str


class NoteView(Row, frozen=True):
    """What is known about a note. All texts are plain. `type` is None for a note without one.

    Of the links to it, `backlink_count` in all, the first ones are in `backlinks`.
    """

    path: str
    type: str | None
    name: str
    title: str
    lead: Lead | None
    properties: list[Property]
    sources: list[Cited]
    relations: list[Related]
    backlinks: list[Backlink]
    backlink_count: int
    history: list[Dated]


def note_view(checked: Checked, document: Document) -> NoteView:
    """Return what is known about a note."""
    context = checked.context
    note, links = context.note(document), list(_backlinks(checked, document.path))
    others = dict.fromkeys(other.path for other, _ in links)
    relations = list(_related(note, context)) if note else []
    return NoteView(
        document.path,
        note.type_name if note else None,
        name_of(document, context),
        title_of(document),
        _lead(note) if note else None,
        [Property(name, _written(value)) for name, value in document.properties.data.items()],
        list(_sources(note)) if note else [],
        [*relations, *_related_back(document.path, others, context)],
        [_backlink(other, span, context) for other, span in links[:_MOST_LINKS]],
        len(links),
        list(history(document.path, context)),
    )


def name_of(document: Document, context: Context) -> str:
    """Return the name of a note: of one with a type as lists call it, else its title."""
    note = context.note(document)
    return note.name if note else title_of(document)


def title_of(document: Document) -> str:
    """Return the title of a note, else the name of its file."""
    return document.text_property("title") or stem(document.path)


def _lead(note: Note) -> Lead | None:
    lead, rules = note.body.lead, note.type.body.lead
    if lead is None:
        return None
    most = rules.sentences[1] if rules.sentences else None
    words, count = len(lead.text.split()), len(sentences(lead.text))
    return Lead(plain_text(lead.text), words, rules.words, count, most)


def _written(value: object) -> str:
    """Return the value of a property as a text."""
    if isinstance(value, list):
        return ", ".join(map(_written, value))
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _sources(note: Note) -> Iterator[Cited]:
    for source in note.sources():
        yield Cited(source.role, source.title, source.url, source.cite, source.year)


def _related(note: Note, context: Context) -> Iterator[Related]:
    for relation in note.relations():
        paths = context.index.resolve(relation.target, note.path)
        other = context.vault.documents.get(paths[0]) if paths else None
        if other and other.path != note.path:
            yield _relation(relation, other, context, is_back=False)


def _related_back(path: str, others: Iterable[str], context: Context) -> Iterator[Related]:
    """Yield the relations to the note at a path that other notes name."""
    for other in filter(None, map(context.vault.documents.get, others)):
        note = context.note(other)
        for relation in note.relations() if note else ():
            if context.index.resolve(relation.target, other.path)[:1] == (path,):
                yield _relation(relation, other, context, is_back=True)


def _relation(relation: Relation, other: Document, context: Context, *, is_back: bool) -> Related:
    return Related(
        other.path,
        name_of(other, context),
        plain_text(reason(relation, context.blocks, its_own_note=not is_back)),
        is_back,
        is_tension(relation, context.blocks),
        plain_text(relation.crux) or None,
    )


def backlinks(checked: Checked, path: str) -> Iterator[tuple[Document, Span]]:
    """Yield the links that lead to a file, by note and place."""
    context = checked.context
    keys = {f"name:{name}" for name in names_of(path)}
    for source in sorted({path, *checked.dependents(keys)}):
        document = context.vault.documents.get(source)
        for link, paths in context.link_graph.resolved(document) if document else ():
            # A link to a heading of its own note names no note.
            if document and paths[0] == path and link.target:
                yield document, link.span


def _backlinks(checked: Checked, path: str) -> Iterator[tuple[Document, Span]]:
    """Yield the links to a note that authors of other notes wrote, none in generated blocks."""
    for document, span in backlinks(checked, path):
        blocks = find_blocks(document)[0]
        is_generated = any(one.span.start <= span.start < one.span.end for one in blocks)
        if document.path != path and not is_generated:
            yield document, span


def _backlink(document: Document, span: Span, context: Context) -> Backlink:
    line = plain_text(Lines(document.text).line_text(span.start)).strip("-*+> \t")
    return Backlink(document.path, name_of(document, context), span, shortened(line, _LONGEST))


def history(path: str, context: Context) -> Iterator[Dated]:
    """Yield the lines of the vault's journal about the note at a path, in its order."""
    keeper = context.config.changelog.note
    for day, line in dated_lines(journal_in(context.vault.documents.get(keeper))):
        sentence = read_sentence(line)
        links = sentence.links if sentence else re.findall(WIKILINK, line)
        targets = (split_wikilink(link[2:-2])[0] for link in links)
        if any(context.index.resolve(target, keeper)[:1] == (path,) for target in targets):
            yield Dated(day, plain_text(line))

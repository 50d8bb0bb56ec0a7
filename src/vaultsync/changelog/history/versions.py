"""A note as readers knew it at one time."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from vaultsync.blocks import authored
from vaultsync.core.config import Config, NoteType, matches
from vaultsync.core.model import Document, Properties, Vault
from vaultsync.markdown import kind_of, parse
from vaultsync.notes.citation import identity
from vaultsync.notes.link_index import heading_key
from vaultsync.notes.note import DRAFT, Note, is_readable

# What a note is that no type claims, in a vault that declares none.
UNTYPED = "note"
_PLAIN = NoteType()
# These say what a note is called, and are told as such.
_HEADING = re.compile(r"^(?=##[ \t])", re.MULTILINE)
# What may hold a heading that is none, or has a say in other parts: code, HTML, comments; and
# headings of a higher level, or definitions.
_FAR_REACHING = ("```", "~~~", "<", "%%", "$$")
_DEFINING = re.compile(r"^(?:#[ \t]|=+[ \t]*$|[ \t]{0,3}\[[^\[\]\n]+\]:)", re.MULTILINE)
_SHORT = 20_000
# What may be a heading, or a comment.
_MARKED = re.compile(r"^[^\w\[\n]*(?:#|[-=]+[ \t\r]*$)|<!--|%%", re.MULTILINE)
_NAMES = frozenset({"title", "aliases", "alias"})


class Version(msgspec.Struct, frozen=True, eq=False, array_like=True):
    """A published note.

    `fields` are the properties whose changes are told, as text; `sources` the address of each and
    how it is cited, by its identity; `questions` what is asked, each with the target of its answer
    ("" where it names none, None while it is open); `related` the targets of its relations. What a
    note of a type without a body says is its properties alone; it is not `whole`.
    """

    path: str
    title: str
    type: str
    whole: bool
    states: Mapping[str, frozenset[str]]
    aliases: frozenset[str]
    fields: Mapping[str, str]
    lead: str = ""
    source: str = ""
    sources: Mapping[str, tuple[str, str]] = {}
    questions: Mapping[str, str | None] = {}
    related: tuple[str, ...] = ()


@functools.lru_cache(maxsize=16384)
def note_type(path: str, config: Config) -> tuple[str, NoteType] | None:
    """Return the type of a note that the changelog tells of, with its name; None for another.

    Where the settings declare types, those count. Else every note does, but for the one that
    keeps the journal and what is excluded.
    """
    if kind_of(path) != "note":
        return None
    if config.types:
        name = config.type_name(path)
        return (name, config.types[name]) if name else None
    hidden = path.startswith(".") or "/." in path
    if hidden or path == config.changelog.note or matches(path, config.exclude):
        return None
    return UNTYPED, _PLAIN


def has_body(kind: NoteType) -> bool:
    """Whether the settings say what a body of the type holds."""
    lead = kind.body.lead
    said = lead.required or lead.sentences or lead.words
    return bool(said or kind.body.caveat or kind.body.sections)


def says_nothing(document: Document, config: Config) -> bool:
    """Whether a note is there but says nothing, so that nobody can tell what became of it.

    So is a typed note that lost its properties: a draft says that it is one.
    """
    return not is_readable(document) or bool(config.types and not document.properties.data)


class Said(msgspec.Struct, frozen=True, eq=False, array_like=True):
    """What a version of a note says to readers: a published note, or nothing.

    A `mute` one is there, but nobody can tell from it what became of the note.
    """

    version: Version | None = None
    mute: bool = False


def said(document: Document, config: Config) -> Said:
    """Return what a document says to readers."""
    return Said(version(document, config), says_nothing(document, config))


def snapshot(vault: Vault, config: Config) -> dict[str, Version]:
    """Return the notes that readers see, by path: neither draft nor private."""
    found = (version(vault.documents[path], config) for path in sorted(vault.documents))
    return {known.path: known for known in found if known}


def version(document: Document, config: Config) -> Version | None:
    """Return what a document says to readers; None where the changelog does not tell of it.

    Of its facts only the properties are looked at; the body is read from the text.
    """
    known = note_type(document.path, config) if document.kind == "note" else None
    if known is None or not is_readable(document):
        return None
    found = _from_properties(document.path, *known, document.properties)
    if found is None or not found.whole:
        return found
    pieces = [_piece(known[1], piece) for piece in _pieces(document.text[document.body :])]
    sources = {name: cited for piece in pieces for name, cited in piece.sources.items()}
    return msgspec.structs.replace(
        found,
        lead=pieces[0].lead,
        source=next(iter(sources), "") or found.source,
        sources=sources,
        questions={asked: answer for piece in pieces for asked, answer in piece.questions.items()},
        related=tuple(target for piece in pieces for target in piece.related),
    )


# Versions of a note that have the same properties, and no body, are one.
@functools.lru_cache(maxsize=16384)
def _from_properties(
    path: str, name: str, kind: NoteType, properties: Properties
) -> Version | None:
    note = Note(Document(path, "note", "", properties), name, kind)
    if note.is_private or note.is_draft:
        return None
    whole = has_body(kind)
    return Version(
        path,
        note.title,
        name,
        whole,
        {name: frozenset(kind.states[name]) for name in _states(note)},
        frozenset(note.document.list_property("aliases")),
        _fields(note, whole=whole),
        source=_address(note.document),
    )


class _Piece(msgspec.Struct, frozen=True, eq=False):
    """What a part of a body says; the names are those of `Version`."""

    lead: str
    sources: Mapping[str, tuple[str, str]]
    questions: Mapping[str, str | None]
    related: tuple[str, ...]


def _pieces(text: str) -> list[str]:
    """Part a body before each `## Heading`, where that leaves the meaning of each part as it is."""
    if any(mark in text for mark in _FAR_REACHING) or _DEFINING.search(text):
        return [text]
    first, *rest = _HEADING.split(text)
    titles = {heading_key(piece[2:].partition("\n")[0]) for piece in rest}
    return [first, *rest] if len(titles) == len(rest) else [text]


@functools.lru_cache(maxsize=16384)
def _piece(kind: NoteType, text: str) -> _Piece:
    """Read a part of a body; most are the same from one version of a note to the next."""
    note = Note(_body(text), "", kind)
    return _Piece(
        note.body.lead.text if note.body.lead else "",
        {source.identity: (source.url, source.cite) for source in note.sources()},
        {question.text: question.answer for question in note.questions()},
        tuple(relation.target for relation in note.relations()),
    )


def _body(text: str) -> Document:
    if len(text) < _SHORT and not _MARKED.search(text):
        # Nothing but paragraphs and lists, which need no facts; too short to nest too deep.
        return Document("body.md", "note", text)
    # A line break keeps a rule `---` from opening a block of properties.
    return authored(parse("body.md", f"\n{text}"))


def _states(note: Note) -> list[str]:
    return [name for name in note.type.states if name != DRAFT and note.in_state(name)]


def _fields(note: Note, *, whole: bool) -> dict[str, str]:
    """Return the properties that classify a note, all of them where it has no body."""
    data = note.document.properties.data
    told = {name for name, schema in note.type.properties.items() if "enum" in schema}
    told.update(*note.type.states.values())
    names = (name for name in data if (name in told if whole else name not in _NAMES))
    return {name: text for name in names if (text := _text(data[name]))}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else " ".join(str(value).split())


def _address(document: Document) -> str:
    """Return the identity of the first property that is an address on the web."""
    values = (value for value in document.properties.data.values() if isinstance(value, str))
    return next((identity(v) for v in values if v.startswith(("https://", "http://"))), "")

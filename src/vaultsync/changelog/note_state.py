"""Read the state of a note in one version: its claim, sources and questions."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import msgspec

from vaultsync.blocks import authored_content
from vaultsync.core.config import Config, NoteType, matches_glob
from vaultsync.core.model import Document, Properties, Vault
from vaultsync.markdown import kind_of, parse
from vaultsync.markdown.frontmatter.block import find_block, read_properties
from vaultsync.notes.citation import identity
from vaultsync.notes.note import DRAFT, Note, is_readable

# What a note is that no type claims, in a vault that declares none.
UNTYPED = "note"
_PLAIN = NoteType()
# The names of a note: a change of them is a change of its title.
_NAMES = frozenset({"title", "aliases", "alias"})


class Version(msgspec.Struct, frozen=True, eq=False, array_like=True):
    """A published note.

    `fields` are the properties whose changes are recorded, as text; `sources` the address of each
    and how it is cited, by its identity; `questions` its questions, each with the target of its
    answer ("" where it has none, None while it is open); `related` the targets of its relations.
    Of a note of a type without a body only the properties count; it is not `whole`.
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
    """Return the type of a note that the changelog covers, with its name; None for another.

    Where the settings declare types, those count. Else every note does, but for the one that
    contains the journal and what is excluded.
    """
    if kind_of(path) != "note":
        return None
    if config.types:
        name = config.type_name(path)
        return (name, config.types[name]) if name else None
    hidden = path.startswith(".") or "/." in path
    if hidden or path == config.changelog.note or matches_glob(path, config.exclude):
        return None
    return UNTYPED, _PLAIN


def has_body(kind: NoteType) -> bool:
    """Whether the settings define what a body of the type holds."""
    lead = kind.body.lead
    has_lead = lead.required or lead.sentences or lead.words
    return bool(has_lead or kind.body.caveat or kind.body.sections)


def is_indeterminate(document: Document, config: Config) -> bool:
    """Whether a note exists but cannot be read, so that what happened to it is not known.

    So is a typed note that lost its properties: a draft has a property that marks it.
    """
    return not is_readable(document) or bool(config.types and not document.properties.data)


class NoteState(msgspec.Struct, frozen=True, eq=False, array_like=True):
    """The state of a note in one version: `version` is None where readers do not see it.

    An `indeterminate` one exists, but what happened to the note cannot be read from it.
    """

    version: Version | None = None
    indeterminate: bool = False


def read_state(document: Document, config: Config) -> NoteState:
    """Read the state of the note that a document holds."""
    return NoteState(read_version(document, config), is_indeterminate(document, config))


def published_versions(vault: Vault, config: Config) -> dict[str, Version]:
    """Return the notes that readers see, by path: neither draft nor private."""
    found = (read_version(vault.documents[path], config) for path in sorted(vault.documents))
    return {known.path: known for known in found if known}


def read_version(document: Document, config: Config) -> Version | None:
    """Read a published note; None for a document that the changelog does not cover.

    Of its facts only the properties are used; the body is read from the text.
    """
    known = note_type(document.path, config) if document.kind == "note" else None
    if known is None or not is_readable(document):
        return None
    found = _from_properties(document.path, *known, document.properties)
    if found is None or not found.whole:
        return found
    note = _body(known[1], document.text[document.body :])
    sources = {source.identity: (source.url, source.cite) for source in note.sources()}
    return msgspec.structs.replace(
        found,
        lead=note.body.lead.text if note.body.lead else "",
        source=next(iter(sources), "") or found.source,
        sources=sources,
        questions={question.text: question.answer for question in note.questions()},
        related=tuple(relation.target for relation in note.relations()),
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


def _body(kind: NoteType, text: str) -> Note:
    # A line break keeps a rule `---` from opening a block of properties.
    return Note(authored_content(parse("body.md", f"\n{text}")), "", kind)


def _states(note: Note) -> list[str]:
    return [name for name in note.type.states if name != DRAFT and note.in_state(name)]


def _fields(note: Note, *, whole: bool) -> dict[str, str]:
    """Return the properties that classify a note, all of them where it has no body."""
    data = note.document.properties.data
    recorded = {name for name, schema in note.type.properties.items() if "enum" in schema}
    recorded.update(*note.type.states.values())
    names = (name for name in data if (name in recorded if whole else name not in _NAMES))
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


def properties_of(path: str, data: bytes) -> Document:
    """Return a version of a note with its text and its properties, and no other facts."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return Document(path, "note", "", error=f"not UTF-8 at byte {error.start}")
    found = find_block(text)
    if found is None:
        return Document(path, "note", text, body=int(text.startswith("\ufeff")))
    end = found[0].end
    return Document(path, "note", text, _properties(text[:end]), end)


@functools.lru_cache(maxsize=16384)
def _properties(block: str) -> Properties:
    """Read the properties; most versions of a note leave them as they were."""
    return read_properties(block)

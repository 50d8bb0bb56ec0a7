"""The state of a note in one version: its claim, sources and questions; read, and as bytes.

Bytes can be cached under the content of the note.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Literal

import msgspec

from vaultsync.blocks.quote import authored_content
from vaultsync.changelog.wording import folded, sense
from vaultsync.core.config import Config, NoteType, matches_glob
from vaultsync.core.model import Document, Properties, Vault, content_id
from vaultsync.markdown import kind_of, parse
from vaultsync.markdown.conflicts import find_conflicts
from vaultsync.markdown.frontmatter.block import find_block, read_properties
from vaultsync.notes.body import Relation
from vaultsync.notes.citation import Source
from vaultsync.notes.note import DRAFT, Note, is_private, is_readable, stem
from vaultsync.notes.source_address import identity

# What a note is that no type claims, in a vault that declares none.
_UNTYPED = ("note", NoteType(match=()))
_OfProperty = Literal["moved", "changed", "checked"]
# The names of a note: a change of them is a change of its title.
_NAMES = frozenset({"title", "aliases", "alias"})


class Version(msgspec.Struct, frozen=True, eq=False, array_like=True):
    """A published note.

    `fields` are the properties that are recorded: the kind of a change, and the text. `sources` are
    the address of each, how it is cited and its role, by its identity; `questions` its questions,
    each with the target of its answer ("" where it has none, None while it is open); `related` the
    target and the text of each relation. Of a note of a type without a body only the properties
    count; it is not `whole`. A later version than this one is `unreadable`.
    """

    path: str
    title: str
    type: str
    whole: bool
    states: Mapping[str, frozenset[str]]
    aliases: frozenset[str]
    fields: Mapping[str, tuple[_OfProperty, str]]
    lead: str = ""
    caveat: str = ""
    source: str = ""
    sources: Mapping[str, tuple[str, str, str]] = {}
    questions: Mapping[str, str | None] = {}
    related: tuple[tuple[str, str], ...] = ()
    unreadable: bool = False

    def field(self, name: str) -> str:
        """Return a property as text, "" where it has no value."""
        return self.fields[name][1] if name in self.fields else ""


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
    return _UNTYPED


class NoteState(msgspec.Struct, frozen=True, eq=False, array_like=True):
    """The state of a note in one version: `version` is None for a draft, and for no note.

    An `indeterminate` one exists, but what happened to the note cannot be read from it. So is that
    of a typed note that lost its properties, unless it is a draft without them.
    """

    version: Version | None = None
    indeterminate: bool = False
    private: bool = False

    @property
    def published(self) -> Version | None:
        """The version that readers see."""
        return None if self.private else self.version

    @property
    def withheld(self) -> Version | None:
        """The version that readers do not see since the note is private, also that of a draft."""
        return self.version if self.private else None


def read_state(document: Document, config: Config) -> NoteState:
    """Read the state of the note that a document holds."""
    private = is_private(document)
    version = read_version(document, config, private=private)
    is_bare = bool(config.types and version) and not document.properties.data
    return NoteState(version, is_bare or not is_readable(document), private)


def published_versions(vault: Vault, config: Config) -> dict[str, Version]:
    """Return the notes that readers see, by path: neither draft nor private."""
    found = (read_version(vault.documents[path], config) for path in sorted(vault.documents))
    return {known.path: known for known in found if known}


def read_version(document: Document, config: Config, *, private: bool = False) -> Version | None:
    """Read a published note; None for a document that the changelog does not cover.

    With `private` only a note is read that is private. Of its facts only the properties are used;
    the body is read from the text.
    """
    known = note_type(document.path, config) if document.kind == "note" else None
    if known is None or not is_readable(document) or is_private(document) is not private:
        return None
    found = _from_properties(document.path, *known, document.properties)
    # Where claims are checked it counts when they change.
    if found is None or not (found.whole or known[1].checked):
        return found
    # A line break keeps a rule `---` from opening a block of properties.
    body = parse("body.md", f"\n{document.text[document.body :]}")
    note = Note(authored_content(body), "", known[1])
    cited = note.sources()
    sources = {one.identity: (one.url, one.cite, _role(one, cited)) for one in cited}
    lead, caveat = note.body.lead, note.body.caveat
    return msgspec.structs.replace(
        found,
        lead=lead.text if lead else "",
        caveat=caveat.text.removeprefix(note.type.body.caveat).lstrip() if caveat else "",
        source=next(iter(sources), "") or found.source,
        sources=sources,
        questions={question.text: question.answer for question in note.questions()},
        related=tuple((relation.target, _text_of(relation)) for relation in note.relations()),
    )


def _role(source: Source, cited: Iterable[Source]) -> str:
    disputed = [one.cite for one in source.disputed(cited)] or source.disputes
    return ", ".join((source.role, *(f"disputes {name}" for name in disputed)))


def _text_of(relation: Relation) -> str:
    mark, crux = "tension:" * relation.tension, relation.crux and f"(crux: {relation.crux})"
    back = relation.back and f"/ {relation.back}"
    return " ".join(filter(None, (mark, relation.reason, back, crux)))


# Versions of a note that have the same properties, and no body, are one.
@functools.lru_cache(maxsize=16384)
def _from_properties(
    path: str, name: str, kind: NoteType, properties: Properties
) -> Version | None:
    note = Note(Document(path, "note", "", properties), name, kind)
    if note.is_draft and not note.is_private:
        return None
    body, lead = kind.body, kind.body.lead
    has_lead = lead.required or lead.sentences or lead.words
    whole = bool(has_lead or body.caveat or body.sections)
    return Version(
        path,
        note.title,
        name,
        whole,
        {
            state: frozenset(condition)
            for state, condition in kind.states.items()
            if state != DRAFT and note.in_state(state)
        },
        frozenset(note.document.list_property("aliases")),
        _fields(properties.data, kind, whole=whole),
        source=_address(note.document),
    )


def _fields(
    data: Mapping[str, Any], kind: NoteType, *, whole: bool
) -> dict[str, tuple[_OfProperty, str]]:
    """Return the properties that are recorded, most of them where a note has no body."""
    kinds = _kinds(kind)
    known = [name for name in data if name not in kind.unrecorded]
    names = [name for name in known if (name in kinds if whole else name not in _NAMES)]
    found = {name: (kinds.get(name, "changed"), _text(data[name])) for name in names}
    return {name: value for name, value in found.items() if value[1]}


@functools.lru_cache(maxsize=256)
def _kinds(kind: NoteType) -> dict[str, _OfProperty]:
    """Return the properties that are recorded, and what a change of each is.

    A note is moved by what classifies it: what has one of a few values, or defines a stage.
    """
    found: dict[str, _OfProperty] = dict.fromkeys((kind.scope, "tags"), "changed")
    for name, schema in kind.properties.items():
        items = schema.get("items")
        if "enum" in schema or (isinstance(items, dict) and "enum" in items):
            found[name] = "moved" if "enum" in schema else "changed"
    return found | dict.fromkeys(chain(*kind.states.values()), "moved") | {kind.checked: "checked"}


def _text(value: Any) -> str:
    """Return a value as text; the order of a list does not count."""
    if isinstance(value, list):
        return ", ".join(sorted(filter(None, map(_text, value))))
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
    end = found[0].end if found else int(text.startswith("\ufeff"))
    properties = _properties(text[:end]) if found else read_properties(text)
    conflicts = find_conflicts(text, end)
    return Document(path, "note", text, properties, end, conflicts=conflicts)


# Most versions of a note leave its properties as they were.
_properties = functools.lru_cache(maxsize=16384)(read_properties)

# Counts the changes of how a state is read, or of its bytes.
_FORMAT = 5
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(NoteState)


def reader_name(path: str, config: Config) -> str | None:
    """Return a name for all that the state of a note depends on, except its text and its path.

    None for a path that the changelog does not cover.
    """
    known = note_type(path, config)
    return known and _name(*known, bool(config.types))


@functools.lru_cache(maxsize=256)
def _name(type_name: str, kind: NoteType, typed: bool) -> str:  # noqa: FBT001
    settings = (_FORMAT, type_name, kind, typed)
    return content_id(msgspec.json.encode(settings, order="deterministic"))[:12]


def to_bytes(state: NoteState, document: Document) -> bytes:
    """Encode the state of a document, for any path of the same type with the same text."""
    title = document.text_property("title") or ""
    return _bytes(state.version, title, state.indeterminate, state.private)


# Most versions of a note with the same properties have the same state.
@functools.lru_cache(maxsize=16384)
def _bytes(version: Version | None, title: str, *flags: bool) -> bytes:
    if version:
        version = msgspec.structs.replace(version, path="", title=title)
    return _ENCODER.encode(NoteState(version, *flags))


# Equal versions are one object, which needs no comparison.
@functools.lru_cache(maxsize=16384)
def from_bytes(path: str, data: bytes) -> NoteState | None:
    """Decode the state of the note at a path; None where the bytes are not a state."""
    try:
        state = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if state.version is None:
        return state
    title = state.version.title or stem(path)
    version = msgspec.structs.replace(state.version, path=path, title=title)
    return msgspec.structs.replace(state, version=version)


def is_shown(document: Document, config: Config) -> bool | None:
    """Whether readers see a note, by its properties; None where these cannot be read."""
    known = note_type(document.path, config)
    if known is None:
        return False
    if not is_readable(document):
        return None
    note = Note(document, *known)
    if note.is_private or note.is_draft:
        return False
    return None if config.types and not document.properties.data else True


def state_digest(version: Version) -> str:
    """Return what identifies all that is recorded of a note, whatever its place and form."""
    recorded = (
        version.type,
        version.unreadable,
        version.states,
        {name: folded(text) for name, (_, text) in version.fields.items()},
        [sense(text) for text in (version.title, version.lead, version.caveat)],
        {name: role for name, (_, _, role) in version.sources.items()},
        {sense(question): answer for question, answer in version.questions.items()},
        sorted((target, sense(text)) for target, text in version.related),
    )
    return content_id(msgspec.json.encode(recorded, order="deterministic"))[:12]

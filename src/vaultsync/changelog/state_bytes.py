"""States of notes as bytes, which can be cached under the content of the note."""

from __future__ import annotations

import functools

import msgspec

from vaultsync.changelog.note_state import NoteState, Version, note_type
from vaultsync.core.config import Config, NoteType
from vaultsync.core.model import Document, content_id
from vaultsync.notes.note import stem

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
    settings = (type_name, kind, typed)
    return content_id(msgspec.json.encode(settings, order="deterministic"))[:12]


def to_bytes(state: NoteState, document: Document) -> bytes:
    """Encode the state of a document, for any path of the same type with the same text."""
    return _bytes(state.version, document.text_property("title") or "", state.indeterminate)


# Most versions of a note with the same properties have the same state.
@functools.lru_cache(maxsize=16384)
def _bytes(version: Version | None, title: str, indeterminate: bool) -> bytes:  # noqa: FBT001
    if version:
        version = msgspec.structs.replace(version, path="", title=title)
    return _ENCODER.encode(NoteState(version, indeterminate))


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
    return NoteState(
        msgspec.structs.replace(state.version, path=path, title=title), state.indeterminate
    )

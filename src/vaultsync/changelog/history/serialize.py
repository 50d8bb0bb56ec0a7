"""What versions of notes say, as bytes that can be kept for their contents."""

from __future__ import annotations

import functools

import msgspec

from vaultsync.changelog.history.versions import Said, Version, note_type
from vaultsync.core.config import Config, NoteType
from vaultsync.core.model import Document
from vaultsync.core.output import content_id
from vaultsync.notes.note import stem

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Said)


def reader_name(path: str, config: Config) -> str | None:
    """Return a name for all that decides what a text says at a path, besides text and path.

    None where the changelog does not tell of what is there.
    """
    known = note_type(path, config)
    return known and _name(*known, bool(config.types))


@functools.lru_cache(maxsize=256)
def _name(type_name: str, kind: NoteType, typed: bool) -> str:  # noqa: FBT001
    settings = (type_name, kind, typed)
    return content_id(msgspec.json.encode(settings, order="deterministic"))[:12]


def to_bytes(said: Said, document: Document) -> bytes:
    """Return what a document says, for any path at which a note of this type has its text."""
    return _bytes(said.version, document.text_property("title") or "", said.mute)


# Most versions of a note with the same properties say the same.
@functools.lru_cache(maxsize=16384)
def _bytes(version: Version | None, title: str, mute: bool) -> bytes:  # noqa: FBT001
    if version:
        version = msgspec.structs.replace(version, path="", title=title)
    return _ENCODER.encode(Said(version, mute))


# Versions that say the same are one, and need no comparison.
@functools.lru_cache(maxsize=16384)
def from_bytes(path: str, data: bytes) -> Said | None:
    """Return what the bytes say of the note at a path, None where they are none of ours."""
    try:
        said = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if said.version is None:
        return said
    title = said.version.title or stem(path)
    return Said(msgspec.structs.replace(said.version, path=path, title=title), said.mute)

"""What commands share: their arguments, and the state and the notes that these name."""

from __future__ import annotations

from typing import Annotated

import msgspec
from lsprotocol import types
from msgspec import Meta

from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.lint.engine import Checked
from vaultsync.notes.note import Note
from vaultsync.server.session import Session

Count = Annotated[int, Meta(ge=0)]


class Arguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The object that a command is called with, or a part of it."""


class OfNote(Arguments, frozen=True):
    """A note."""

    uri: str


class Position(Arguments, frozen=True):
    """A position of the protocol."""

    line: Count
    character: Count


class Place(Arguments, frozen=True):
    """A range of the protocol."""

    start: Position
    end: Position

    @property
    def range(self) -> types.Range:
        """The same as the protocol has it."""
        ends = (types.Position(end.line, end.character) for end in (self.start, self.end))
        return types.Range(*ends)


def state(session: Session) -> Checked:
    """Return the state of now; raise `VaultError` where the vault cannot be read."""
    checked = session.checked()
    if checked is None:
        raise VaultError(session.problem)
    return checked


def document_at(session: Session, checked: Checked, uri: str) -> Document:
    """Return the document at an address; raise `VaultError` where there is none."""
    path = session.path_of(uri)
    return document_of(checked, path or uri)


def document_of(checked: Checked, path: str) -> Document:
    """Return the document at a path; raise `VaultError` where there is none."""
    document = checked.context.vault.documents.get(path)
    if document is None:
        raise VaultError(f"{path}: there is no such note in the vault")
    return document


def note_at(session: Session, checked: Checked, uri: str) -> Note:
    """Return the note with a type at an address; raise `VaultError` where there is none."""
    document = document_at(session, checked, uri)
    note = checked.context.note(document)
    if note is None:
        raise VaultError(f"{document.path}: no type of vaultsync.toml has notes at this path")
    return note

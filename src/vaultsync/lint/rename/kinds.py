"""What can be renamed, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Lines

ANOTHER = "choose another name"
PlaceKind = Literal["heading", "block"]
Edits = Mapping[str, tuple[Edit, ...]]


class Files(msgspec.Struct, frozen=True):
    """Files, from old paths to new ones, and the folders that are moved as a whole.

    Where they were `moved_before`, by somebody else, as much follows as can: what cannot be written
    stays, and is a remark, and no old name becomes an alias.
    """

    moves: Mapping[str, str]
    folders: Mapping[str, str] = {}
    moved_before: bool = False


class Place(msgspec.Struct, frozen=True):
    """A heading or block of a note, by its number there, and its new name."""

    path: str
    kind: PlaceKind
    number: int
    new: str


class Tag(msgspec.Struct, frozen=True):
    """A tag with those below it, without `#`."""

    old: str
    new: str


Rename = Files | Place | Tag


class Renamed(msgspec.Struct, frozen=True):
    """The edits to make, by the paths that files have before, and what is left to the user."""

    edits: Edits
    remarks: tuple[str, ...] = ()


def refusal(problems: Iterable[str]) -> VaultError:
    """Return the error that names the first of some problems."""
    first, *others = problems
    more = f" ({len(others)} more are like it)" if others else ""
    return VaultError(f"{first}{more}: nothing was renamed")


def where(document: Document, offset: int) -> str:
    """Return the line of a place as messages have it."""
    return f"{document.path}:{Lines(document.text).position(offset)[0]}"

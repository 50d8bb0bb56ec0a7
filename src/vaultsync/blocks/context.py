"""What generated blocks are made of, and small words they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

import msgspec

from vaultsync.blocks.markers import GeneratedBlock
from vaultsync.blocks.quote import quote
from vaultsync.config import Config
from vaultsync.links import Index, index_of, wikilink
from vaultsync.model import Document, Vault
from vaultsync.notes import RETIRED, Note, typed_notes


class BlockError(Exception):
    """A block asks for what does not exist; the message says what to write instead."""


class Frame(msgspec.Struct, frozen=True):
    """Text put before and after each note of a list."""

    before: Callable[[Note], str] = lambda _note: ""
    after: Callable[[Note], str] = lambda _note: ""


class Context:
    """The vault as blocks see it. `frame` lets a publisher add to each listed note."""

    def __init__(self, vault: Vault, config: Config, frame: Frame | None = None) -> None:
        """Bind the values; nothing is computed yet."""
        self.vault, self.config, self.frame = vault, config, frame or Frame()

    @cached_property
    def index(self) -> Index:
        """The names of the vault's files."""
        return index_of(self.vault)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """All typed notes that are not private, drafts among them."""
        return tuple(n for n in typed_notes(self.vault, self.config) if not n.is_private)

    @cached_property
    def published(self) -> tuple[Note, ...]:
        """The notes that readers see, retired ones among them."""
        return tuple(note for note in self.notes if not note.is_draft)

    @cached_property
    def current(self) -> tuple[Note, ...]:
        """The notes that readers see and that still hold."""
        return tuple(note for note in self.published if not note.in_state(RETIRED))

    def link(self, note: Note) -> str:
        """Return a wikilink that shows the note's title."""
        return wikilink(note.path, self.index, note.title)

    def quote(self, text: str, note: Note) -> str:
        """Return a piece of a note as it can stand elsewhere."""
        return quote(text, note.path, self.index)


class Request(msgspec.Struct, frozen=True):
    """One block to be filled: the block, the note it stands in, and the context."""

    block: GeneratedBlock
    document: Document
    context: Context

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute of the block."""
        return self.block.attributes.get(name, default)

    def choice(self, name: str, options: Iterable[str]) -> str:
        """Return an attribute that must be one of the options, the first being the default."""
        known = list(options)
        value = self.get(name, known[0])
        if value not in known:
            raise BlockError(f'`{name}="{value}"`: use one of {", ".join(known)}')
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """Return an attribute's values, which commas part."""
        return tuple(part.strip() for part in self.get(name).split(",") if part.strip())


def bullets(lines: Iterable[str]) -> str:
    """Return a Markdown list."""
    return "\n".join(f"- {line}" for line in lines)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, such as "3 frames" or "1 query"."""
    if number == 1:
        return f"1 {noun}"
    ending = noun.removesuffix("y") + "ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {ending}"

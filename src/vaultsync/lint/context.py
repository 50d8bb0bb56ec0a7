"""What a rule may look at besides its document."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import jsonschema_rs

from vaultsync.blocks import Context as Blocks
from vaultsync.config import Config
from vaultsync.errors import ConfigError
from vaultsync.links import Index
from vaultsync.model import Document, Vault
from vaultsync.notes import Note, note_of
from vaultsync.similar import Names


class Context:
    """The vault and its settings, with what many rules need computed once."""

    def __init__(self, vault: Vault, config: Config) -> None:
        """Bind the values."""
        self.vault, self.config = vault, config
        self._notes: dict[str, Note | None] = {}
        self._validators: dict[str, Any] = {}

    @cached_property
    def blocks(self) -> Blocks:
        """The vault as generated blocks see it."""
        return Blocks(self.vault, self.config)

    @cached_property
    def index(self) -> Index:
        """The names of the vault's files."""
        return self.blocks.index

    @cached_property
    def names(self) -> Names:
        """The files' names, as links are written."""
        return Names(path.rpartition("/")[2].removesuffix(".md") for path in self.vault.files)

    @cached_property
    def titles(self) -> dict[str, list[str]]:
        """Folded titles of typed notes, each with the paths that have it."""
        found: dict[str, list[str]] = {}
        for path, document in sorted(self.vault.documents.items()):
            note = self.note(document)
            title = document.text_property("title")
            if note and title:
                found.setdefault(" ".join(title.lower().split()), []).append(path)
        return found

    def note(self, document: Document) -> Note | None:
        """Return the document as a typed note; None where it has no type or cannot be read."""
        if document.path not in self._notes:
            found = None if document.error else note_of(document, self.config)
            self._notes[document.path] = found
        return self._notes[document.path]

    def validator(self, type_name: str) -> Any:
        """Return the compiled schema of a type's properties; raise `ConfigError` if it is wrong."""
        if type_name not in self._validators:
            schema = {"properties": self.config.types[type_name].properties}
            try:
                validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
            except (ValueError, jsonschema_rs.ReferencingError) as error:
                reason = str(error).splitlines()[0]
                raise ConfigError(
                    f"vaultsync.toml: `types.{type_name}.properties`: {reason}"
                ) from None
            self._validators[type_name] = validator
        return self._validators[type_name]

"""What a rule may look at besides its document."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from vaultsync.blocks import Context as Blocks
from vaultsync.core.config import FILE_NAME, Config, NoteType, did_you_mean
from vaultsync.core.errors import ConfigError
from vaultsync.core.model import Document, Vault
from vaultsync.lint.ahead import Ahead
from vaultsync.lint.baseline import Baseline, Stale
from vaultsync.lint.duplicates import Repeated, repeated
from vaultsync.lint.link_graph import Network
from vaultsync.lint.suppressions import Review
from vaultsync.notes.link_index import Index, key
from vaultsync.notes.note import RETIRED, Note, note_of

if TYPE_CHECKING:
    from vaultsync.lint.alone import Alone

# https://json-schema.org/draft/2020-12/json-schema-validation#section-6.1.1
_TYPES = ("string", "integer", "number", "boolean", "array", "object", "null")


class Context:
    """The vault and its settings, with what many rules need computed once.

    `types` are the types of properties that Obsidian keeps, by folded name. `tracked` are the files
    that git tracks, None where git has no say. `settings` is `vaultsync.toml`, if there is one.
    `reworded` are the claims that changed without being checked in the same commit, path to the
    day: "" for what is not committed. `alone` is what was said of documents by themselves;
    `ahead` what was found out before all were read, with the files of this vault.
    """

    # What the rules that run last are told.
    review = Review()
    stale: tuple[Stale, ...] = ()
    # Whether rules tell all that they find, also what is too much to read.
    complete = False

    def __init__(  # noqa: PLR0913 - all that a rule may look at
        self,
        vault: Vault,
        config: Config,
        *,
        types: Mapping[str, str] | None = None,
        tracked: frozenset[str] | None = None,
        settings: Document | None = None,
        baseline: Baseline | None = None,
        reworded: Mapping[str, str] | None = None,
        alone: Mapping[Document, Alone] | None = None,
        ahead: Ahead | None = None,
    ) -> None:
        """Bind the values; raise `ConfigError` if a type's schema is wrong."""
        self.vault, self.config = vault, config
        self.types, self.tracked = types or {}, tracked
        self.settings, self.baseline = settings, baseline
        self.reworded, self.alone = reworded or {}, alone or {}
        self._ahead = ahead
        self._notes: dict[str, Note | None] = {}
        self._validators = {name: _validator(name, kind) for name, kind in config.types.items()}

    def renewed(self, vault: Vault) -> Context:
        """Return the same context around a vault with other texts."""
        ahead = self._ahead if vault.files == self.vault.files else None
        return Context(
            vault,
            self.config,
            types=self.types,
            tracked=self.tracked,
            settings=self.settings,
            baseline=self.baseline,
            reworded=self.reworded,
            alone=self.alone,
            ahead=ahead.unsettled() if ahead else None,
        )

    def told(self, *, review: Review | None = None, stale: tuple[Stale, ...] = ()) -> Context:
        """Return the same context for rules that run when others have."""
        told = copy.copy(self)
        told.review, told.stale = review or Review(), stale
        return told

    def completed(self) -> Context:
        """Return the same context for rules that are to tell all."""
        completed = copy.copy(self)
        completed.complete = True
        return completed

    def document(self, path: str) -> Document | None:
        """Return a document of the vault or of its settings, None for any other file."""
        return self.vault.documents.get(path) or self.settings_files.get(path)

    @property
    def settings_files(self) -> dict[str, Document]:
        """The settings and the baseline, where there are such files, by path."""
        baseline = self.baseline and self.baseline.document
        return {document.path: document for document in (self.settings, baseline) if document}

    @cached_property
    def blocks(self) -> Blocks:
        """The vault as generated blocks see it."""
        return Blocks(self.vault, self.config)

    @cached_property
    def index(self) -> Index:
        """The names of the vault's files."""
        return self.blocks.index

    @cached_property
    def network(self) -> Network:
        """The links of the vault."""
        return Network(self.vault, self.index, self._ahead)

    @cached_property
    def untracked(self) -> frozenset[str]:
        """The files that git does not track, none where it has no say."""
        if self.tracked is None:
            return frozenset()
        others = (self.vault.files | self.vault.documents.keys()) - self.tracked
        return frozenset(path for path in others if not self.is_tracked(path))

    def is_tracked(self, path: str) -> bool:
        """Whether git tracks a file, or a folder in which it lies: a repository, a symbolic link.

        Letter case counts as little as on the disk of a Mac.
        """
        known = self.tracked or frozenset()
        if path in known:
            return True
        parts = path.split("/")
        folders = ("/".join(parts[:end]) for end in range(1, len(parts)))
        return any(folder in known for folder in folders) or key(path) in self._tracked_keys

    @cached_property
    def _tracked_keys(self) -> frozenset[str]:
        return frozenset(key(path) for path in self.tracked or ())

    @cached_property
    def alike(self) -> dict[str, list[str]]:
        """The files by their path with letter case and composition folded."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.vault.files | self.vault.documents.keys()):
            found.setdefault(key(path), []).append(path)
        return found

    @cached_property
    def folders(self) -> dict[str, str]:
        """The folders, each with the first file below it by path."""
        found: dict[str, str] = {}
        for path in sorted(self.vault.files | self.vault.documents.keys()):
            parts = path.split("/")
            for end in range(1, len(parts)):
                found.setdefault("/".join(parts[:end]), path)
        return found

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

    @cached_property
    def repeated(self) -> Repeated:
        """The claims that say nearly the same, of types that want theirs distinct."""
        notes = (self.note(document) for document in self.vault.documents.values())
        claims = {
            note.path: note.lead
            for note in notes
            if note and note.type.body.lead.distinct and not note.in_state(RETIRED)
        }
        entries = self.baseline.entries if self.baseline else ()
        return repeated(claims, {entry.key for entry in entries}, complete=self.complete)

    def note(self, document: Document) -> Note | None:
        """Return the document as a typed note; None where it has no type or cannot be read."""
        if not self.config.types:
            return None
        if document.path not in self._notes:
            found = None if document.error else note_of(document, self.config)
            self._notes[document.path] = found
        return self._notes[document.path]

    def validator(self, type_name: str) -> Any:
        """Return the compiled schema of a type's properties."""
        return self._validators[type_name]


def _validator(type_name: str, kind: NoteType) -> Any:
    # Only a vault with types needs it, and it takes a while to import.
    import jsonschema_rs

    schema = {"properties": kind.properties}
    try:
        return jsonschema_rs.Draft202012Validator(
            schema, validate_formats=True, retriever=_retrieve_nothing
        )
    except ValueError as error:
        place = getattr(error, "instance_path", None) or ["properties"]
        key = ".".join(str(part) for part in ("types", type_name, *place))
        raise ConfigError(f"{FILE_NAME}: `{key}`: {_reason(error, place)}") from None


def _retrieve_nothing(_address: str) -> Any:
    # A vault of somebody else's must not make the linter read other files or ask the network.
    raise ValueError("a schema cannot refer to another file")


def _reason(error: ValueError, place: list[Any]) -> str:
    said = getattr(error, "instance", None)
    if place[-1] == "type" and isinstance(said, str):
        return f"there is no type `{said}`{did_you_mean(said, _TYPES)}"
    return str(error).splitlines()[0]

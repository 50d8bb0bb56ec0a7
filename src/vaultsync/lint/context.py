"""What a rule may look at in addition to its document."""

from __future__ import annotations

import copy
import functools
import posixpath
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec

from vaultsync.blocks.context import Context as Blocks
from vaultsync.core.config import FILE_NAME, Config, NoteType, did_you_mean
from vaultsync.core.errors import ConfigError
from vaultsync.core.memo import Memo, Share, alone
from vaultsync.core.model import Document, Vault
from vaultsync.lint.baseline import Baseline, Stale
from vaultsync.lint.link_graph import Known, LinkGraph
from vaultsync.lint.suggestions import suggestions_of
from vaultsync.lint.suppressions import Review
from vaultsync.notes.body import Body
from vaultsync.notes.link_index import LinkIndex, name_key
from vaultsync.notes.note import RETIRED, Note, note_of
from vaultsync.notes.similarity import SimilarPair, similar_texts
from vaultsync.notes.source_lock import SourceLock

# https://json-schema.org/draft/2020-12/json-schema-validation#section-6.1.1
_TYPES = ("string", "integer", "number", "boolean", "array", "object", "null")


class _Read(msgspec.Struct, array_like=True):
    path: str
    body: Body


class Context:
    """The vault and its settings, with what many rules need computed once.

    `types` are the types of properties that Obsidian stores, by folded name. `untracked` are the
    files that git does not track, in a repository, and `absent` the folders of submodules that are
    not checked out. `settings` is `vaultsync.toml`, if there is one. `obsidian`: the vault has a
    folder `.obsidian`.
    `reworded` are the claims that changed without being checked in the same commit, path to the
    day: "" for what is not committed. `sources` is what `sources.lock` knows, and `cited`
    the days on which notes cited sources that changed since, by identity. `today` is the current
    day; where it is not known, no day is after it. `known` is what an earlier state knows of this
    version; `suggestions` are all that were looked up (`nearest`). `memo` is what this process
    knows of earlier versions.
    """

    # What the rules that run last need.
    review = Review()
    stale: tuple[Stale, ...] = ()
    # The vault before the change that is checked; None where nothing is compared.
    earlier: Vault | None = None

    def __init__(  # noqa: PLR0913 - all that a rule may look at
        self,
        vault: Vault,
        config: Config,
        *,
        types: Mapping[str, str] | None = None,
        untracked: frozenset[str] = frozenset(),
        absent: frozenset[str] = frozenset(),
        settings: Document | None = None,
        baseline: Baseline | None = None,
        reworded: Mapping[str, str] | None = None,
        sources: SourceLock | None = None,
        cited: Mapping[str, Mapping[str, str]] | None = None,
        today: str = "9999-12-31",
        known: Known | None = None,
        obsidian: bool = True,
        memo: Memo | None = None,
    ) -> None:
        """Bind the values; nothing is computed yet."""
        self.obsidian, self.today = obsidian, today
        self.memo = Memo() if memo is None else memo
        self.vault, self.config = vault, config
        self.types, self.untracked = types or {}, untracked
        self.absent, self.settings, self.baseline = absent, settings, baseline
        self.reworded, self._known = reworded or {}, known or Known()
        self.sources, self.cited = sources or {}, cited or {}
        self.suggestions = dict(self._known.suggestions)
        self._notes: dict[str, Note | None] = {}
        self._validators: dict[str, Any] = {}

    def with_vault(
        self,
        vault: Vault,
        *,
        untracked: frozenset[str] | None = None,
        known: Known | None = None,
    ) -> Context:
        """Return the same context around another version of the vault."""
        return Context(
            vault,
            self.config,
            types=self.types,
            untracked=self.untracked if untracked is None else untracked,
            absent=self.absent,
            settings=self.settings,
            baseline=self.baseline,
            reworded=self.reworded,
            sources=self.sources,
            cited=self.cited,
            today=self.today,
            known=known,
            obsidian=self.obsidian,
            memo=self.memo,
        )

    def with_review(self, review: Review) -> Context:
        """Return the same context for rules that run when others have."""
        other = copy.copy(self)
        other.review = review
        return other

    def with_earlier(self, vault: Vault | None) -> Context:
        """Return the same context for rules that compare a note with its earlier version."""
        other = copy.copy(self)
        other.earlier = vault
        return other

    def with_stale(self, stale: tuple[Stale, ...]) -> Context:
        """Return the same context for the rule about a baseline that is out of date."""
        other = copy.copy(self)
        other.stale = stale
        return other

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
        return Blocks(self.vault, self.config, memo=self.memo)

    @cached_property
    def index(self) -> LinkIndex:
        """The names of the vault's files."""
        return self.blocks.index

    @cached_property
    def link_graph(self) -> LinkGraph:
        """The links of the vault."""
        known = self._known.aliases
        return LinkGraph(self.vault, self.index, known, obsidian=self.obsidian)

    def is_unknown(self, path: str, target: str) -> bool:
        """Whether a broken link in the document at `path` may lead into a submodule."""
        if not self.absent or "/" not in target:
            return bool(self.absent)
        near = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        inner = tuple(f"{folder}/" for folder in self.absent)
        return near.startswith(inner) or target.lstrip("/").startswith(inner)

    def nearest(self, target: str) -> str | None:
        """Return the file that a broken target probably means, as a link names it.

        For the target of an attachment that is one too; a name that several files have comes
        with its folders.
        """
        if target not in self.suggestions:
            self.suggestions[target] = suggestions_of(self.vault.files).nearest(target)
        return self.suggestions[target]

    def forget(self) -> None:
        """Drop what is known of the targets of links: some are gone."""
        self.suggestions.clear()
        self.index.forget()

    @cached_property
    def alike(self) -> dict[str, list[str]]:
        """The files by their path with letter case and composition folded."""
        return _alike(self._paths)

    @cached_property
    def twins(self) -> dict[str, list[str]]:
        """The files whose folded path another one has too, each with the others."""
        return _twins(self._paths)

    @cached_property
    def folders(self) -> dict[str, str]:
        """The folders, each with the first file below it by path."""
        return _folders(self._paths)

    @cached_property
    def _paths(self) -> frozenset[str]:
        # What cannot be read is a document without a file.
        files, documents = self.vault.files, self.vault.documents
        return files if files.issuperset(documents) else files.union(documents)

    @cached_property
    def titles(self) -> dict[str, list[str]]:
        """Folded titles of typed notes, each with the paths that have it."""
        found: dict[str, list[str]] = {}
        for path in sorted(filter(self.config.type_name, self.vault.documents)):
            document = self.vault.documents[path]
            title = title_key(document) if self.note(document) else ""
            if title:
                found.setdefault(title, []).append(path)
        return found

    @cached_property
    def duplicates(self) -> Mapping[str, tuple[SimilarPair, ...]]:
        """Each note's pairs of nearly equal claims, of types whose claims must be distinct.

        The pair with the highest score comes first.
        """
        claims = {path: note.lead for path, note in self._distinct.items()}
        found: dict[str, tuple[SimilarPair, ...]] = {}
        for pair in similar_texts(claims):
            for name in pair.names:
                found[name] = (*found.get(name, ()), pair)
        return found

    @cached_property
    def _distinct(self) -> Mapping[str, Note]:
        """The notes whose claims must be distinct, by path."""
        types, documents = self.config.types.items(), self.vault.documents
        names = {name for name, kind in types if kind.body.lead.distinct}
        paths = (
            [path for path in documents if self.config.type_name(path) in names] if names else []
        )
        notes = map(self.note, map(documents.__getitem__, paths))
        return {note.path: note for note in notes if note and not note.in_state(RETIRED)}

    def note(self, document: Document) -> Note | None:
        """Return the document as a typed note; None where it has no type or cannot be read."""
        if not self.config.types:
            return None
        if document.path not in self._notes:
            found = None if document.error else note_of(document, self.config)
            self._notes[document.path] = found and self.blocks.kept(found)
        return self._notes[document.path]

    def prepare(self, share: Share = alone) -> None:
        """Compute what the checks of all notes share.

        Raises `ConfigError` if the schema of a type is wrong.
        """
        for name in self.config.types:
            self.validator(name)
        self.link_graph.prepare(share)

    def read_claims(self, share: Share) -> None:
        """Read the notes that are compared with each other; `share` may do so in processes."""
        notes = self._distinct

        def read(path: str) -> _Read:
            return _Read(path, notes[path].body)

        for one in share(read, list(notes), _Read, for_all=True):
            notes[one.path].body = one.body

    def validator(self, type_name: str) -> Any:
        """Return the compiled schema of a type's properties."""
        if type_name not in self._validators:
            self._validators[type_name] = _validator(type_name, self.config.types[type_name])
        return self._validators[type_name]


# Most versions of a vault have the same files.
@functools.lru_cache(maxsize=2)
def _alike(files: frozenset[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in files:
        found.setdefault(name_key(path), []).append(path)
    return {key: sorted(paths) for key, paths in found.items()}


@functools.lru_cache(maxsize=2)
def _twins(files: frozenset[str]) -> dict[str, list[str]]:
    groups = [paths for paths in _alike(files).values() if len(paths) > 1]
    return {path: [p for p in paths if p != path] for paths in groups for path in paths}


@functools.lru_cache(maxsize=2)
def _folders(files: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(files):
        folder = path.rpartition("/")[0]
        # A folder that is known has all those above it known, too.
        while folder and folder not in found:
            found[folder] = path
            folder = folder.rpartition("/")[0]
    return found


def untracked_files(vault: Vault, tracked: frozenset[str] | None) -> frozenset[str]:
    """Return the files that git does not track; none if `tracked` is None, without a repository."""
    if tracked is None:
        return frozenset()
    others = (vault.files | vault.documents.keys()) - tracked
    keys = frozenset(map(name_key, tracked)) if others else frozenset[str]()
    return frozenset(path for path in others if not _is_tracked(path, tracked, keys))


def _is_tracked(path: str, tracked: frozenset[str], keys: frozenset[str]) -> bool:
    """Whether git tracks a file, or a folder that holds it: a repository, a symbolic link.

    Letter case counts as little as on the disk of a Mac.
    """
    parts = path.split("/")
    folders = ("/".join(parts[:end]) for end in range(1, len(parts)))
    return any(folder in tracked for folder in folders) or name_key(path) in keys


def title_key(document: Document) -> str:
    """Return the form under which titles are compared; "" for none."""
    return " ".join((document.text_property("title") or "").lower().split())


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
    # A vault from elsewhere must not make the linter read other files or use the network.
    raise ValueError("a schema cannot refer to another file")


def _reason(error: ValueError, place: list[Any]) -> str:
    name = getattr(error, "instance", None)
    if place[-1] == "type" and isinstance(name, str):
        return f"there is no type `{name}`{did_you_mean(name, _TYPES)}"
    return str(error).splitlines()[0]

"""The notes of a vault as they are now and as they were in its commits."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path

from vaultsync.app.unknown import refuse_unknown
from vaultsync.app.workspace import Workspace
from vaultsync.changelog import replay, timeline
from vaultsync.changelog.note_state import (
    NoteState,
    Version,
    from_bytes,
    note_type,
    properties_of,
    read_state,
    read_version,
    reader_name,
    to_bytes,
)
from vaultsync.core.config import Config
from vaultsync.core.errors import GitError
from vaultsync.core.model import Document, content_id
from vaultsync.infra import git
from vaultsync.infra.cache import Cache
from vaultsync.infra.clock import commit_day
from vaultsync.infra.git import files as git_files


class NoteVersions:
    """The versions of notes in a repository, each known by its path and its content id."""

    def __init__(self, repo: git.Repository, config: Config, cache: Cache) -> None:
        """Bind the values."""
        self._repo, self._config, self._cache = repo, config, cache

    @contextmanager
    def reading(
        self, wanted: Iterable[tuple[str, str]], *, are_all: bool = False
    ) -> Iterator[replay.Read]:
        """Yield a function that reads the wanted versions, in their order.

        What is read from git is cached; with `are_all`, these alone are in use.
        """
        ids = {key: version[1] for version in wanted if (key := self._key(*version))}
        cached = self._cache.get("versions", ids)
        stream = git.stream_blobs(self._repo, (i for key, i in ids.items() if key not in cached))
        fresh: dict[str, bytes] = {}

        def read(path: str, identity: str) -> NoteState:
            key = self._key(path, identity)
            if key is None:
                return NoteState()
            data = cached.get(key) or fresh.get(key)
            found = from_bytes(path, data) if data else None
            if found:
                return found
            # The cached value may be damaged.
            content = next(git.stream_blobs(self._repo, [identity]) if data else stream)
            document = properties_of(path, content)
            found = read_state(document, self._config)
            fresh[key] = to_bytes(found, document)
            return found

        yield read
        self._cache.put("versions", fresh, ids if are_all else None)

    def _key(self, path: str, identity: str) -> str | None:
        name = reader_name(path, self._config)
        return name and f"{name}:{identity}"


class History:
    """A vault and its commits; only notes that the changelog covers count.

    `today` is the day of the commit in the making, in the time zone of the settings.
    """

    def __init__(self, workspace: Workspace) -> None:
        """Read the vault; raise `GitError` where there is no history.

        Raises `VaultError` where a note cannot be read: it would be taken for removed.
        """
        self.repo, self.config = workspace.need_repository("the changelog"), workspace.config
        refuse_unknown(workspace, workspace.vault.documents)
        # The content ids are known once the vault is read.
        self._vault, self._known = workspace.vault, workspace.documents.ids
        self._root = "" if workspace.staged else workspace.root
        self._versions: dict[str, Version | None] = {}
        self.versions = NoteVersions(self.repo, self.config, workspace.cache)
        self.today = commit_day(self.config.changelog.timezone)

    @cached_property
    def tip(self) -> str | None:
        """The commit that is checked out, if there is one."""
        return git.head(self.repo)

    @cached_property
    def files(self) -> Mapping[str, str]:
        """The ids of the vault's files in the commit that is checked out."""
        # Whether there is a commit matters only where there seems to be none: one process less.
        try:
            return self.tree("HEAD", self.repo.prefix)
        except GitError:
            if self.tip:
                raise
        return {}

    @cached_property
    def head(self) -> Mapping[str, str]:
        """The content ids of its notes."""
        return {path: known for path, known in self.files.items() if note_type(path, self.config)}

    def tree(self, rev: str, folder: str) -> dict[str, str]:
        """Return the ids of the files at a revision, in the folder of the vault then."""
        entries = git_files.tree(self.repo, rev, folder)
        return {path: entry.id for path, entry in entries.items() if entry.is_regular}

    @cached_property
    def covered(self) -> Mapping[str, Document]:
        """The notes that the changelog covers, those that git ignores among them."""
        return {
            path: document
            for path, document in self._vault.documents.items()
            if document.kind == "note" and note_type(path, self.config)
        }

    def untracked(self, paths: Collection[str]) -> set[str]:
        """Return those of the notes that are not tracked: ignored, or behind a symbolic link."""
        if not self._root or not paths:
            return set()

        @cache
        def is_linked(path: str) -> bool:
            # Of what is behind a symbolic link, git tracks the link alone.
            folder = path.rpartition("/")[0]
            return Path(self._root, path).is_symlink() or (folder != "" and is_linked(folder))

        linked = set(filter(is_linked, paths))
        return linked | git_files.ignored(self.repo, [path for path in paths if path not in linked])

    @cached_property
    def notes(self) -> Mapping[str, Document]:
        """The notes that git tracks, or would."""
        # A note that is as it was committed is tracked.
        head = self.head
        fresh = [p for p in self.covered if p not in head or self.identity(p, head[p]) != head[p]]
        gone = self.untracked(fresh)
        return {path: document for path, document in self.covered.items() if path not in gone}

    def identity(self, path: str, recorded: str = "") -> str:
        """Return the content id of a note: `recorded` where that is the id of its lines.

        How lines end does not count, since git may convert it.
        """
        known = self._known.get(path, "")
        if known == recorded or (known and self.repo.hash == "sha1" and not self._root):
            return known
        data = self._vault.documents[path].text.encode()
        unix = data.replace(b"\r\n", b"\n")
        forms = (data, unix, unix.replace(b"\n", b"\r\n"))
        ids = [content_id(form, self.repo.hash) for form in forms]
        return recorded if recorded in ids else ids[0 if unix == data else self._ending]

    @contextmanager
    def reading(
        self,
        wanted: Iterable[tuple[str, str]],
        are_now: Callable[[tuple[str, str]], bool],
        *,
        are_all: bool = False,
    ) -> Iterator[replay.Read]:
        """Yield a function that reads the wanted versions, in their order.

        Those that notes have now are read from the vault. With `are_all`, no others are in use.
        """
        old = [version for version in wanted if not are_now(version)]
        with self.versions.reading(old, are_all=are_all) as read:

            def state(path: str, identity: str) -> NoteState:
                if are_now((path, identity)):
                    return read_state(self.notes[path], self.config)
                return read(path, identity)

            yield state

    def is_now(self, path: str, identity: str) -> bool:
        """Whether a note has a content now."""
        return path in self.notes and self.identity(path, identity) == identity

    def uncommitted(self, known: Mapping[str, str], date: str) -> list[timeline.Span]:
        """Return what differs from some content ids of notes, as of a day, if anything."""
        ids = {path: self.identity(path, known.get(path, "")) for path in self.notes}
        if ids == known:
            return []
        moves = git_files.renames(self.repo, self.tip, None) if self.tip else {}
        return [timeline.Span(date, (timeline.difference(known, ids, moves),))]

    def version(self, path: str) -> Version | None:
        """Return a note as readers see it now, None where they do not."""
        if path not in self._versions:
            document = self.covered.get(path)
            version = read_version(document, self.config) if document else None
            self._versions[path] = version
        return self._versions[path]

    @cached_property
    def _ending(self) -> int:
        """Which form of a text git keeps of one with carriage returns: 0 as it is, 1 without."""
        setting = git.run(self.repo, "config", "--get", "core.autocrlf", quiet=True).strip()
        return int(setting in {b"true", b"input"})

"""Read versions of notes: those that are known from the cache, the others from git."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from vaultsync.changelog import note_state
from vaultsync.changelog.note_state import NoteState
from vaultsync.changelog.timeline import Read
from vaultsync.core.config import Config
from vaultsync.infra import git
from vaultsync.infra.cache import Cache


class NoteVersions:
    """The versions of notes in a repository, each known by its path and its content id."""

    def __init__(self, repo: git.Repository, config: Config, cache: Cache) -> None:
        """Bind the values."""
        self._repo, self._config, self._cache = repo, config, cache

    @contextmanager
    def reading(
        self, wanted: Iterable[tuple[str, str]], *, are_all: bool = False
    ) -> Iterator[Read]:
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
            found = note_state.from_bytes(path, data) if data else None
            if found:
                return found
            # The cached value may be damaged.
            content = next(git.stream_blobs(self._repo, [identity]) if data else stream)
            document = note_state.properties_of(path, content)
            found = note_state.read_state(document, self._config)
            fresh[key] = note_state.to_bytes(found, document)
            return found

        yield read
        self._cache.put("versions", fresh, ids if are_all else None)

    def _key(self, path: str, identity: str) -> str | None:
        name = note_state.reader_name(path, self._config)
        return name and f"{name}:{identity}"

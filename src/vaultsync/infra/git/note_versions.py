"""Read versions of notes: what is known of them from the store, the rest from git."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from vaultsync.changelog.history import (
    Read,
    Said,
    from_bytes,
    properties_of,
    reader_name,
    said,
    to_bytes,
)
from vaultsync.core.config import Config
from vaultsync.infra import git
from vaultsync.infra.cache import Store

OpenStore = Callable[[], AbstractContextManager[Store]]


class Versions:
    """The versions of notes in a repository, each known by its path and its content id."""

    def __init__(self, repo: git.Repository, config: Config, store: OpenStore) -> None:
        """Bind the values; the store is opened for each reading."""
        self._repo, self._config, self._store = repo, config, store

    @contextmanager
    def reading(
        self, wanted: Iterable[tuple[str, str]], *, are_all: bool = False
    ) -> Iterator[Read]:
        """Give what reads the wanted versions, in their order.

        What is read from git is kept; with `are_all`, these alone are in use.
        """
        ids = {key: version[1] for version in wanted if (key := self._key(*version))}
        with self._store() if ids else nullcontext(Store()) as store:
            kept = store.get("versions", ids)
            stream = git.contents(self._repo, (i for key, i in ids.items() if key not in kept))
            fresh: dict[str, bytes] = {}

            def read(path: str, identity: str) -> Said:
                key = self._key(path, identity)
                if key is None:
                    return Said()
                data = kept.get(key) or fresh.get(key)
                found = from_bytes(path, data) if data else None
                if found:
                    return found
                # What is kept may be damaged.
                content = next(git.contents(self._repo, [identity]) if data else stream)
                document = properties_of(path, content)
                found = said(document, self._config)
                fresh[key] = to_bytes(found, document)
                return found

            yield read
            store.put("versions", fresh, ids if are_all else None)

    def _key(self, path: str, identity: str) -> str | None:
        name = reader_name(path, self._config)
        return name and f"{name}:{identity}"

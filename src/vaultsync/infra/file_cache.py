"""The content ids of the files of a work tree, cached with the states that the files had."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import msgspec

from vaultsync.infra.cache import Cache

_NAME = ""
_DECODER = msgspec.msgpack.Decoder(dict[str, tuple[str, str]])
_NOTHING = ("", "")


class FileCache:
    """The state of each file of the work tree that was read, with the content id that it had."""

    def __init__(self, cache: Cache) -> None:
        """Read what is cached; what cannot be decoded counts as nothing."""
        self._cache = cache
        self._known: dict[str, tuple[str, str]] = {}
        with suppress(msgspec.DecodeError):
            self._known = _DECODER.decode(cache.get("files", [_NAME]).get(_NAME, b""))

    def ids(self, states: Mapping[str, str]) -> dict[str, str]:
        """Return the content ids of the files that still have the state given for their path."""
        found: dict[str, str] = {}
        if not self._known:
            return found
        for path, state in states.items():
            known, identity = self._known.get(_written(path), _NOTHING)
            if known == state:
                found[path] = identity
        return found

    def put(self, known: Mapping[str, tuple[str, str]]) -> None:
        """Cache the state and the content id of all files by path, and forget all others."""
        written = {_written(path): value for path, value in known.items()}
        if written != self._known:
            self._cache.put("files", {_NAME: msgspec.msgpack.encode(written)}, [_NAME])


def _written(path: str) -> str:
    """Return a path as a text that UTF-8 can encode, whatever bytes its name has."""
    return path if path.isascii() else path.encode("utf-8", "surrogatepass").decode("latin-1")

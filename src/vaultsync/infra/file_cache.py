"""What the store keeps of each file of a vault, all of it as one value under a name."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec

from vaultsync.infra.cache import Store, Table

# What a file is known by, and what is known of it: a text or bytes.
Known = tuple[str, Any]
_NOTHING = (None, None)


class ByPath:
    """What is kept in a table under a name: `kind` is the type of what is known of a file."""

    def __init__(self, store: Store, table: Table, name: str, kind: type) -> None:
        """Read what there is; what cannot be decoded is nothing."""
        self._store, self._table, self._name = store, table, name
        self._known: dict[str, Known] = {}
        with suppress(msgspec.DecodeError):
            kept = store.get(table, [name]).get(name, b"")
            self._known = msgspec.msgpack.decode(kept, type=dict[str, tuple[str, kind]])  # type: ignore[valid-type]

    def recalled(self, wanted: Mapping[str, str]) -> dict[str, Any]:
        """Return what is known of the files that are still known by what is given for each path."""
        found: dict[str, Any] = {}
        if not self._known:
            return found
        for path, by in wanted.items():
            known, value = self._known.get(_written(path), _NOTHING)
            if known == by:
                found[path] = value
        return found

    def keep(self, known: Mapping[str, Known]) -> None:
        """Keep this of all files, by path, and no more of any others."""
        written = {_written(path): value for path, value in known.items()}
        if written != self._known:
            self._store.put(
                self._table, {self._name: msgspec.msgpack.encode(written)}, [self._name]
            )


def _written(path: str) -> str:
    """Return a path as a text that can be kept: a name that is not UTF-8 is none."""
    return path if path.isascii() else path.encode("utf-8", "surrogatepass").decode("latin-1")

"""What a note is called besides its file's name."""

from __future__ import annotations

import functools

from vaultsync.core.model import Document
from vaultsync.notes.link_index import key

_NAMING = frozenset({"alias", "aliases", "title"})
_EMPTY: tuple[object, ...] = (None, "", [])


def called(document: Document) -> frozenset[str]:
    """Return the aliases and titles of a note, folded as the targets of links are."""
    data = document.properties.data
    # Most notes of a vault may have the property, and nothing in it.
    naming = [name for name in _naming(tuple(data)) if data[name] not in _EMPTY]
    found = [said for name in naming for said in document.list_property(name)]
    return frozenset([key(said.strip()) for said in found])


# Many notes have the same properties.
@functools.lru_cache(maxsize=1024)
def _naming(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.lower() in _NAMING)

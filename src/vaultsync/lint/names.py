"""What notes are called, and which name a broken link probably meant."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from functools import cached_property

from vaultsync.core.model import Document
from vaultsync.markdown import kind_of
from vaultsync.notes.link_index import is_attachment, name_key
from vaultsync.notes.note import stem
from vaultsync.notes.similarity import NameSearch

_NAMING = frozenset({"alias", "aliases", "title"})
_EMPTY: tuple[object, ...] = (None, "", [])


def document_names(document: Document | None) -> frozenset[str]:
    """Return the aliases and titles of a note, folded as the targets of links are."""
    if document is None:
        return frozenset()
    data = document.properties.data
    # Most notes of a vault may have the property without a value.
    naming = [name for name in _naming(tuple(data)) if data[name] not in _EMPTY]
    values = [value for name in naming for value in document.list_property(name)]
    return frozenset([name_key(value.strip()) for value in values])


# Many notes have the same properties.
@functools.lru_cache(maxsize=1024)
def _naming(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.lower() in _NAMING)


class Suggestions:
    """The files of a vault, to search for names."""

    def __init__(self, files: frozenset[str]) -> None:
        """Bind the paths; nothing is computed yet."""
        self._files = files
        self._near: dict[str, str | None] = {}

    def nearest(self, target: str) -> str | None:
        """Return the file that a broken target probably means, as a link names it.

        For the target of an attachment that is one too; a name that several files have comes
        with its folders.
        """
        if target not in self._near:
            self._near[target] = self._nearest(target)
        return self._near[target]

    def _nearest(self, target: str) -> str | None:
        names, paths = self._attachments if is_attachment(target) else self._documents
        near = names.nearest(stem(target))
        if not near:
            return None
        fitting = paths[near[0]]
        if len(fitting) == 1:
            return near[0]
        return (NameSearch(fitting).nearest(target) or fitting)[0].removesuffix(".md")

    @cached_property
    def _documents(self) -> tuple[NameSearch, dict[str, list[str]]]:
        return _by_name(path for path in self._files if kind_of(path))

    @cached_property
    def _attachments(self) -> tuple[NameSearch, dict[str, list[str]]]:
        return _by_name(path for path in self._files if is_attachment(path))


def nearest_place(document: Document, subpath: str) -> str | None:
    """Return the heading or block of a note that a subpath probably means, with its `#` or `#^`."""
    if subpath.startswith("#^"):
        mark, names = "#^", [block.id for block in document.blocks]
    else:
        mark, names = "#", [heading.text for heading in document.headings]
    near = NameSearch(names).nearest(subpath.rpartition(mark)[2])
    return f"{mark}{near[0]}" if near else None


def _by_name(paths: Iterable[str]) -> tuple[NameSearch, dict[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        found.setdefault(stem(path), []).append(path)
    return NameSearch(found), found


# Two versions of a vault often have the same files.
@functools.lru_cache(maxsize=2)
def suggestions_of(files: frozenset[str]) -> Suggestions:
    """Return the suggestions of a set of files."""
    return Suggestions(files)

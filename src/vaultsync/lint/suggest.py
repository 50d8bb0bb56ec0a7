"""Which file, or place in a note, a broken link was probably meant to lead to."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from functools import cached_property

from vaultsync.core.model import Document
from vaultsync.markdown import kind_of
from vaultsync.notes.link_index import is_attachment
from vaultsync.notes.note import stem
from vaultsync.notes.similarity import Names


class Meant:
    """The files of a vault, by names that are looked for among them."""

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
        return (Names(fitting).nearest(target) or fitting)[0].removesuffix(".md")

    @cached_property
    def _documents(self) -> tuple[Names, dict[str, list[str]]]:
        return _by_name(path for path in self._files if kind_of(path))

    @cached_property
    def _attachments(self) -> tuple[Names, dict[str, list[str]]]:
        return _by_name(path for path in self._files if is_attachment(path))


def nearest_place(document: Document, subpath: str) -> str | None:
    """Return the heading or block of a note that a subpath probably means, with its marks."""
    if subpath.startswith("#^"):
        mark, names = "#^", [block.id for block in document.blocks]
    else:
        mark, names = "#", [heading.text for heading in document.headings]
    near = Names(names).nearest(subpath.rpartition(mark)[2])
    return f"{mark}{near[0]}" if near else None


def _by_name(paths: Iterable[str]) -> tuple[Names, dict[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        found.setdefault(stem(path), []).append(path)
    return Names(found), found


# The same files are asked for while notes are read, and when findings are shown.
@functools.lru_cache(maxsize=2)
def meant_of(files: frozenset[str]) -> Meant:
    """Return the files, to look for names among them."""
    return Meant(files)

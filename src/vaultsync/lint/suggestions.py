"""Which name a broken link probably meant."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Iterable
from functools import cached_property

from vaultsync.core.model import Document
from vaultsync.markdown import kind_of
from vaultsync.notes.link_index import is_attachment
from vaultsync.notes.note import stem
from vaultsync.notes.similarity import NameSearch, of_like_length


class Suggestions:
    """The files of a vault, to search for names."""

    def __init__(self, files: frozenset[str]) -> None:
        """Bind the paths; nothing is computed yet."""
        self._files = files

    def nearest(self, target: str) -> str | None:
        """Return the file that a broken target probably means, as a link names it.

        For the target of an attachment that is one too; a name that several files have comes
        with its folders.
        """
        names, paths = self._attachments if is_attachment(target) else self._documents
        near = names.nearest(stem(target))
        if not near:
            return None
        fitting = paths[near]
        if len(fitting) == 1:
            return near
        # The one whose folders are most like those of the target, of several the first.
        wanted, fitting = target.lower(), sorted(fitting)
        shared = [len(posixpath.commonprefix([path.lower(), wanted])) for path in fitting]
        return fitting[shared.index(max(shared))].removesuffix(".md")

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
    wanted = subpath.rpartition(mark)[2]
    # Most notes have no name of like length, which takes a fraction of a search.
    fitting = tuple(of_like_length(names, wanted))
    near = _nearest(fitting, wanted) if fitting else None
    return f"{mark}{near}" if near else None


# Notes that come from one template have the same headings, and lack the same one.
@functools.lru_cache(maxsize=256)
def _nearest(names: tuple[str, ...], wanted: str) -> str | None:
    return NameSearch(names).nearest(wanted)


def _by_name(paths: Iterable[str]) -> tuple[NameSearch, dict[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(stem(path), []).append(path)
    return NameSearch(found), found


# Two versions of a vault often have the same files.
@functools.lru_cache(maxsize=2)
def suggestions_of(files: frozenset[str]) -> Suggestions:
    """Return the suggestions of a set of files."""
    return Suggestions(files)

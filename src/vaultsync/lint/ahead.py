"""What can be found out of a document's links while other documents are still read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from vaultsync.core.model import Document
from vaultsync.lint.names import called
from vaultsync.lint.suggest import Meant, meant_of, nearest_place
from vaultsync.notes.link_index import Index, has_subpath, index_of


class Ahead:
    """What follows from the documents that are read by now, and the names of all files.

    `odd` are the numbers of a document's links into the vault that do not plainly lead to one whole
    note: they may be broken, ambiguous or indirect, or name a place in the note, which may lack it.
    With `guesses` those are no more among them that name a place in a note that was seen and has
    it, and it is found out what broken links probably mean: `called` is how documents are called,
    and `lacking` are places that links name and notes lack, each with what is meant.
    """

    def __init__(self, files: Callable[[], frozenset[str]], *, guesses: bool = False) -> None:
        """Bind the values; `files` returns the vault's, when the first document is seen.

        Nothing is computed before that, so that others can begin to read.
        """
        self._files, self._guesses = files, guesses
        self.odd: dict[Document, list[int]] = {}
        self.called: dict[Document, frozenset[str]] = {}
        self.lacking: dict[tuple[Document, str], str | None] = {}
        self._seen: dict[str, Document] = {}
        # The links that were odd, and lead to a place that is there.
        self._settled: dict[Document, list[int]] = {}
        # Odd links, by number, to places in notes that are still to be read.
        self._waiting: dict[str, list[tuple[Document, int]]] = {}

    @cached_property
    def _index(self) -> Index:
        return index_of(self._files())

    @cached_property
    def _meant(self) -> Meant:
        return meant_of(self._files())

    def see(self, document: Document) -> None:
        """Look at a document that was read."""
        odd = self.odd[document] = odd_links(document, self._index)
        if not self._guesses:
            return
        self.called[document] = called(document)
        self._seen[document.path] = document
        for source, number in self._waiting.pop(document.path, ()):
            self._look(source, number, document)
        for number in tuple(odd):
            link = document.inward[number]
            found = self._index.resolve(link.target, document.path)
            if not found:
                self._meant.nearest(link.target)
            elif link.subpath and found[0] in self._seen:
                self._look(document, number, self._seen[found[0]])
            elif link.subpath:
                self._waiting.setdefault(found[0], []).append((document, number))

    def _look(self, source: Document, number: int, target: Document) -> None:
        """Look for the place in a note that a link names, and what is meant where it lacks it."""
        link = source.inward[number]
        place = target, link.subpath
        if place in self.lacking:
            return
        if not has_subpath(*place):
            self.lacking[place] = nearest_place(*place)
        elif link.target in self._index.plain:
            self.odd[source].remove(number)
            self._settled.setdefault(source, []).append(number)

    def unsettled(self) -> Ahead:
        """Return what holds as well when some of the documents are others, with the same names."""
        other = Ahead(self._files)
        other.called, other.lacking = self.called, self.lacking
        for document, odd in self.odd.items():
            other.odd[document] = sorted([*odd, *self._settled.get(document, ())])
        return other


def odd_links(document: Document, index: Index) -> list[int]:
    """Return the numbers of the odd links of a document, as `Ahead` calls them."""
    plain, path = index.plain, document.path
    return [
        number
        for number, link in enumerate(document.inward)
        if link.subpath or (link.target not in plain and _is_odd(link.target, path, index))
    ]


def _is_odd(target: str, source: str, index: Index) -> bool:
    found = index.resolve(target, source)
    return len(found) != 1 or (target != "" and not is_direct(target, found[0], index))


def is_direct(target: str, path: str, index: Index) -> bool:
    """Whether a target names the file at a path by its whole path, or by a name of its own."""
    if "/" not in target and index.is_unique(path):
        return True
    return target in (path, path.removesuffix(".md"))

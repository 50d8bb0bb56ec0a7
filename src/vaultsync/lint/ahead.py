"""What can be found out of a document's links while other documents are still read."""

from __future__ import annotations

from functools import cached_property

from vaultsync.links import Index, index_of
from vaultsync.lint.meant import Meant, meant_of
from vaultsync.model import Document


class Ahead:
    """The links of documents, as far as they depend on the names of the vault's files alone.

    `odd` are the numbers of a document's links into the vault that do not plainly lead to one whole
    note: they may be broken, ambiguous or indirect, or name a place in the note, which may lack it.
    With `guesses` it is found out too what broken links probably mean.
    """

    def __init__(self, files: frozenset[str], *, guesses: bool = False) -> None:
        """Bind the values. Nothing is computed yet, so that others can begin before that."""
        self._files, self._guesses = files, guesses
        self.odd: dict[Document, list[int]] = {}

    @cached_property
    def _index(self) -> Index:
        return index_of(self._files)

    @cached_property
    def _meant(self) -> Meant:
        return meant_of(self._files)

    def see(self, document: Document) -> None:
        """Look at the links of a document."""
        odd = self.odd[document] = odd_links(document, self._index)
        for link in (document.inward[number] for number in odd if self._guesses):
            if not link.subpath and not self._index.resolve(link.target, document.path):
                self._meant.nearest(link.target)


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

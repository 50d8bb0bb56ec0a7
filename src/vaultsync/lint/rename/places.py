"""Headings and blocks with other names, and the subpaths that lead to them.

A subpath leads to the same heading or block afterwards: it gets the new name, and where that would
lead to another heading of this name, the headings above it. Headings change too where a link or tag
in their text does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from operator import attrgetter

from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, Link, Vault
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.lint.rename.kinds import ANOTHER, Edits, Place, PlaceKind, refusal, where
from vaultsync.lint.rename.names import Names
from vaultsync.lint.rename.spelling import spelled_in, subpath_span
from vaultsync.markdown import parse
from vaultsync.markdown.events import ATX
from vaultsync.notes.link_index import (
    find_block,
    find_heading,
    heading_key,
    heading_subpath,
    subpaths_to,
)

# A heading may hold links to headings that hold links.
_ROUNDS = 8
_BLOCK_ID = re.compile(r"[A-Za-z0-9-]+")


def place_edit(document: Document, place: Place) -> Edit:
    """Return the edit that gives a heading or block its new name."""
    if place.kind == "heading":
        if not place.new:
            raise VaultError(f"{document.path}: a heading needs a name: {ANOTHER}")
        return Edit(heading_text(document, place.number), place.new)
    block = document.blocks[place.number]
    taken = [one.id.lower() for one in document.blocks]
    if not _BLOCK_ID.fullmatch(place.new):
        raise VaultError(f"^{place.new}: a block is named by letters, digits and `-` alone")
    if taken.count(block.id.lower()) > 1:
        raise VaultError(f"{document.path}: several blocks have the name ^{block.id}: mend that")
    if place.new.lower() in {*taken} - {block.id.lower()}:
        raise VaultError(f"{document.path}: there is a block ^{place.new}: {ANOTHER}")
    return Edit(Span(block.start + 1, block.end), place.new)


def heading_text(document: Document, number: int) -> Span:
    """Return where the text of a heading is, without its marks."""
    heading = document.headings[number]
    opening = ATX.match(heading.span.of(document.text))
    marks = opening.end() if opening else 0
    start = document.text.index(heading.text, heading.start + marks)
    return Span(start, start + len(heading.text))


class Changes:
    """A vault with edits, of which one may replace the text of a heading."""

    def __init__(self, vault: Vault, names: Names, edits: Edits, place: Place | None) -> None:
        """Bind the values, and add the edits to subpaths."""
        self.vault, self.names, self.place = vault, names, place
        self._given, self.edits = edits, edits
        self._parsed: dict[str, tuple[tuple[Edit, ...], Document]] = {}
        # The documents as they will be of which places get other names.
        self.renamed: Mapping[str, Document] = {}
        self._follow()

    def after(self, path: str) -> Document:
        """Return a document as it will be."""
        document, edits = self.vault.documents[path], self.edits.get(path, ())
        known = self._parsed.get(path)
        if known is None or known[0] != edits:
            text = apply_edits(document.text, edits)
            known = edits, parse(self.names.moved(path), text, fast=True)
            self._parsed[path] = known
        return known[1]

    def _alike(self, path: str) -> Document:
        """Return a document as it will be, if its headings and blocks are those that it has."""
        document = self.after(path)
        if _outline(self.vault.documents[path]) != _outline(document):
            raise VaultError(f"{path}: its headings or blocks would be read otherwise: {ANOTHER}")
        return document

    def _follow(self) -> None:
        found: dict[str, tuple[Edit, ...]] = {}
        for _ in range(_ROUNDS):
            paths = [path for path in self.edits if self._renames(path)]
            self.renamed = {path: self._alike(path) for path in paths}
            wanted = self._subpath_edits() if paths else {}
            if wanted == found:
                return
            found = wanted
            self.edits = {
                path: tuple(sorted((*self._given.get(path, ()), *found.get(path, ()))))
                for path in (*self._given, *(found.keys() - self._given.keys()))
            }
        raise VaultError(f"headings would follow each other without end: {ANOTHER}")

    def _renames(self, path: str) -> bool:
        document = self.vault.documents[path]
        places = (*document.headings, *document.blocks) if document.kind == "note" else ()
        return any(
            place.start <= edit.span.start < place.end
            for place in places
            for edit in self.edits[path]
        )

    def _subpath_edits(self) -> dict[str, tuple[Edit, ...]]:
        edits, problems = dict[str, list[Edit]](), list[str]()
        for document in self.vault.documents.values():
            for link, path in self._to_renamed(document):
                try:
                    edit = _followed(document, link, self.vault.documents[path], self.renamed[path])
                except VaultError as error:
                    problems += error.args
                else:
                    edits.setdefault(document.path, []).extend(edit)
        if problems:
            raise refusal(problems)
        return {path: tuple(ones) for path, ones in edits.items() if ones}

    def _to_renamed(self, document: Document) -> Iterator[tuple[Link, str]]:
        """Yield the links of a document to places of renamed documents."""
        replaced = self._replaced(document)
        for link in document.internal:
            if link.subpath and not _is_in(link, replaced):
                found = self.names.before.resolve(link.target, document.path)
                if found and found[0] in self.renamed:
                    yield link, found[0]

    def _replaced(self, document: Document) -> Span | None:
        """Return the heading of a document, as it was or as it will be, that gets another text."""
        place = self.place
        if place and place.kind == "heading" and self.names.moved(place.path) == document.path:
            return document.headings[place.number].span
        return None

    def verify(self, path: str) -> None:
        """Raise `VaultError` where the text would be read otherwise than it is meant."""
        old, new = self.vault.documents[path], self._alike(path)
        for link, other in zip_longest(self._links(old), self._links(new)):
            if not (link and other and self._same(old, link, other)):
                raise VaultError(f"{path}: its links would be read otherwise: {ANOTHER}")

    def _links(self, document: Document) -> list[Link]:
        replaced = self._replaced(document)
        links = (link for link in document.internal if not _is_in(link, replaced))
        return sorted(links, key=attrgetter("start"))

    def _same(self, document: Document, link: Link, other: Link) -> bool:
        """Whether a link leads, as it will be, to the place that it led to."""
        names = self.names
        found = names.before.resolve(link.target, document.path)
        if not found:
            return True
        reached = names.after.resolve(other.target, names.moved(document.path))
        renamed = self.renamed.get(found[0])
        place = find_place(self.vault.documents[found[0]], link.subpath) if renamed else None
        is_kept = not (renamed and place) or find_place(renamed, other.subpath) == place
        return reached[:1] == (names.moved(found[0]),) and is_kept


def _is_in(link: Link, span: Span | None) -> bool:
    return span is not None and span.start <= link.start < span.end


def _outline(document: Document) -> tuple[list[int], int]:
    return [heading.level for heading in document.headings], len(document.blocks)


def find_place(document: Document, subpath: str) -> tuple[PlaceKind, int] | None:
    """Return the heading or block that a subpath leads to, by its number in the note."""
    if document.kind != "note":
        return None
    if subpath.startswith("#^"):
        block = find_block(document, subpath)
        return None if block is None else ("block", block)
    heading = None if subpath.startswith("#[^") else find_heading(document, subpath)
    return None if heading is None else ("heading", heading)


def _followed(document: Document, link: Link, old: Document, new: Document) -> tuple[Edit, ...]:
    """Return the edit with which a link leads to the same place of a note, () if it does."""
    place = find_place(old, link.subpath)
    if place is None:
        return ()
    for subpath in _subpaths(link.subpath, place, old, new):
        if find_place(new, subpath) == place:
            if subpath == link.subpath:
                return ()
            written, span = spelled_in(document, link, subpath), subpath_span(document, link)
            if written is not None and span:
                return (Edit(span, written),)
    shown = link.span.of(document.text)
    raise VaultError(
        f"{where(document, link.start)}: `{shown}` cannot be written so that it leads to the same "
        f"place of {new.path}: {ANOTHER}"
    )


def _subpaths(subpath: str, place: tuple[str, int], old: Document, new: Document) -> Iterator[str]:
    """Yield what may lead to a place, first in the form that a subpath has."""
    kind, number = place
    if kind == "block":
        name = new.blocks[number].id
        yield subpath if name == old.blocks[number].id else f"#^{name}"
    else:
        yield _with_new_names(subpath, old, new)
        yield from subpaths_to(new, number)


def _with_new_names(subpath: str, old: Document, new: Document) -> str:
    parts = subpath.split("#")
    for at, part in enumerate(parts):
        number = find_heading(old, "#".join(parts[: at + 1])) if heading_key(part) else None
        if number is not None:
            before, after = (one.headings[number].text for one in (old, new))
            is_same = heading_key(before) == heading_key(after)
            # The other letter case of a name is followed only where the name is written so.
            if before != after and not (is_same and part.strip() != heading_subpath(before)[1:]):
                parts[at] = heading_subpath(after)[1:]
    return "#".join(parts)

"""What changes in a vault when files, a heading, a block or a tag get another name.

A vault and what to rename in, edits out. Every link leads to the same file, heading or block
afterwards; what some link could not express is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain

from vaultsync.core.config import Config
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, Vault
from vaultsync.core.text import Edit
from vaultsync.lint.rename.bases import base_edits
from vaultsync.lint.rename.files import alias_edits, link_edits
from vaultsync.lint.rename.kinds import (
    ANOTHER,
    Edits,
    Files,
    Place,
    Rename,
    Renamed,
    Tag,
    refusal,
)
from vaultsync.lint.rename.names import Names
from vaultsync.lint.rename.places import Changes, place_edit
from vaultsync.lint.rename.tags import names_of_tags, refuse_tag, tag_edits
from vaultsync.notes.note import stem

__all__ = ["Edits", "Files", "Place", "Rename", "Renamed", "Tag", "rename"]
_WORD = re.compile(r"[a-z0-9]+")


def rename(
    vault: Vault,
    config: Config,
    what: Rename,
    unread: Mapping[str, bytes | None] | None = None,
) -> Renamed:
    """Return the edits to make. A note's old name joins its aliases.

    `unread` holds the bytes of documents that cannot be read, where they are known. Raises
    `VaultError` where something that is to change cannot be written.
    """
    vault.load(vault.documents)
    names = Names(vault, what.moves if isinstance(what, Files) else {})
    remarks = _unreadable(vault, what, unread or {})
    if isinstance(what, Tag):
        documents = vault.documents.values()
        refuse_tag(what, ((one, name) for one in documents for name in names_of_tags(one)))
    edits, problems = dict[str, tuple[Edit, ...]](), list[str]()
    for path, document in vault.documents.items():
        try:
            if document.kind == "base":
                found, more = base_edits(document, what, names, vault)
                remarks += more
            else:
                found = tuple(sorted(_edits(document, what, names, config)))
        except VaultError as error:
            problems += error.args
        else:
            edits |= {path: found} if found else {}
    if problems and _is_refused(what):
        raise refusal(problems)
    checked = _checked(vault, names, edits, what, problems)
    if problems and _is_refused(what):
        raise refusal(problems)
    return Renamed(checked, (*remarks, *problems))


def _is_refused(what: Rename) -> bool:
    """Whether nothing may be renamed where something cannot be written."""
    return not (isinstance(what, Files) and what.moved_before)


def _edits(document: Document, what: Rename, names: Names, config: Config) -> Iterable[Edit]:
    if isinstance(what, Files):
        links = link_edits(document, names)
        return links if what.moved_before else chain(links, alias_edits(document, names, config))
    if isinstance(what, Tag):
        return tag_edits(document, what)
    return [place_edit(document, what)] if document.path == what.path else ()


def _checked(vault: Vault, names: Names, edits: Edits, what: Rename, problems: list[str]) -> Edits:
    """Return the edits with those to subpaths, of files in which all is read as it is meant."""
    place = what if isinstance(what, Place) else None
    changes = Changes(vault, names, edits, place)
    if place and place.kind == "heading":
        headings = changes.after(place.path).headings[place.number :]
        if not headings or headings[0].text != place.new:
            raise VaultError(f"`{place.new}`: a heading cannot have this text: {ANOTHER}")
    is_odd = place or names.are_odd or (isinstance(what, Tag) and "_" in what.new)
    wrong = set[str]()
    for path, found in changes.edits.items():
        if is_odd or path in names.moves or path in changes.renamed or found != edits.get(path):
            try:
                changes.verify(path)
            except VaultError as error:
                problems += error.args
                wrong.add(path)
    return {path: found for path, found in changes.edits.items() if path not in wrong}


def _unreadable(vault: Vault, what: Rename, unread: Mapping[str, bytes | None]) -> list[str]:
    """Return a remark on each document that cannot be read, and names nothing that is concerned.

    Raises `VaultError` where one may.
    """
    paths = [path for path, one in vault.documents.items() if one.error]
    moves = what.moves if isinstance(what, Files) else {}
    unknown = [p for p in paths if p in moves or _may_name(unread.get(p), what)]
    if unknown and _is_refused(what):
        raise refusal(
            f"{path}: it cannot be read, so where its links lead is unknown: mend or remove it"
            for path in unknown
        )
    named = paths if _is_refused(what) else unknown
    return [f"{path}: it cannot be read, and stays as it is" for path in named]


def _may_name(data: bytes | None, what: Rename) -> bool:
    """Whether a text, in any encoding, may hold a name that is concerned: it holds all its words.

    A name without words in ASCII may be in every text.
    """
    if data is None:
        return True
    text = data.replace(b"\0", b"").decode("ascii", "ignore").lower()
    paths = {what.path} if isinstance(what, Place) else set[str]()
    if isinstance(what, Files):
        paths = {*what.moves, *what.moves.values()}
    wanted = [what.old] if isinstance(what, Tag) else map(stem, paths)
    return any(all(word in text for word in _WORD.findall(name.lower())) for name in wanted)

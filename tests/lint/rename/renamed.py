"""Vaults before and after a rename."""

from __future__ import annotations

from collections.abc import Mapping

from vaultsync.core.config import Config
from vaultsync.core.model import Vault
from vaultsync.core.text import apply_edits
from vaultsync.lint.rename import Files, Place, Rename, Tag, rename
from vaultsync.lint.rename.places import find_place
from vaultsync.markdown import kind_of, parse
from vaultsync.notes.link_index import LinkIndex

Texts = Mapping[str, str]


def vault_of(files: Texts) -> Vault:
    documents = {path: parse(path, text) for path, text in files.items() if kind_of(path)}
    return Vault(documents, frozenset(files))


def renamed(files: Texts, what: Rename) -> dict[str, str]:
    """Return the files after a rename."""
    edits = rename(vault_of(files), Config(), what).edits
    moves = what.moves if isinstance(what, Files) else {}
    return {
        moves.get(path, path): apply_edits(text, edits.get(path, ()))
        for path, text in files.items()
    }


def heading(files: Texts, path: str, subpath: str, new: str) -> dict[str, str]:
    """Return the files after a heading or block got another name."""
    found = find_place(vault_of(files).documents[path], subpath)
    assert found
    return renamed(files, Place(path, *found, new))


def tag(files: Texts, old: str, new: str) -> dict[str, str]:
    """Return the files after a tag got another name."""
    return renamed(files, Tag(old, new))


Reached = tuple[str | None, tuple[str, int] | None]


def leads(files: Texts) -> dict[str, list[Reached]]:
    """Return to which file, and which heading or block there, the links of each file lead."""
    index, vault = LinkIndex(files), vault_of(files)
    found: dict[str, list[Reached]] = {}
    for path, document in vault.documents.items():
        found[path] = []
        for link in sorted(document.internal, key=lambda link: link.start):
            reached = next(iter(index.resolve(link.target, path)), None)
            target = vault.documents.get(reached or "")
            found[path].append((reached, find_place(target, link.subpath) if target else None))
    return found

"""Vaults made of what git holds: a tree, the index, or a vault as it was before a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from vaultsync import gitread
from vaultsync.model import Vault
from vaultsync.parse import kind_of, parse

Shows = Callable[[str], bool]


class Before(msgspec.Struct, frozen=True, eq=False):
    """A vault as it was before a change, and the paths of the files that differ since.

    `types` are those that Obsidian kept for properties, `tracked` the files that git tracked, as a
    lint context has them. With `resettled` the settings differ, so that no note is as it was.
    """

    vault: Vault
    paths: frozenset[str]
    types: Mapping[str, str]
    tracked: frozenset[str] | None
    resettled: bool


def read(repo: gitread.Repository, entry: gitread.Entry | None) -> bytes | None:
    """Return what a file holds, None where there is none."""
    return gitread.blobs(repo, [entry.id])[entry.id] if entry else None


def vault_of(
    repo: gitread.Repository,
    entries: Mapping[str, gitread.Entry],
    shows: Shows,
    reads: Shows = lambda _path: True,
) -> Vault:
    """Return a vault of entries that Obsidian shows; those that are read become documents.

    A symbolic link is a file to which links can lead, and no document.
    """
    files = [path for path in entries if shows(path)]
    readable = {
        path: entries[path].id
        for path in files
        if kind_of(path) and entries[path].mode != gitread.SYMLINK and reads(path)
    }
    blobs = gitread.blobs(repo, readable.values())
    documents = {path: parse(path, blobs[name]) for path, name in readable.items()}
    return Vault(documents, frozenset(files))


def before(
    repo: gitread.Repository,
    vault: Vault,
    differing: Mapping[str, gitread.Entry | None],
    shows: Shows,
) -> Vault:
    """Return a vault as it was; only what differs is read, all else are the same documents."""
    old = vault_of(repo, {path: e for path, e in differing.items() if e}, shows)
    same = {path: doc for path, doc in vault.documents.items() if path not in differing}
    return Vault({**same, **old.documents}, (vault.files - differing.keys()) | old.files)

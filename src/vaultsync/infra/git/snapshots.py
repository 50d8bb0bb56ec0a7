"""Vaults made of what git holds: a tree, the index, or a vault as it was before a change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import msgspec

from vaultsync.core.model import Vault
from vaultsync.infra import git
from vaultsync.infra.cache import Store
from vaultsync.infra.loader import Fetch, Inspection, Reader, Reading
from vaultsync.markdown import kind_of

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


def read(repo: git.Repository, entry: git.Entry | None) -> bytes | None:
    """Return what a file holds, None where there is none."""
    return git.blobs(repo, [entry.id])[entry.id] if entry else None


def vault_of(
    repo: git.Repository,
    entries: Mapping[str, git.Entry],
    shows: Shows,
    reads: Shows = lambda _path: True,
) -> Vault:
    """Return a vault of entries that Obsidian shows; those that are read become documents."""
    readable = documents_in(entries, lambda path: shows(path) and reads(path))
    files = frozenset(path for path in entries if shows(path))
    return Vault(reading_of(repo, readable, Store()).documents, files)


def documents_in(entries: Mapping[str, git.Entry], reads: Shows) -> dict[str, str]:
    """Return the content ids of the entries that are documents and are read.

    A symbolic link is a file to which links can lead, and no document.
    """
    return {
        path: entry.id
        for path, entry in entries.items()
        if kind_of(path) and entry.mode != git.SYMLINK and reads(path)
    }


def reading_of(
    repo: git.Repository,
    ids: Mapping[str, str],
    store: Store,
    inspection: Inspection | None = None,
    *,
    outlines: bool = False,
) -> Reading:
    """Return the documents that blobs hold, by path."""

    def fetch(paths: Collection[str]) -> Fetch:
        blobs = git.blobs(repo, [ids[path] for path in paths])
        return lambda path: blobs[ids[path]]

    texts = git.Texts(repo)
    return Reader(fetch, texts, store, inspection, outlines=outlines).read(ids, ids)


def before(
    repo: git.Repository,
    vault: Vault,
    differing: Mapping[str, git.Entry | None],
    shows: Shows,
) -> Vault:
    """Return a vault as it was; only what differs is read, all else are the same documents."""
    old = vault_of(repo, {path: e for path, e in differing.items() if e}, shows)
    same = {path: doc for path, doc in vault.documents.items() if path not in differing}
    # What is left of a frozen set without keys is a set.
    return Vault({**same, **old.documents}, frozenset(vault.files - differing.keys()) | old.files)

"""Vaults from git: of a tree, of the index, or as a vault was before a change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import msgspec

from vaultsync.core.model import Overlay, Vault
from vaultsync.infra.cache import Cache
from vaultsync.infra.git import BlobReader
from vaultsync.infra.git.files import Entry
from vaultsync.infra.loader import Documents, Loader, Texts
from vaultsync.markdown import kind_of

Shows = Callable[[str], bool]


class Before(msgspec.Struct, frozen=True, eq=False):
    """A vault as it was before a change, and the paths of the files that differ since.

    `types` are those that Obsidian had for properties, `tracked` the files that git tracked, as a
    lint context has them. With `resettled` the settings differ, so that no note is as it was.
    """

    vault: Vault
    paths: frozenset[str]
    types: Mapping[str, str]
    tracked: frozenset[str] | None
    resettled: bool


def documents_of(
    blobs: BlobReader, entries: Mapping[str, Entry], shows: Shows, cache: Cache
) -> Documents:
    """Return the documents among entries that Obsidian shows, by path, with their blob ids.

    A symbolic link is a file that links can lead to, and not a document.
    """
    files = {path: entry.id for path, entry in entries.items() if entry.is_regular and shows(path)}
    ids = {path: identity for path, identity in files.items() if kind_of(path)}

    def fetch(paths: Collection[str]) -> Callable[[str], bytes]:
        return dict(zip(paths, blobs.read(ids[path] for path in paths), strict=True)).__getitem__

    return Loader(Texts(fetch, blobs.text), cache).documents(ids, ids)


def before(
    blobs: BlobReader,
    vault: Vault,
    differing: Mapping[str, Entry | None],
    shows: Shows,
    cache: Cache,
) -> Vault:
    """Return a vault as it was; only what differs is read, the other documents are shared."""
    entries = {path: entry for path, entry in differing.items() if entry}
    old = documents_of(blobs, entries, shows, cache)
    documents = Overlay(vault.documents, dict(old.items()), differing.keys())
    # A frozen set less the keys of a mapping is a set.
    return Vault(documents, frozenset(vault.files - differing.keys()).union(filter(shows, entries)))

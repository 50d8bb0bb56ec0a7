"""Vaults from git: of a tree, of the index, or as a vault was before a change."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import msgspec

from vaultsync.core.model import Overlay, Vault
from vaultsync.infra import git
from vaultsync.infra.cache import Cache
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


def vault_of(
    repo: git.Repository, entries: Mapping[str, Entry], shows: Shows, cache: Cache
) -> Vault:
    """Return a vault of entries that Obsidian shows."""
    files = frozenset(filter(shows, entries))
    return Vault(documents_of(repo, document_ids(entries, shows), cache), files)


def document_ids(entries: Mapping[str, Entry], shows: Shows) -> dict[str, str]:
    """Return the content ids of the entries that are documents and that Obsidian shows.

    A symbolic link is a file that links can lead to, and not a document.
    """
    return {
        path: entry.id
        for path, entry in entries.items()
        if kind_of(path) and entry.is_regular and shows(path)
    }


def documents_of(repo: git.Repository, ids: Mapping[str, str], cache: Cache) -> Documents:
    """Return the documents of blobs by path; `ids` are the blob ids."""

    def fetch(paths: Collection[str]) -> Callable[[str], bytes]:
        blobs = git.read_blobs(repo, [ids[path] for path in paths])
        return lambda path: blobs[ids[path]]

    return Loader(Texts(fetch, git.BlobReader(repo).text), cache).documents(ids, ids)


def before(
    repo: git.Repository,
    vault: Vault,
    differing: Mapping[str, Entry | None],
    shows: Shows,
    cache: Cache,
) -> Vault:
    """Return a vault as it was; only what differs is read, the other documents are shared."""
    old = vault_of(repo, {path: e for path, e in differing.items() if e}, shows, cache)
    documents = Overlay(vault.documents, dict(old.documents.items()), differing.keys())
    # A frozen set less the keys of a mapping is a set.
    return Vault(documents, frozenset(vault.files - differing.keys()) | old.files)

"""Give the files of a tree the names that they get by a merge, so that its links lead to them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Vault
from vaultsync.core.text import Span, apply_edits
from vaultsync.infra.git import snapshots
from vaultsync.infra.git.files import Entry, inside
from vaultsync.infra.loader import Documents
from vaultsync.lint.rename import Files, rename

PURPOSE = "`vaultsync sync`"
_KEPT = "links may keep a former name"
T = TypeVar("T")


class Rewritten(msgspec.Struct, frozen=True):
    """The new texts of files whose links changed, by their old paths from the top level."""

    texts: Mapping[str, bytes] = {}
    remarks: tuple[str, ...] = ()


def documents_at(workspace: Workspace, entries: Mapping[str, Entry]) -> Documents:
    """Return the documents of the vault among files, by their paths there."""
    within = in_vault(entries, workspace.need_repository(PURPOSE).prefix)
    shows, cache = workspace.is_shown, workspace.cache
    return snapshots.documents_of(workspace.blobs, within, shows, cache)


def rewritten(
    workspace: Workspace,
    tree: Mapping[str, Entry],
    moves: Mapping[str, str],
    alone: Mapping[str, Collection[Span]] | None = None,
) -> Rewritten:
    """Return the texts of a tree in which links are written for the new names of files.

    What cannot be written so stays, and is a remark. `alone` are the targets to change in files of
    the tree, where the others stay as they are.
    """
    prefix = workspace.need_repository(PURPOSE).prefix
    entries = in_vault(tree, prefix)
    within = {old: new for old, new in in_vault(moves, prefix).items() if new.startswith(prefix)}
    names = {old: new[len(prefix) :] for old, new in within.items()}
    if not names:
        return Rewritten()
    documents = documents_at(workspace, tree if alone is None else {p: tree[p] for p in alone})
    vault = Vault(documents, frozenset(filter(workspace.is_shown, entries)))
    vault.load(documents)
    unread = [path for path, one in documents.items() if one.error]
    data = workspace.blobs.read(entries[path].id for path in unread)
    contents = dict(zip(unread, data, strict=True))
    try:
        found = rename(vault, workspace.config, Files(names, moved_before=True), contents)
    except VaultError as error:
        return Rewritten(remarks=(f"{_KEPT}: {error}",))
    wanted = {
        path: [one for one in edits if alone is None or one.span in alone[f"{prefix}{path}"]]
        for path, edits in found.edits.items()
    }
    texts = {
        f"{prefix}{path}": apply_edits(documents[path].text, edits).encode()
        for path, edits in wanted.items()
        if edits
    }
    return Rewritten(texts, tuple(f"{_KEPT}: {remark}" for remark in found.remarks))


def in_vault(values: Mapping[str, T], prefix: str) -> dict[str, T]:
    """Return what is in the vault's folder, by the paths there."""
    found = ((inside(path, prefix), value) for path, value in values.items())
    return {path: value for path, value in found if path is not None}

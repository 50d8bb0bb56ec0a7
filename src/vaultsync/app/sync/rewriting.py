"""Give the files of a tree the names that they get by a merge, so that its links lead to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Vault
from vaultsync.core.text import apply_edits
from vaultsync.infra.git import snapshots
from vaultsync.infra.git.files import Entry, inside
from vaultsync.infra.loader import Documents
from vaultsync.lint.rename import Files, rename

PURPOSE = "`vaultsync sync`"
T = TypeVar("T")


class Rewritten(msgspec.Struct, frozen=True):
    """The new texts of files whose links changed, by their old paths from the top level."""

    texts: Mapping[str, bytes] = {}
    remarks: tuple[str, ...] = ()


def documents_at(workspace: Workspace, entries: Mapping[str, Entry]) -> Documents:
    """Return the documents of the vault among files, by their paths there."""
    within = _inside(entries, workspace.need_repository(PURPOSE).prefix)
    shows, cache = workspace.is_shown, workspace.cache
    return snapshots.documents_of(workspace.blobs, within, shows, cache)


def rewritten(
    workspace: Workspace, tree: Mapping[str, Entry], moves: Mapping[str, str]
) -> Rewritten:
    """Return the texts of a tree in which links are written for the new names of files.

    What cannot be written so stays, and is a remark.
    """
    prefix = workspace.need_repository(PURPOSE).prefix
    entries = _inside(tree, prefix)
    within = {old: new for old, new in _inside(moves, prefix).items() if new.startswith(prefix)}
    names = {old: new[len(prefix) :] for old, new in within.items()}
    if not names:
        return Rewritten()
    documents = documents_at(workspace, tree)
    vault = Vault(documents, frozenset(filter(workspace.is_shown, entries)))
    vault.load(documents)
    unread = [path for path, one in documents.items() if one.error]
    data = workspace.blobs.read(entries[path].id for path in unread)
    contents = dict(zip(unread, data, strict=True))
    try:
        found = rename(vault, workspace.config, Files(names, moved_before=True), contents)
    except VaultError as error:
        return Rewritten(remarks=(str(error),))
    texts = {path: apply_edits(documents[path].text, edits) for path, edits in found.edits.items()}
    return Rewritten(
        {f"{prefix}{path}": text.encode() for path, text in texts.items()}, found.remarks
    )


def _inside(values: Mapping[str, T], prefix: str) -> dict[str, T]:
    found = ((inside(path, prefix), value) for path, value in values.items())
    return {path: value for path, value in found if path is not None}

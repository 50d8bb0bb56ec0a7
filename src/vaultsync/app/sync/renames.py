"""Which files of a repository got another name between two of its trees."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from vaultsync.app.sync.rewriting import PURPOSE, documents_at
from vaultsync.app.workspace import Workspace
from vaultsync.changelog.lock import Lock, lock_path, parse_lock
from vaultsync.core.errors import VaultError
from vaultsync.infra.git.files import Entry
from vaultsync.infra.git.merge import tree_renames
from vaultsync.sync.merge_tree import Renames, renames_of
from vaultsync.sync.pairing import renamed

Tree = Mapping[str, Entry]


def renames(workspace: Workspace, revisions: tuple[str, str], trees: tuple[Tree, Tree]) -> Renames:
    """Return what was renamed from a revision to another, old path to new, from the top level."""
    repo = workspace.need_repository(PURPOSE)
    base, tree = trees
    gone = {path: entry for path, entry in base.items() if path not in tree}
    new = {path: entry for path, entry in tree.items() if path not in base}
    if not (gone and new):
        return {}
    olds, news = (documents_at(workspace, entries) for entries in (gone, new))
    origins = {one.path: one.origin for one in lock_in(workspace, tree).values()}
    pairs = renamed(olds, news, origins, workspace.config).items()
    certain = {f"{repo.prefix}{old}": f"{repo.prefix}{path}" for old, path in pairs}
    return renames_of(base, tree, certain, tree_renames(repo, *revisions))


def lock_in(workspace: Workspace, tree: Tree) -> Lock:
    """Return the lock of the journal as a tree has it; none where it cannot be read."""
    path = lock_place(workspace)
    entry = tree.get(path)
    if entry is not None and entry.is_regular:
        with suppress(VaultError):
            return parse_lock(path, *workspace.blobs.read([entry.id]))
    return {}


def lock_place(workspace: Workspace) -> str:
    """Return where the lock of the journal is, from the top level."""
    prefix = workspace.need_repository(PURPOSE).prefix
    return f"{prefix}{lock_path(workspace.config.changelog.note)}"

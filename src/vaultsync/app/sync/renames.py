"""Which files of a repository got another name between two of its trees."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from vaultsync.app.sync.rewriting import PURPOSE, documents_at
from vaultsync.app.workspace import Workspace
from vaultsync.changelog.lock import lock_path, parse_lock
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
    pairs = renamed(olds, news, _origins(workspace, tree), workspace.config).items()
    certain = {f"{repo.prefix}{old}": f"{repo.prefix}{path}" for old, path in pairs}
    return renames_of(base, tree, certain, tree_renames(repo, *revisions))


def _origins(workspace: Workspace, tree: Tree) -> dict[str, str]:
    """Return the former names of notes that `changelog.lock` has in a tree."""
    path = lock_path(workspace.config.changelog.note)
    entry = tree.get(f"{workspace.need_repository(PURPOSE).prefix}{path}")
    if entry is not None and entry.is_regular:
        with suppress(VaultError):
            lock = parse_lock(path, *workspace.blobs.read([entry.id]))
            return {one.path: one.origin for one in lock.values()}
    return {}

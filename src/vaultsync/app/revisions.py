"""The vault as it was at a revision, or before the commit that is being made."""

from __future__ import annotations

from vaultsync.app.workspace import APP_FILE, Workspace, read_shows_all
from vaultsync.core.config import FILE_NAME
from vaultsync.core.errors import GitError
from vaultsync.infra import git
from vaultsync.infra.git import snapshots
from vaultsync.markdown.frontmatter import TYPES_FILE, read_types

_APP_FILES = (APP_FILE, TYPES_FILE)


def earlier(workspace: Workspace) -> tuple[snapshots.Before, ...]:
    """Return the vault at the revision to compare with, or in each parent of the next commit.

    () where there is nothing to compare with. Raises `GitError` for one that does not exist.
    """
    if not workspace.staged and workspace.since is None:
        return ()
    repo = workspace.need_repository("`--since`" if workspace.since else "`--staged`")
    return tuple(_before(workspace, repo, base) for base in _bases(workspace, repo))


def _bases(workspace: Workspace, repo: git.Repository) -> list[str | None]:
    if workspace.since is None:
        return [git.head(repo), *filter(None, [git.merged(repo)])]
    commit = git.commit_named(repo, workspace.since)
    if commit is None:
        raise GitError(
            f"--since: `{workspace.since}` is not a commit of this repository: name "
            "one, as `main`, or `main...` for where this branch left it; CI has to fetch it "
            "(fetch-depth: 0)"
        )
    return [commit]


def _before(workspace: Workspace, repo: git.Repository, base: str | None) -> snapshots.Before:
    differing = git.changed(repo, base, index=workspace.staged)
    vault = snapshots.before(repo, workspace.vault, differing, workspace.is_shown, workspace.cache)
    old = {path: entry for path, entry in differing.items() if entry}
    data = git.read_files(repo, {path: old[path] for path in _APP_FILES if path in old})
    types = workspace.obsidian_types
    if TYPES_FILE in differing:
        types = read_types(data.get(TYPES_FILE))
    resettled = FILE_NAME in differing or (
        APP_FILE in differing and read_shows_all(data.get(APP_FILE)) != workspace.shows_all
    )
    tracked = workspace.tracked
    if tracked is not None:
        tracked = (tracked - differing.keys()) | old.keys()
    return snapshots.Before(vault, frozenset(differing), types, tracked, resettled)

"""What cannot be read is unknown, never absent: it stops whatever would take it for deleted."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from vaultsync.app.workspace import Workspace
from vaultsync.core.config import FILE_NAME, matches_glob
from vaultsync.core.errors import VaultError
from vaultsync.infra import git
from vaultsync.infra.git import files as git_files
from vaultsync.infra.git.files import SYMLINK, Entry
from vaultsync.notes.link_index import is_attachment


def refuse_unknown(workspace: Workspace, paths: Iterable[str]) -> None:
    """Raise `VaultError` where one of the documents at some paths cannot be read.

    And where a note is behind a link that leads out of the vault: its text would be published. What
    the settings exclude does not count, nor what the next commit, if that is read, does not change.
    """
    reasons = _errors(workspace, paths)
    if workspace.staged:
        reasons = _introduced(workspace, reasons)
    for path in workspace.outside:
        if workspace.config.type_name(path) or not workspace.config.types:
            reasons.setdefault(path, "it leads out of the vault")
    found = sorted(path for path in reasons if not _is_excluded(workspace, path))
    if found:
        more = f" ({len(found) - 1} more are like it)" if found[1:] else ""
        raise VaultError(
            f"{found[0]}: {reasons[found[0]]}: without it the result would be wrong, so nothing "
            f"was written{more}: mend it, or add it to `exclude` in {FILE_NAME}"
        )


def _errors(workspace: Workspace, paths: Iterable[str]) -> dict[str, str]:
    """Return why documents, or folders that may hold some, cannot be read."""
    wanted = [path for path in paths if not is_attachment(path)]
    workspace.vault.load(wanted)
    documents = workspace.vault.documents
    return {path: error for path in wanted if (error := documents[path].error)}


def _is_excluded(workspace: Workspace, path: str) -> bool:
    # A folder is excluded with all that is in it.
    return any(matches_glob(own, workspace.config.exclude) for own in (path, f"{path}/"))


def _introduced(workspace: Workspace, reasons: Mapping[str, str]) -> dict[str, str]:
    """Return what the next commit makes unknown: also links to nowhere in the place of notes."""
    links = {p: e for p, e in workspace.entries.items() if e.mode == SYMLINK}
    if not reasons and not links:
        return {}
    repo = workspace.need_repository("`--staged`")
    changed = git_files.changed(repo, git.head(repo), index=True)
    found = {path: reason for path, reason in reasons.items() if path in changed}
    links = {p: e for p, e in links.items() if not is_attachment(p) and _replaces(p, changed)}
    for path, target in git_files.read_files(repo, links).items():
        place = posixpath.join(posixpath.dirname(path), git.as_text(target))
        if not _is_below(posixpath.normpath(place), workspace.entries):
            found[path] = "it became a symbolic link that leads to nothing in the vault"
    return found


def _replaces(path: str, changed: Mapping[str, Entry | None]) -> bool:
    return path in changed and _is_below(path, [name for name, old in changed.items() if old])


def _is_below(place: str, paths: Iterable[str]) -> bool:
    """Whether one of the paths is that of a place or below it."""
    return any(path == place or path.startswith(f"{place}/") for path in paths)

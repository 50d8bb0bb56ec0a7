"""Report what happened in a vault, to all notes or to one."""

from __future__ import annotations

import os
from pathlib import Path

from vaultsync.app.changelog.history import History
from vaultsync.app.changelog.whole_history import all_days
from vaultsync.app.workspace import Workspace, inside
from vaultsync.changelog import journal, render
from vaultsync.changelog.replay import Day, latest_path, of_note
from vaultsync.core.errors import VaultError


def report_changes(
    workspace: Workspace, note: str | None, since: str | None, *, as_json: bool = False
) -> str:
    """Return what happened from a day or a revision on, as Markdown or JSON; "" for nothing.

    `note` is the only one to report on, by a path from the working folder or as in a wikilink.
    Raises `VaultError` for a note that never existed.
    """
    history = History(workspace)
    days = all_days(history, since, workspace.progress)
    floor = min([day.date for day in days], default=history.today) if since else ""
    own = {day: line for day, line in workspace.config.changelog.days.items() if day >= floor}
    if note is not None:
        days, own = _of_note(workspace, note, days, is_whole=not since), {}
    if as_json:
        return render.as_json(days, own)
    text = journal.derived(workspace.context, days, own).text()
    return f"{text}\n" if text else ""


def _of_note(workspace: Workspace, named: str, days: list[Day], *, is_whole: bool) -> list[Day]:
    path = _note_path(workspace, named)
    exists = path in workspace.vault.documents
    found = of_note(days, path if exists else latest_path(days, path))
    if not found and is_whole and not exists:
        raise VaultError(f"{named}: there is no such note in the vault, nor was there one")
    return found


def _note_path(workspace: Workspace, named: str) -> str:
    """Return the path of a note that is named by a path, or as in a wikilink."""
    if not named:
        raise VaultError("NOTE is empty: name a note")
    path = os.path.relpath(named, workspace.root).replace(os.sep, "/")
    found = workspace.context.index.resolve(named, "")
    if found and path not in workspace.vault.documents:
        return found[0]
    try:
        return inside(workspace.root, named)
    except VaultError:
        # A path that does not exist may be that of a former note, named as from the vault.
        if Path(named).exists():
            raise
        return inside(workspace.root, named, workspace.root)

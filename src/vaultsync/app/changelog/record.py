"""Record and report what happened in a vault, as the options of `vaultsync changelog` request."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import msgspec

from vaultsync.app.changelog.note_versions import NoteVersions
from vaultsync.app.changelog.recorded_state import recorded_state
from vaultsync.app.changelog.snapshot import Snapshot
from vaultsync.app.changelog.timeline import days_until
from vaultsync.app.workspace import Workspace, inside
from vaultsync.changelog import journal, render
from vaultsync.changelog.timeline import Day, latest_name, of_note
from vaultsync.core.errors import GitError, VaultError
from vaultsync.core.output import Output
from vaultsync.infra.clock import today


class ReportOptions(msgspec.Struct, frozen=True):
    """What to report: one `note` or all, from a day or a revision on, as Markdown or JSON.

    The note is named by a path from the folder `start`, or as in a wikilink.
    """

    note: str | None = None
    start: str = ""
    since: str | None = None
    as_json: bool = False


class _History(NamedTuple):
    """The notes of a vault now and in its commits; `today` is in the time zone of the settings."""

    snapshot: Snapshot
    versions: NoteVersions
    today: str


def record_changes(workspace: Workspace) -> list[Output]:
    """Return the notes that change when the journal records what is new."""
    snapshot, versions, day = _history(workspace)
    return journal.record(workspace.context, recorded_state(snapshot, versions), day)


def rebuild_journal(workspace: Workspace) -> list[Output]:
    """Return the notes that change when the journal is made from the whole history."""
    return journal.rebuild(workspace.context, _days(workspace, _history(workspace)))


def report_changes(options: ReportOptions, workspace: Workspace) -> str:
    """Return what happened as Markdown or JSON; "" where nothing did.

    Raises `VaultError` for a note that never existed.
    """
    history, config = _history(workspace), workspace.config
    days = _days(workspace, history, since=options.since)
    floor = min([day.date for day in days], default=history.today) if options.since else ""
    own = {day: line for day, line in config.changelog.days.items() if day >= floor}
    if options.note is not None:
        days, own = _of_note(options, workspace, days), {}
    if options.as_json:
        return render.as_json(days, own)
    text = journal.derived(workspace.context, days, own).text()
    return f"{text}\n" if text else ""


def _of_note(options: ReportOptions, workspace: Workspace, days: list[Day]) -> list[Day]:
    named = options.note or ""
    path = _note_path(workspace, named, options.start)
    exists = path in workspace.vault.documents
    found = of_note(days, path if exists else latest_name(days, path))
    if not found and not options.since and not exists:
        raise VaultError(f"{named}: there is no such note in the vault, nor was there one")
    return found


def _note_path(workspace: Workspace, named: str, start: str) -> str:
    """Return the path of a note that is named by a path, or as in a wikilink."""
    path = os.path.relpath(Path(start, named), workspace.root).replace(os.sep, "/")
    found = workspace.context.index.resolve(named, "")
    if found and path not in workspace.vault.documents:
        return found[0]
    try:
        return inside(workspace.root, named, start)
    except VaultError:
        # A path that does not exist may be that of a former note, named as from the vault.
        if Path(start, named).exists():
            raise
        return inside(workspace.root, named, workspace.root)


def _days(workspace: Workspace, history: _History, *, since: str | None = None) -> list[Day]:
    """Return what happened day by day, the newest first, and uncommitted changes as today's."""
    snapshot, versions, day = history
    days = days_until(day, snapshot, versions, since=since, progress=workspace.progress)
    return list(days)[::-1]


def _history(workspace: Workspace) -> _History:
    """Return the history of a vault; raise `GitError` where there is none or only a part."""
    repo, config = workspace.need_repository("the changelog"), workspace.config
    if repo.is_shallow:
        raise GitError(
            f"{workspace.root}: the history is cut short (a shallow clone), so what is "
            "new is not known: run `git fetch --unshallow`, or in CI check out with fetch-depth: 0"
        )
    # The content ids are known once the vault is read.
    vault = workspace.vault
    root = "" if workspace.staged else workspace.root
    snapshot = Snapshot(repo, config, vault, workspace.documents.ids, root)
    versions = NoteVersions(repo, config, workspace.cache)
    return _History(snapshot, versions, today(config.changelog.timezone))

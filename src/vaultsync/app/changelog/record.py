"""The changelog of a vault: what `vaultsync changelog` writes, and what it shows."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from vaultsync import changelog
from vaultsync.app.changelog.recorded_state import Recorded
from vaultsync.app.changelog.snapshot import Present
from vaultsync.app.changelog.timeline import Past
from vaultsync.app.clock import today
from vaultsync.app.discovery import inside
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import GitError, VaultError
from vaultsync.core.output import Output
from vaultsync.infra.git.note_versions import Versions


class Recording:
    """The history of a vault, as its changelog tells it."""

    def __init__(self, workspace: Workspace) -> None:
        """Bind the vault; nothing is read yet."""
        self._workspace = workspace

    def outputs(self, *, rebuild: bool = False) -> list[Output]:
        """Return what `vaultsync changelog` writes; `rebuild` makes the journal anew."""
        if rebuild:
            return changelog.rebuild(self._workspace.context, self._days())
        base = Recorded(self._present, self._versions).base()
        return changelog.record(self._workspace.context, base, self._today)

    def _days(self, *, since: str | None = None) -> list[changelog.Day]:
        """Return what happened day by day, the newest first, and uncommitted changes as today's."""
        past = Past(self._present, self._versions)
        days = past.days(self._today, since=since, progress=self._workspace.progress)
        return list(days)[::-1]

    def happened(
        self,
        note: str | None,
        start: str,
        *,
        since: str | None = None,
        as_json: bool = False,
    ) -> str:
        """Return what happened as Markdown or JSON, to one note or to all; "" for nothing.

        `note` is named by a path from `start` or as in a wikilink. Raises `VaultError` for one that
        never was.
        """
        days = self._days(since=since)
        floor = min([day.date for day in days], default=self._today) if since else ""
        own = {
            day: line for day, line in self._workspace.config.changelog.days.items() if day >= floor
        }
        if note is not None:
            path = self._note(note, start)
            is_there = path in self._workspace.vault.documents
            path = path if is_there else changelog.latest_name(days, path)
            days, own = changelog.of_note(days, path), {}
            if not days and not since and not is_there:
                raise VaultError(f"{note}: there is no such note in the vault, nor was there one")
        if as_json:
            return changelog.as_json(days, own)
        text = changelog.derived(self._workspace.context, days, own).text()
        return f"{text}\n" if text else ""

    def _note(self, named: str, start: str) -> str:
        """Return the path of a note that is named by a path, or as in a wikilink."""
        workspace = self._workspace
        path = os.path.relpath(Path(start, named), workspace.root).replace(os.sep, "/")
        found = workspace.context.index.resolve(named, "")
        if found and path not in workspace.vault.documents:
            return found[0]
        try:
            return inside(workspace.root, named, start)
        except VaultError:
            # What is nowhere on disk may have been a note, named as from the vault.
            if Path(start, named).exists():
                raise
            return inside(workspace.root, named, workspace.root)

    @cached_property
    def _present(self) -> Present:
        """The vault in its repository; raises `GitError` where there is none or a part of it."""
        workspace = self._workspace
        repo = workspace.need_repository("the changelog")
        if repo.is_shallow:
            raise GitError(
                f"{workspace.root}: the history is cut short (a shallow clone), so what is new "
                "cannot be told: run `git fetch --unshallow`, or in CI check out with "
                "fetch-depth: 0"
            )
        # The ids are known when the vault is read.
        vault = workspace.vault
        root = "" if workspace.staged else workspace.root
        return Present(repo, workspace.config, vault, workspace.ids, root)

    @cached_property
    def _versions(self) -> Versions:
        workspace = self._workspace
        return Versions(self._present.repo, workspace.config, workspace.store)

    @cached_property
    def _today(self) -> str:
        """The day in the time zone of the settings."""
        return today(self._workspace.config.changelog.timezone)

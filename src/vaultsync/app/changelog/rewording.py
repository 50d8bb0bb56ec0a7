"""When claims and the lines of sources last changed, from the history of their notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from vaultsync.app.changelog.history import History
from vaultsync.app.changelog.whole_history import all_days
from vaultsync.app.workspace import Workspace
from vaultsync.changelog.replay import Day, commits_about, of_note
from vaultsync.core.commits import day_of
from vaultsync.core.errors import GitError, VaultsyncError
from vaultsync.infra.git import Repository
from vaultsync.infra.git.blame import line_moments
from vaultsync.notes.note import Note


def reworded(workspace: Workspace, notes: Sequence[Note]) -> Mapping[str, str]:
    """Return which of some claims changed since they were checked, with the day of the last change.

    "" is the day of a change that is not committed. Nothing where the history is not known.
    """
    try:
        days = all_days(History(workspace))
    except VaultsyncError:
        return {}
    found = {note.path: _last_reworded(of_note(days, note.path)) for note in notes}
    return {path: day for path, day in found.items() if day is not None}


def _last_reworded(days: Sequence[Day]) -> str | None:
    """Return the day on which the claim of a note last changed, "" for one that is not committed.

    None where it never changed, or was checked on that day.
    """
    for day in days[::-1]:
        of_claim = [change for change in day.changes if change.field == "claim"]
        if of_claim:
            known = of_claim[0].kind != "reworded" or any(c.kind == "checked" for c in day.changes)
            day_ = day.date if commits_about(day, {one.path for one in of_claim}) else ""
            return None if known else day_
    return None


def cited(workspace: Workspace) -> Mapping[str, Mapping[str, str]]:
    """Return the days on which the lines of revised sources last changed, by path and identity.

    "" is what is not committed. Nothing where the history is not known.
    """
    repo, known = workspace.repository, workspace.source_lock
    revised = {one for one, record in known.items() if record.is_revised}
    if repo is None or repo.is_shallow:
        return {}
    return {
        note.path: dict(_days_cited(workspace, repo, note))
        for note in workspace.context.notes
        if revised.intersection(source.identity for source in note.sources())
    }


def _days_cited(workspace: Workspace, repo: Repository, note: Note) -> Iterator[tuple[str, str]]:
    document, zone = note.document, workspace.config.changelog.timezone
    with suppress(GitError):
        moments = line_moments(repo, note.path, document.text)
        for item, source, _ in note.quoted_sources():
            line = document.text.count("\n", 0, item.span.start)
            yield source.identity, moments[line] and day_of(moments[line], zone)

"""When claims last changed and sources were cited, from the history of their notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from vaultsync.app.changelog.history import History
from vaultsync.app.changelog.whole_history import all_days
from vaultsync.app.workspace import Workspace
from vaultsync.changelog.replay import Day, commits_about, of_note
from vaultsync.core.errors import VaultsyncError
from vaultsync.notes.note import Note
from vaultsync.notes.source_address import identity


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
    """Return the days on which notes last cited sources, by path and identity.

    A new role counts too. "" is what is not committed. Nothing where the history is not known.
    """
    try:
        days = all_days(History(workspace))
    except VaultsyncError:
        return {}
    return {
        note.path: dict(_days_cited(of_note(days, note.path), note))
        for note in workspace.context.notes
    }


def _days_cited(days: Sequence[Day], note: Note) -> Iterator[tuple[str, str]]:
    """Yield sources of a note with days on which it cited them, the last one of each last."""
    first = days[0].date if days else ""
    yield from ((source.identity, first) for source in note.sources())
    for day in days:
        for change in day.changes:
            if change.kind in {"cited", "recast"} and change.path == note.path:
                url = change.after if change.kind == "cited" else change.more
                yield identity(url), day.date

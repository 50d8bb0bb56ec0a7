"""When claims last changed, from the history of their notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vaultsync.app.changelog.history import History
from vaultsync.app.changelog.whole_history import all_days
from vaultsync.app.workspace import Workspace
from vaultsync.changelog.replay import Day, commits_about, of_note
from vaultsync.core.errors import VaultsyncError
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

"""What happened as JSON; the shape is documented in `docs/schemas/changelog.json`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from vaultsync.changelog.history import Change, Day, meanings, rewordings


def as_json(days: Iterable[Day], own: Mapping[str, str]) -> str:
    """Return days, the newest first, as JSON; `own` are the lines that the settings give a day."""
    found = {day.date: _day(day, own.get(day.date)) for day in days}
    told = {date: day for date, day in found.items() if day["changes"] or day["note"]}
    for date, line in own.items():
        told.setdefault(date, _day(Day(date, ()), line))
    document = {"version": 1, "days": sorted(told.values(), key=_date, reverse=True)}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _date(day: Mapping[str, Any]) -> str:
    return str(day["date"])


def _day(day: Day, own: str | None) -> dict[str, Any]:
    note = own or "; ".join(day.lines) or None
    changes = [_change(change) for change in day.changes]
    return {"date": day.date, "note": note, "authors": list(day.authors), "changes": changes}


def _change(change: Change) -> dict[str, Any]:
    fields = {change.field: [change.before or None, change.after or None]} if change.field else {}
    path = change.before if change.kind == "merged" else change.path
    title = change.other if change.kind == "merged" else change.title
    found: dict[str, Any] = {"kind": change.kind, "path": path, "title": title, "fields": fields}
    if change.kind == "reworded":
        changed = rewordings(change.before, change.after)
        found["words"] = [[one.before, one.after] for one in changed]
        found["meaning"] = list(meanings(changed))
    return found

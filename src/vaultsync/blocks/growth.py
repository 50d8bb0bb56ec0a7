"""The `growth` block: how many notes there were, day by day, as a picture.

It is made of the journal and the notes as they are, so that it stays the same whatever becomes of
the commits. Notes that were removed since are not in it.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable

from vaultsync.blocks.chart import Series, area_chart
from vaultsync.blocks.context import BlockError, Context, Request
from vaultsync.blocks.entries import Entry, read_entry
from vaultsync.blocks.journal import journal_of, lines_of_days
from vaultsync.core.config import did_you_mean
from vaultsync.markdown.linktext import split_wikilink
from vaultsync.notes.note import RETIRED, Note

_NONE = "none"


def growth_block(request: Request) -> str:
    """Return the picture. `by` names a property that parts the notes, `type` those that count."""
    context = request.context
    by, kind = request.get("by"), request.get("type")
    if by and by not in context.property_names:
        hint = did_you_mean(by, context.property_names)
        raise BlockError(f"no note has a property `{by}`{hint}")
    if kind and kind not in context.config.types:
        raise BlockError(f"there is no type `{kind}`{did_you_mean(kind, context.config.types)}")
    notes = [note for note in context.published if kind in {"", note.type_name}]
    dates, counts = _counts(context, notes, by)
    if len(dates) < 2:  # noqa: PLR2004 - a day alone is no growth
        return ""
    sizes = {(name == _NONE, -counts[-1][name], name) for count in counts for name in count}
    names = [name for _, _, name in sorted(sizes)]
    series = [Series(name, tuple(count[name] for count in counts)) for name in names]
    title = f"Growth by {by}" if by else "Growth"
    return area_chart(title, [datetime.date.fromisoformat(date) for date in dates], series)


def _counts(
    context: Context, notes: Iterable[Note], by: str
) -> tuple[list[str], list[Counter[str]]]:
    """Return the days of the journal, the oldest first, and the notes in each group after it.

    The journal is read backwards from the notes as they are, up to its first entry: what was there
    before that nobody counted.
    """
    groups = {note.path: _group(note, by) for note in notes}
    held = {note.path for note in notes if not note.in_state(RETIRED)}
    journal = journal_of(context.vault.documents.get(context.config.changelog.note))
    dates, counts = [], []
    lines: dict[str, list[Entry]] = {}
    for date, line in lines_of_days(journal):
        lines.setdefault(date, []).extend(filter(None, [read_entry(line)]))
        if re.fullmatch(rf"{re.escape(context.config.changelog.first)}: \d+ .+", line):
            break
    for date in sorted(filter(_is_day, lines), reverse=True):
        dates.append(date)
        counts.append(Counter(groups[path] for path in held))
        for entry in reversed(lines[date]):
            _undo(entry, _paths(context, entry), groups, held, by)
    return dates[::-1], counts[::-1]


def _group(note: Note, by: str) -> str:
    if not by:
        return note.type_name
    values = note.document.list_property(by)
    return values[0] if values else _NONE


def _paths(context: Context, entry: Entry) -> list[str]:
    source = context.config.changelog.note
    targets = (split_wikilink(link[2:-2])[0] for link in entry.links)
    return [path for target in targets for path in context.index.resolve(target, source)[:1]]


def _undo(entry: Entry, paths: list[str], groups: dict[str, str], held: set[str], by: str) -> None:
    for path in paths[:1]:
        if path not in groups:
            continue
        if entry.kind == "added":
            held.discard(path)
        elif entry.kind == "retired":
            held.add(path)
        elif entry.kind == "moved" and entry.extra == by and entry.new == groups[path]:
            groups[path] = entry.old


def _is_day(date: str) -> bool:
    try:
        return bool(datetime.date.fromisoformat(date))
    except ValueError:
        return False

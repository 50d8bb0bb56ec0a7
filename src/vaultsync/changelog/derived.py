"""The journal made anew from what happened day by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from vaultsync.blocks import Context, Journal, journal_made, journal_of
from vaultsync.changelog.history import Change, Day
from vaultsync.changelog.lines import first_line, lines_of
from vaultsync.changelog.note import keeper, outputs, with_days
from vaultsync.core.output import Output
from vaultsync.notes.link_index import wikilink


def rebuild(context: Context, days: Iterable[Day]) -> list[Output]:
    """Return the notes that change when the journal is made of `days`, the newest first.

    What stands before the first day stays; the days themselves are written anew. Raises
    `VaultError` where the vault keeps no journal.
    """
    document = keeper(context)
    head = journal_of(document).head
    journal = derived(context, days, context.config.changelog.days, head)
    return outputs(context, document, with_days(context, journal))


def derived(
    context: Context, days: Iterable[Day], own: Mapping[str, str], head: str = ""
) -> Journal:
    """Return the journal of days, the newest first.

    A day that is among `own` has that line alone. Links lead to a note's present name; of a note
    that is gone only the title is shown.
    """
    names: dict[str, str] = {}

    def link(path: str, title: str) -> str:
        found = context.index.resolve(f"/{names.get(path, path)}", "")
        return wikilink(found[0], context.index, title) if found else " ".join(title.split())

    def told() -> Iterator[tuple[str, Iterable[str]]]:
        first = context.config.changelog.first
        for day in days:
            lines = [own[day.date]] if day.date in own else list(day.lines)
            if day.date not in own:
                began = first_line(first, day.types)
                lines += [began] if began else [line.text for line in lines_of(day.changes, link)]
            yield day.date, dict.fromkeys(lines)
            for change in day.changes:
                if change.kind == "renamed":
                    names[change.before] = names.pop(change.path, change.path)

    return journal_made(head, told())


def of_note(days: Iterable[Day], path: str) -> list[Day]:
    """Return what happened to one note, of days the newest first; earlier names are followed."""
    found = []
    for day in days:
        changes = tuple(change for change in day.changes if path in _about(change))
        if changes:
            found.append(msgspec.structs.replace(day, changes=changes, lines=(), types=()))
        renamed = (c.before for c in changes if c.kind == "renamed" and c.path == path)
        path = next(renamed, path)
    return found


def latest_name(days: Iterable[Day], path: str) -> str:
    """Return where a note came to that once had a path; days come newest first."""
    for day in list(days)[::-1]:
        renamed = {change.before: change.path for change in day.changes if change.kind == "renamed"}
        path = renamed.get(path, path)
    return path


def _about(change: Change) -> tuple[str, ...]:
    if change.kind == "linked":
        return change.path, change.after
    return (change.path, change.before) if change.kind == "merged" else (change.path,)

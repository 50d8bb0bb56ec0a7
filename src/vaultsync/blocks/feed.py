"""The days of the journal as entries of a feed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from vaultsync.blocks.authored import without_comments
from vaultsync.blocks.journal import Journal, day_name, parse_journal
from vaultsync.links import Index
from vaultsync.parse import parse


class DayEntry(msgspec.Struct, frozen=True):
    """A day of the journal for readers.

    `id` stays the same for as long as the day has its date: "changelog-2026-01-02". `title` is
    "2 Jan 2026". `text` is Markdown, whose wikilinks lead to notes of the vault; `lines` are its
    list items.
    """

    id: str
    date: str
    title: str
    text: str
    lines: tuple[str, ...]


def day_entries(journal: Journal) -> tuple[DayEntry, ...]:
    """Return the days of a journal that say something, the newest first, each date once."""
    texts: dict[str, list[str]] = {}
    lines: dict[str, list[str]] = {}
    for day in parse_journal(without_comments(journal.text())).days:
        if day.text:
            texts.setdefault(day.date, []).append(day.text)
            lines.setdefault(day.date, []).extend(day.lines)
    return tuple(
        DayEntry(
            f"changelog-{date}",
            date,
            day_name(date, with_year=True),
            "\n\n".join(texts[date]),
            tuple(lines[date]),
        )
        for date in sorted(texts, reverse=True)
    )


def mentions(
    entries: Iterable[DayEntry], note: str, index: Index
) -> Mapping[str, list[tuple[str, str]]]:
    """Return the lines about each document by its path, each line with its date.

    `note` is the path of the note that keeps the journal.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    for date, line in ((entry.date, line) for entry in entries for line in entry.lines):
        links = parse("line.md", line).links if "[" in line else ()
        named = (index.resolve(link.target, note)[:1] for link in links if not link.external)
        for path in dict.fromkeys(path for paths in named for path in paths):
            found.setdefault(path, []).append((date, line))
    return found

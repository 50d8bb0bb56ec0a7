"""The days of the journal as entries of a feed."""

from __future__ import annotations

import msgspec

from vaultsync.blocks.authored import without_comments
from vaultsync.blocks.journal import Journal, day_name, parse_journal


class DayEntry(msgspec.Struct, frozen=True):
    """A day of the journal for readers.

    `id` stays the same for as long as the day has its date: "changelog-2026-01-02". `title` is
    "2 Jan 2026". `text` is Markdown, whose wikilinks lead to notes of the vault.
    """

    id: str
    date: str
    title: str
    text: str


def day_entries(journal: Journal) -> tuple[DayEntry, ...]:
    """Return the days of a journal that say something, the newest first, each date once."""
    texts: dict[str, list[str]] = {}
    for day in parse_journal(without_comments(journal.text())).days:
        if day.text:
            texts.setdefault(day.date, []).append(day.text)
    return tuple(
        DayEntry(
            f"changelog-{date}",
            date,
            day_name(date, with_year=True),
            "\n\n".join(texts[date]),
        )
        for date in sorted(texts, reverse=True)
    )

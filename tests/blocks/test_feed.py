"""The journal's days as a feed takes them."""

from __future__ import annotations

from vaultsync.blocks import DayEntry, day_entries, parse_journal


def test_each_day_that_says_something_is_an_entry() -> None:
    journal = parse_journal(
        "Head.\n\n### 2026-01-02\n\n- Added [[a]]\n\n%%\n- SECRET\n%%\n\n### 2026-01-03\n\n"
        "### 2025-12-24\n\nProse.\n\n### 2026-01-02\n\n- Once more\n"
    )
    assert day_entries(journal) == (
        DayEntry(
            "changelog-2026-01-02",
            "2026-01-02",
            "2 Jan 2026",
            "- Added [[a]]\n\n- Once more",
        ),
        DayEntry("changelog-2025-12-24", "2025-12-24", "24 Dec 2025", "Prose."),
    )

"""The journal of all days, and what happened to one note."""

from __future__ import annotations

from tests.blocks.sample import context, note

from vaultsync.changelog.compare import Change
from vaultsync.changelog.journal import derived
from vaultsync.changelog.replay import Day, latest_path, of_note
from vaultsync.core.commits import Commit, FileChange

A, B, C = "Claims/a.md", "Claims/b.md", "Claims/c.md"
DATE = "2026-01-03T12:00:00+00:00"
COMMIT = Commit(
    "1234567890ab", (), "Ada", DATE, DATE, ("Hand-made",), (FileChange(A, A, "1", "2"),)
)
DAYS = [
    Day("2026-01-01", (Change("added", "Claims/old.md", "A"), Change("added", B, "B"))),
    Day("2026-01-02", (Change("renamed", A, "A", "Claims/old.md", A, "path"),)),
    Day("2026-01-03", (Change("linked", A, "A", "", B, "related", "B"),), (COMMIT,)),
    Day("2026-01-04", (Change("merged", B, "B", C, B, "path", "C"),)),
    Day("2026-01-05", (Change("removed", C, "C"),)),
]


def dates(path: str) -> list[str]:
    return [day.date[-1] for day in of_note(DAYS, path)]


def test_the_history_of_one_note_follows_its_names() -> None:
    assert dates(A) == ["1", "2", "3"]
    assert dates(B) == ["1", "3", "4"]
    assert dates(C) == ["4", "5"]
    assert dates("Claims/old.md") == ["1"]
    assert latest_path(DAYS, "Claims/old.md") == A
    assert latest_path(DAYS, B) == B


def test_links_lead_to_the_names_of_today() -> None:
    known = context({A: note("A."), B: note("B.")})
    journal = derived(known, DAYS, {"2026-01-02": "A new name"})
    assert journal.text() == (
        "### 2026-01-05\n\n- Removed “C”\n  - not committed\n\n"
        "### 2026-01-04\n\n- Merged “C” into [[b|B]]\n  - not committed\n\n"
        "### 2026-01-03\n\n- Hand-made\n- Linked [[a|A]] with [[b|B]]\n"
        "  - commit 1234567890 by Ada\n\n"
        "### 2026-01-02\n\n- A new name\n\n"
        "### 2026-01-01\n\n- Added [[a|A]]\n  - not committed\n- Added [[b|B]]\n"
        "  - not committed"
    )

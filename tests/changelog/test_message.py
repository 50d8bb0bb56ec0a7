"""Messages of commits."""

from __future__ import annotations

import pytest

from vaultsync.changelog.message import message, subject
from vaultsync.core.config.read import load_config

TYPED = load_config(
    """
[types.claim]
match = ["Claims/**/*.md"]
checked = "checked"
[types.claim.body.sections.Sources]
items = "source"
"""
)
PLAIN = load_config("")


def claim(title: str, text: str, more: str = "") -> bytes:
    return f"---\ntitle: {title}\n---\n\n{text}\n{more}".encode()


def test_it_says_what_changed_in_claims() -> None:
    before = {"Claims/a.md": claim("A", "It holds."), "Claims/b.md": claim("B", "It is so.")}
    after = {"Claims/a.md": claim("A", "It often holds."), "Claims/c.md": claim("C", "New.")}
    assert message(before, after, TYPED) == (
        "Add C; reword the claim of A; delete B\n\n- Add C\n- Reword the claim of A\n- Delete B\n"
    )


def test_a_note_without_a_claim_is_named() -> None:
    before = {"Diary.md": b"one\n", "Claims/a.md": claim("A", "It holds.")}
    after = {"Diary.md": b"two\n", "Claims/a.md": claim("A", "It holds.", "\n> quoted\n")}
    assert message(before, after, TYPED).startswith("Edit Diary; edit a\n")


def test_without_types_notes_are_named() -> None:
    before = {"a.md": b"one\n", "gone.md": b"text\n"}
    assert message(before, {"a.md": b"two\n", "new.md": b"other\n"}, PLAIN).startswith(
        "Add new; delete gone; edit a\n"
    )


def test_a_rename_is_one_change() -> None:
    text = claim("A", "It holds.")
    found = message({"Claims/a.md": text}, {"Claims/b.md": text}, TYPED)
    assert found == "Rename a to b\n"
    found = message({"Claims/a.md": text}, {"Claims/Old/a.md": text}, TYPED)
    assert found == "Rename Claims/a.md to Claims/Old/a.md\n"
    moved = message({"x.png": b"picture"}, {"y.png": b"picture"}, TYPED)
    assert moved == "Add y.png\n"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({}, {"x.png": b"1"}, "Add x.png\n"),
        ({"x.png": b"0"}, {"x.png": b"1"}, "Edit x.png\n"),
        ({"x.png": b"0", "y.png": b"1"}, {}, "Delete 2 files\n"),
        ({}, {"board.canvas": b"{}"}, "Add board.canvas\n"),
        ({}, {}, "Save the vault\n"),
    ],
)
def test_other_files_are_counted(old: dict[str, bytes], new: dict[str, bytes], found: str) -> None:
    assert message(old, new, TYPED) == found


def test_the_first_line_is_short() -> None:
    names = [f"edit a note with a long name, number {number}" for number in range(4)]
    assert subject(names) == "Edit a note with a long name, number 0; 3 more"
    long = subject(["edit " + "x" * 100])
    assert (len(long), long[-1]) == (72, "…")


def test_many_changes_are_cut_short() -> None:
    after = {f"{number}.md": b"text\n" for number in range(103)}
    lines = message({}, after, PLAIN).splitlines()
    assert (len(lines), lines[-1]) == (103, "- and 3 more")


def test_a_name_is_one_line() -> None:
    after = {"Claims/a.md": b'---\ntitle: "A\\nB"\n---\n\nIt holds.\n'}
    assert "\nB" not in message({}, after, TYPED)

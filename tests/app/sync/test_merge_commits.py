"""Two commits become one tree: each file by its kind, and no word is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.app.sync.merging import Clash, Files

from vaultsync.app.sync.merge import Conflict

NOTE = "---\na: 1\nb: 1\n---\n\nOne.\n\nTwo.\n"
CALLOUT = "> [!conflict] Instead of the block above:\n> Mine.\n"


def test_each_side_s_changes_are_taken(tmp_path: Path) -> None:
    base: Files = {"a.md": NOTE, "b.md": NOTE, "c.md": NOTE, "gone.md": NOTE}
    ours: Files = {"a.md": NOTE.replace("a: 1", "a: 2"), "b.md": "Mine.\n", "gone.md": None}
    theirs: Files = {"a.md": NOTE.replace("b: 1", "b: 2"), "new/d.md": "Yours.\n"}
    clash = Clash(tmp_path / "v", base, ours, theirs)
    merged = clash.merged()
    assert (merged.conflicts, merged.notices) == ((), ())
    assert clash.files(merged.tree) == {
        "a.md": NOTE.replace("1", "2"),
        "b.md": "Mine.\n",
        "c.md": NOTE,
        "new/d.md": "Yours.\n",
    }


def test_what_both_changed_is_in_a_callout(tmp_path: Path) -> None:
    ours, theirs = NOTE.replace("One.", "Mine."), NOTE.replace("One.", "Yours.")
    clash = Clash(tmp_path / "v", {"a.md": NOTE}, {"a.md": ours}, {"a.md": theirs})
    merged = clash.merged()
    assert merged.conflicts == (Conflict("a.md", 1),)
    assert clash.files(merged.tree) == {"a.md": NOTE.replace("One.\n", f"Yours.\n\n{CALLOUT}")}


@pytest.mark.parametrize("swapped", [False, True])
def test_an_edit_wins_over_a_deletion(tmp_path: Path, *, swapped: bool) -> None:
    sides: list[Files] = [{"a.md": None}, {"a.md": "Edited.\n"}]
    clash = Clash(tmp_path / "v", {"a.md": NOTE, "b.md": ""}, *sides[:: -1 if swapped else 1])
    merged = clash.merged()
    who = "the other side" if swapped else "this side"
    assert merged.notices == (f"a.md: {who} deleted it, and it was changed meanwhile: it stays",)
    assert clash.files(merged.tree) == {"a.md": "Edited.\n", "b.md": ""}

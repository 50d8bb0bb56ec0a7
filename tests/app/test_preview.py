"""Which files of a vault changed."""

from __future__ import annotations

from pathlib import Path

from tests.vaults import make

from vaultsync.app.preview import changed_paths, list_files, wait_until_settled


def test_added_changed_and_removed_files_are_named(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "a", "b.md": "b", "c.md": "c"})
    before = list_files(str(tmp_path))
    assert changed_paths(before, list_files(str(tmp_path))) == []
    (tmp_path / "a.md").write_text("longer")
    (tmp_path / "b.md").unlink()
    (tmp_path / "d.md").write_text("d")
    assert changed_paths(before, list_files(str(tmp_path))) == ["a.md", "b.md", "d.md"]


def test_a_folder_that_is_gone_is_a_state_of_its_own(tmp_path: Path) -> None:
    files = list_files(str(tmp_path / "gone"))
    assert [*files] == [""]
    assert changed_paths({}, files) == [""]


def test_the_settled_files_are_those_on_disk(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "a"})
    assert wait_until_settled(str(tmp_path), {}) == list_files(str(tmp_path))

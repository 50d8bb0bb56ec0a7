"""`vaultsync merge-driver`, and git that starts it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.blocks.sample import TOML, note
from tests.repository import Repository
from tests.vaults import make, run

DRIVER = f"{sys.executable} -m vaultsync merge-driver %O %A %B %P"
BASE = note("It holds.\n\nProse.\n", title="A", status="open")
OURS = BASE.replace("It holds.", "It may hold.").replace("open", "mine")
THEIRS = BASE.replace("Prose.", "Poem.").replace("open", "yours")
BOTH = BASE.replace("It holds.", "It may hold.").replace("Prose.", "Poem.")
MERGED = BOTH.replace("status: open", "status: yours\n# [!conflict] status: mine")


def test_the_result_is_written_over_ours(tmp_path: Path) -> None:
    make(tmp_path, {"vaultsync.toml": TOML, "o": BASE, "a": OURS, "b": THEIRS})
    done = run(tmp_path, "merge-driver", "o", "a", "b", "Claims/a.md")
    assert done == (0, "", "Claims/a.md: 1 conflict, each in a callout or comment\n")
    assert (tmp_path / "a").read_text() == MERGED
    assert (tmp_path / "b").read_text() == THEIRS


@pytest.mark.parametrize(
    ("path", "ours"),
    [("c.canvas", b'{"a": 2}'), ("i.png", b"2"), ("note.md", b"\xff")],
)
def test_what_cannot_be_merged_stays(tmp_path: Path, path: str, ours: bytes) -> None:
    make(tmp_path, {"vaultsync.toml": "", "o": '{"a": 1}', "a": ours, "b": '{"a": 3}'})
    done = run(tmp_path, "merge-driver", "o", "a", "b", path)
    assert done == (3, "", f"{path}: its versions cannot be merged: choose one\n")
    assert (tmp_path / "a").read_bytes() == ours


def test_canvases_are_merged_key_by_key(tmp_path: Path) -> None:
    make(tmp_path, {".obsidian/app.json": "", "o": "{}", "a": '{"a": 1}', "b": '{"b": 2}'})
    assert run(tmp_path, "merge-driver", "o", "a", "b", "c.canvas") == (0, "", "")
    assert (tmp_path / "a").read_text() == '{"a": 1, "b": 2}'


def test_settings_that_cannot_be_read_do_not_stop_a_merge(tmp_path: Path) -> None:
    make(tmp_path, {"vaultsync.toml": "[", "o": BASE, "a": OURS, "b": THEIRS})
    assert run(tmp_path, "merge-driver", "o", "a", "b", "Claims/a.md").code == 0
    assert (tmp_path / "a").read_text() == MERGED


def test_git_merges_with_it(tmp_path: Path) -> None:
    repo = Repository(tmp_path, {"v/vaultsync.toml": TOML, "v/Claims/a.md": BASE})
    make(tmp_path, {".gitattributes": "*.md merge=vaultsync\n"})
    repo.git("config", "merge.vaultsync.driver", DRIVER)
    repo.commit()
    file = tmp_path / "v/Claims/a.md"
    repo.git("checkout", "-qb", "theirs")
    file.write_text(THEIRS)
    repo.commit()
    repo.git("checkout", "-q", "-")
    file.write_text(OURS)
    repo.commit()
    repo.git("merge", "-q", "theirs")
    assert file.read_text() == MERGED
    assert repo.git("status", "--porcelain") == ""
    done = run(tmp_path / "v", "lint")
    assert (done.code, "MRK013" in done.out) == (1, True)

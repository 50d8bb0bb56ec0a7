"""The state of a repository: what runs in it, and what its settings say."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

from tests.infra.git.work import Work
from tests.vaults import make

from vaultsync.infra.git import state


def test_only_filters_of_the_user_are_in_force(work: Work, tmp_path: Path) -> None:
    text = '[filter "mine"]\nclean = cat\n[filter "both"]\nclean = cat\n'
    own = make(tmp_path, {"own": text}) / "own"
    work.git("config", "filter.both.smudge", "cat")
    work.git("config", "filter.a=b.clean", "touch ran; cat")
    with mock.patch.dict(os.environ, {"GIT_CONFIG_GLOBAL": str(own)}):
        found = state.in_force(work.repo)
    assert found.filters == {"mine"}
    assert not any("mine" in option for option in found.repo.options)
    assert sum("both" in option for option in found.repo.options) == 2
    assert state.in_force(work.repo).values["own.filter.both.smudge"] == "cat"


def test_without_others_the_repository_is_as_it_is(work: Work) -> None:
    assert state.in_force(work.repo).repo == work.repo


def test_a_foreign_filter_does_not_run(work: Work) -> None:
    work.commit({"a.md": "one\n", ".gitattributes": "*.md filter=x\n"})
    work.git("config", "filter.x.clean", f"touch {work.top}/ran; cat")
    work.put("a.md", "two\n")
    (row,) = state.read_state(work.repo).rows
    assert (row.path, row.staged, row.unstaged) == ("a.md", ".", "M")
    assert not (work.top / "ran").exists()


def test_rows_of_paths_with_spaces(sub: Work) -> None:
    sub.commit({"a b.md": "one\n"})
    sub.put("a b.md", "two\n")
    sub.put("c d.md", "new\n")
    found = state.read_state(sub.repo)
    assert [(row.path, row.staged) for row in found.rows] == [
        ("the vault/a b.md", "."),
        ("the vault/c d.md", "?"),
    ]
    assert list(found.indexed) == ["the vault/a b.md"]


def test_filters_that_attributes_name(work: Work) -> None:
    work.put(".gitattributes", "*.mp4 filter=lfs\n*.md -filter\n*.txt filter\n")
    assert state.filters_of(work.repo, ["a.mp4", "a.md", "a.txt", "b c.mp4"]) == {
        "a.mp4": "lfs",
        "b c.mp4": "lfs",
    }
    assert state.filters_of(work.repo, []) == {}


def test_a_sequence_of_picks(work: Work) -> None:
    work.commit({"a.md": "one\n"})
    (work.top / ".git/sequencer").mkdir()
    operation = state.read_state(work.repo).operation
    assert operation
    assert operation[0] == "cherry-pick"

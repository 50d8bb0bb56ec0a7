"""When lines of a note last changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.infra.git.work import Work

from vaultsync.core.errors import GitError
from vaultsync.infra.git.blame import line_moments


@pytest.mark.parametrize("name", ["a.md", "--reverse ä.md"])
def test_each_line_has_the_moment_of_its_last_change(tmp_path: Path, name: str) -> None:
    work = Work(tmp_path / "repo")
    work.git("config", "blame.showEmail", "true")
    work.commit({name: "one\ntwo  three\n\tauthor-time 5\n"})
    work.put(name, "one\ntwo three\n\tauthor-time 5\nfour\n")
    work.git("commit", "-qam", "Other", day=2, offset="-0830")
    first, second = "2026-01-01T12:00:00+00:00", "2026-01-02T12:00:00-08:30"
    # The text is that of an editor, and not on the disk.
    found = line_moments(work.repo, name, "new\none\ntwo three\n\tauthor-time 5\nfour\n")
    assert found == ["", first, first, first, second]


def test_a_note_that_was_not_committed_has_no_moments(tmp_path: Path) -> None:
    work = Work(tmp_path / "repo")
    work.commit({"a.md": "one\n"})
    with pytest.raises(GitError, match=r"b\.md"):
        line_moments(work.repo, "b.md", "one\n")

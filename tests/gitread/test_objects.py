"""The contents of blobs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.gitread.work import Work

from vaultsync import gitread
from vaultsync.errors import GitError


def test_blobs_any_bytes_once_each(work: Work) -> None:
    contents = [b"", b"\n", b"x\0y\n\nblob 3\n", "é".encode("latin-1"), os.urandom(1 << 20)]
    for number, content in enumerate(contents):
        (work.vault / str(number)).write_bytes(content)
    work.commit({})
    ids = [gitread.tree(work.repo, "HEAD")[str(number)].id for number in range(len(contents))]
    assert gitread.blobs(work.repo, [*ids, *ids]) == dict(zip(ids, contents, strict=True))
    assert gitread.blobs(work.repo, []) == {}


def test_more_blobs_than_a_pipe_holds(work: Work) -> None:
    work.commit({f"{number}.md": f"{number}\n" * 50 for number in range(3000)})
    ids = [found.id for found in gitread.tree(work.repo, "HEAD").values()]
    assert len(gitread.blobs(work.repo, ids)) == 3000


def test_a_blob_that_is_missing_or_is_none(work: Work) -> None:
    work.commit({"a.md": "a"})
    missing = "0123456789" * 4
    with pytest.raises(GitError, match=f"{missing}.* missing"):
        gitread.blobs(work.repo, [missing])
    commit = gitread.head(work.repo)
    assert commit is not None
    with pytest.raises(GitError, match=f"{commit}.* not a file"):
        gitread.blobs(work.repo, [commit])


def test_a_partial_clone_fetches_what_it_lacks(work: Work, tmp_path: Path) -> None:
    work.commit({"a.md": "one"}, day=1)
    work.commit({"a.md": "two"}, day=2)
    work.git("config", "uploadpack.allowFilter", "true")
    url, place = f"file://{work.top}", str(tmp_path / "clone")
    work.git("clone", "-q", "--filter=blob:none", url, place)
    clone = gitread.open_repository(place)
    assert clone is not None
    first = gitread.tree(clone, "HEAD~1")["a.md"].id
    assert gitread.blobs(clone, [first]) == {first: b"one"}

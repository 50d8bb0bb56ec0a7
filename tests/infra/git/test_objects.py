"""The contents of blobs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.infra.git.work import Work

from vaultsync.core.errors import GitError
from vaultsync.infra import git


def test_blobs_any_bytes_once_each(work: Work) -> None:
    contents = [b"", b"\n", b"x\0y\n\nblob 3\n", "é".encode("latin-1"), os.urandom(1 << 20)]
    for number, content in enumerate(contents):
        (work.vault / str(number)).write_bytes(content)
    work.commit({})
    ids = [git.tree(work.repo, "HEAD")[str(number)].id for number in range(len(contents))]
    assert git.blobs(work.repo, [*ids, *ids]) == dict(zip(ids, contents, strict=True))
    assert git.blobs(work.repo, []) == {}


def test_more_blobs_than_a_pipe_holds(work: Work) -> None:
    work.commit({f"{number}.md": f"{number}\n" * 50 for number in range(3000)})
    ids = [found.id for found in git.tree(work.repo, "HEAD").values()]
    assert len(git.blobs(work.repo, ids)) == 3000


def test_a_blob_that_is_missing_or_is_none(work: Work) -> None:
    work.commit({"a.md": "a"})
    missing = "0123456789" * 4
    with pytest.raises(GitError, match=f"{missing}.* missing"):
        git.blobs(work.repo, [missing])
    commit = git.head(work.repo)
    assert commit is not None
    with pytest.raises(GitError, match=f"{commit}.* not a file"):
        git.blobs(work.repo, [commit])


def test_a_partial_clone_fetches_what_it_lacks(work: Work, tmp_path: Path) -> None:
    work.commit({"a.md": "one"}, day=1)
    work.commit({"a.md": "two"}, day=2)
    work.git("config", "uploadpack.allowFilter", "true")
    url, place = f"file://{work.top}", str(tmp_path / "clone")
    work.git("clone", "-q", "--filter=blob:none", url, place)
    clone = git.open_repository(place)
    assert clone is not None
    first = git.tree(clone, "HEAD~1")["a.md"].id
    assert git.blobs(clone, [first]) == {first: b"one"}


# In a process of its own, with a limit: what is tested would wait for ever.
FORKED = """
import os, sys
from vaultsync.infra import git as gitread

texts = gitread.Texts(gitread.open_repository(sys.argv[1]))
first = texts("a.md", sys.argv[2])
process = os.fork()
if not process:
    del texts
    os._exit(0)
os.waitpid(process, 0)
print(texts("a.md", sys.argv[2]) == first)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process is forked on this system")
def test_a_forked_process_leaves_git_to_the_first_one(work: Work) -> None:
    work.commit({"a.md": "Text.\n"})
    identity = git.tree(work.repo, "HEAD")["a.md"].id
    command = [sys.executable, "-c", FORKED, str(work.vault), identity]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert done.stdout == b"True\n"

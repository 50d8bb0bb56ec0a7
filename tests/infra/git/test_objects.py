"""The contents of blobs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.infra.git.work import Work

from vaultsync.core.errors import GitError
from vaultsync.core.model import content_id
from vaultsync.infra import git
from vaultsync.infra.git import files


def test_blobs_any_bytes_once_each(work: Work) -> None:
    contents = [b"", b"\n", b"x\0y\n\nblob 3\n", "é".encode("latin-1"), os.urandom(1 << 20)]
    for number, content in enumerate(contents):
        (work.vault / str(number)).write_bytes(content)
    work.commit({})
    ids = [files.tree(work.repo, "HEAD")[str(number)].id for number in range(len(contents))]
    assert git.read_blobs(work.repo, [*ids, *ids]) == dict(zip(ids, contents, strict=True))
    assert git.read_blobs(work.repo, []) == {}


def test_more_blobs_than_a_pipe_holds(work: Work) -> None:
    work.commit({f"{number}.md": f"{number}\n" * 50 for number in range(1700)})
    ids = [found.id for found in files.tree(work.repo, "HEAD").values()]
    assert len(git.read_blobs(work.repo, ids)) == 1700


def test_which_objects_are_missing(work: Work) -> None:
    work.commit({"a.md": "a"})
    there, absent = content_id(b"a"), content_id(b"b")
    assert git.missing(work.repo, [absent, there, absent]) == {absent}
    assert git.missing(work.repo, [there]) == git.missing(work.repo, []) == set()


def test_files_by_path(work: Work) -> None:
    work.commit({"a.md": "same", "b.md": "same", "c.md": ""})
    entries = files.tree(work.repo, "HEAD")
    assert files.read_files(work.repo, entries) == {"a.md": b"same", "b.md": b"same", "c.md": b""}


def test_blobs_in_order_until_nobody_reads_on(work: Work) -> None:
    work.commit({f"{number}.md": f"{number}\n" for number in range(200)})
    entries = files.tree(work.repo, "HEAD")
    ids = [entries[f"{number}.md"].id for number in range(200)]
    wanted = [*ids[::-1], ids[0], ids[0]]
    expected = [f"{number}\n".encode() for number in [*range(199, -1, -1), 0, 0]]
    assert list(git.stream_blobs(work.repo, iter(wanted))) == expected
    stream = git.stream_blobs(work.repo, ids)
    assert next(stream) == b"0\n"
    del stream


def test_a_blob_that_is_missing_or_not_a_blob(work: Work) -> None:
    work.commit({"a.md": "a"})
    missing = "0123456789" * 4
    with pytest.raises(GitError, match=f"{missing}.* missing"):
        git.read_blobs(work.repo, [missing])
    commit = git.head(work.repo)
    assert commit is not None
    with pytest.raises(GitError, match=f"{commit}.* not a file"):
        git.read_blobs(work.repo, [commit])


def test_a_reader_reads_on_after_a_failure(work: Work) -> None:
    commit = work.commit({"a.md": "a"})
    identity = files.tree(work.repo, "HEAD")["a.md"].id
    reader = git.BlobReader(work.repo)
    for wanted in ([commit, identity], ["0" * 40, identity]):
        with pytest.raises(GitError, match=wanted[0]):
            list(reader.read(wanted))
        assert reader.text("a.md", identity) == "a"
    reader.close()


def test_a_git_that_stops_gives_its_message(work: Work) -> None:
    work.commit({"a.md": "a"})
    identity = files.tree(work.repo, "HEAD")["a.md"].id
    repo = work.repo
    (work.top / ".git/HEAD").write_text("nonsense\n")
    with pytest.raises(GitError, match="not a git repository"):
        git.read_blobs(repo, [identity] * 2)
    with pytest.raises(GitError, match="not a git repository"):
        git.BlobReader(repo).text("a.md", identity)


def test_a_partial_clone_fetches_what_it_lacks(work: Work, tmp_path: Path) -> None:
    work.commit({"a.md": "one"}, day=1)
    work.commit({"a.md": "two"}, day=2)
    work.git("config", "uploadpack.allowFilter", "true")
    url, place = f"file://{work.top}", str(tmp_path / "clone")
    work.git("clone", "-q", "--filter=blob:none", url, place)
    clone = git.open_repository(place)
    assert clone is not None
    first = files.tree(clone, "HEAD~1")["a.md"].id
    assert git.read_blobs(clone, [first]) == {first: b"one"}


def test_git_ends_with_the_reader_that_started_it(work: Work) -> None:
    work.commit({"a.md": "Text.\n"})
    reader = git.BlobReader(work.repo)
    assert reader.text("a.md", files.tree(work.repo, "HEAD")["a.md"].id) == "Text.\n"
    assert reader._git is not None
    process = reader._git._process
    assert process.poll() is None
    del reader
    assert process.poll() is not None


# In a process of its own, with a limit: what is tested would wait for ever.
FORKED = """
import os, sys
from vaultsync.infra import git as gitread

reader = gitread.BlobReader(gitread.open_repository(sys.argv[1]))
first = reader.text("a.md", sys.argv[2])
git = reader._git._process.pid
process = os.fork()
if not process:
    same = reader.text("a.md", sys.argv[2]) == first
    own = reader._git._process.pid != git
    del reader
    os._exit(same and own)
_, code = os.waitpid(process, 0)
print(code >> 8, reader.text("a.md", sys.argv[2]) == first)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process is forked on this system")
def test_a_forked_process_has_a_git_of_its_own(work: Work) -> None:
    work.commit({"a.md": "Text.\n"})
    identity = files.tree(work.repo, "HEAD")["a.md"].id
    command = [sys.executable, "-c", FORKED, str(work.vault), identity]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert done.stdout == b"1 True\n"


def test_an_object_that_is_cut_short_is_not_taken_for_an_empty_one(work: Work) -> None:
    work.commit({"a.md": "abc" * 9000})
    identity = content_id(b"abc" * 9000)
    file = work.top / ".git/objects" / identity[:2] / identity[2:]
    file.chmod(0o600)
    os.truncate(file, 40)
    with pytest.raises(GitError, match=r"unable to stream|corrupt"):
        git.read_blobs(work.repo, [identity])

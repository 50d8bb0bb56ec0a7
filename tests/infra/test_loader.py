from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.conftest import examples
from tests.vaults import make, store

from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, content_id
from vaultsync.infra import worktree
from vaultsync.infra.cache import Cache, FileCache, open_cache
from vaultsync.infra.loader import Documents, Loader, Texts, cached_documents, from_disk
from vaultsync.infra.workers import ENOUGH


def refused(_fact: object) -> Document:
    raise AssertionError("nothing is decoded here")


def warm(root: Path) -> Documents:
    """Return the documents through the cache, all of them loaded."""
    with closing(open_cache(str(root))) as cache:
        found = from_disk(str(root), worktree.scan(str(root)), cache, FileCache(cache))
        found.load(found)
        return found


def cold(root: Path) -> Documents:
    return from_disk(str(root), worktree.scan(str(root)), Cache(), FileCache(Cache()))


def settle() -> None:
    """Wait for the next tick of the clock, so that files are known by their times."""
    time.sleep(0.02)


def facts(documents: Documents) -> dict[str, object]:
    return {
        path: repr((document, document.text if not document.error else ""))
        for path, document in sorted(plain(documents).items())
    }


def plain(documents: Documents) -> dict[str, Document]:
    """Return documents with their texts and links, and without what only the fast path knows."""
    late = ((path, found, found.text, found.external) for path, found in documents.items())
    return {
        path: replace(found, path=path, content=text, external_source=links, plain=False)
        for path, found, text, links in late
    }


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the paths of the files that are read from here on."""
    found: list[str] = []
    whole = worktree.read

    def counted(root: str, path: str) -> bytes:
        found.append(path)
        return whole(root, path)

    monkeypatch.setattr(worktree, "read", counted)
    return found


def test_a_warm_reading_parses_nothing(tmp_path: Path, read: list[str]) -> None:
    make(tmp_path, {"a.md": "[[b]]", "b.md": "# B\n", "c.canvas": "{}", "d.png": ""})
    settle()
    first = warm(tmp_path)
    assert sorted(read) == ["a.md", "b.md", "c.canvas"]
    read.clear()
    again = warm(tmp_path)
    assert read == []
    assert again.ids == first.ids
    assert facts(again) == facts(first)
    assert sorted(read) == ["a.md", "b.md", "c.canvas"]


def test_a_file_is_parsed_again_when_its_text_is_another_one(
    tmp_path: Path, read: list[str]
) -> None:
    odd = os.fsdecode(b"b\xff.md")
    make(tmp_path, {"a.md": "# one\n", "ö.md": "# two\n", odd: "# three\n"})
    settle()
    first = warm(tmp_path)
    put(tmp_path, "a.md", "# four\n")
    settle()
    read.clear()
    again = warm(tmp_path)
    assert read == ["a.md"]
    assert [heading.text for heading in again["a.md"].headings] == ["four"]
    assert {path for path in again if again.ids[path] != first.ids[path]} == {"a.md"}
    read.clear()
    warm(tmp_path)
    assert read == []


def test_a_file_changed_in_this_tick_of_the_clock_is_read_again(
    tmp_path: Path, read: list[str]
) -> None:
    make(tmp_path, {"a.md": "one"})
    with closing(open_cache(str(tmp_path))) as cache:
        file = tmp_path / "a.md"
        os.utime(file, ns=(0, cache.now))
        for _ in range(2):
            assert from_disk(
                str(tmp_path), worktree.scan(str(tmp_path)), cache, FileCache(cache)
            ).ids
    assert read == ["a.md", "a.md"]


def test_nothing_is_loaded_until_it_is_used() -> None:
    loads: list[list[str]] = []

    def load(paths: Collection[str]) -> dict[str, Document]:
        loads.append(list(paths))
        return {path: Document(path, "note", "") for path in paths}

    ids = {"a.md": "1", "b.md": "2", "c.md": "3"}
    documents = Documents(ids, ids, load, decode=refused)
    assert list(documents) == ["a.md", "b.md", "c.md"]
    assert len(documents) == 3
    assert "b.md" in documents
    assert "d.md" not in documents
    assert documents.get("d.md") is None
    with pytest.raises(KeyError):
        documents["d.md"]
    assert documents.keys() == {"a.md", "b.md", "c.md"}
    assert loads == []
    assert documents["b.md"] is documents["b.md"]
    assert loads == [["b.md"]]


@pytest.mark.parametrize("iterate", [Documents.items, Documents.values])
def test_all_that_is_left_is_loaded_at_once(iterate: Callable[..., Collection[object]]) -> None:
    loads: list[list[str]] = []

    def load(paths: Collection[str]) -> dict[str, Document]:
        loads.append(list(paths))
        return {path: Document(path, "note", "") for path in paths}

    ids = {"a.md": "1", "b.md": "2", "c.md": "3"}
    documents = Documents(ids, ids, load, decode=refused)
    documents.add({"d.md": Document("d.md", "note", "", error="unreadable")})
    assert documents["b.md"].path == "b.md"
    for _ in range(2):
        assert len(iterate(documents)) == 4
        assert loads == [["b.md"], ["a.md", "c.md"]]
    assert list(documents.items()) == [(path, documents[path]) for path in documents]
    assert [document.path for document in documents.values()] == list(documents)
    assert documents.ids.keys() == {"a.md", "b.md", "c.md"}
    documents.load(["a.md", "nowhere.md"])
    assert len(loads) == 2


def test_known_documents_are_read_only_when_they_are_used(tmp_path: Path, read: list[str]) -> None:
    make(tmp_path, {"a.md": "one", "b.md": "[[a]]"})
    texts = Texts(
        lambda _: lambda path: worktree.read(str(tmp_path), path),
        lambda path, _: worktree.read(str(tmp_path), path).decode(),
    )
    loader = Loader(texts, Cache())
    documents = loader.documents(["a.md", "b.md"], {"a.md": content_id(b"one")})
    assert read == []
    assert documents.ids == {"a.md": content_id(b"one"), "b.md": content_id(b"[[a]]")}
    assert read == ["b.md"]
    assert documents["a.md"].text == "one"
    assert read == ["b.md", "a.md"]


def test_cached_documents_have_facts_and_no_text(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "# One\n", "b.md": "[[a]]"})
    with closing(open_cache(str(tmp_path))) as cache:
        ids = from_disk(str(tmp_path), worktree.scan(str(tmp_path)), cache, FileCache(cache)).ids
        found = cached_documents(cache, ids)
        assert found is not None
        assert [heading.text for heading in found["a.md"].headings] == ["One"]
        with pytest.raises(VaultError, match="not known"):
            assert found["a.md"].text
        assert cached_documents(cache, {"a.md": ids["a.md"], "b.md": "0" * 40}) is None
        # The same text is other facts in a canvas, and those are not cached.
        assert cached_documents(cache, {"a.canvas": ids["a.md"]}) is None
        assert cached_documents(cache, {}) == {}


def test_facts_that_cannot_be_decoded_are_parsed_again(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "# One\n"})
    settle()
    first = warm(tmp_path)
    with closing(open_cache(str(tmp_path))) as cache:
        cache.put("documents", {f"note:{first.ids['a.md']}": b"\xc1"}, None)
        assert cached_documents(cache, first.ids) is None
    assert facts(warm(tmp_path)) == facts(first)


def test_the_same_text_is_read_as_what_its_file_is(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "[[b]]", "a.canvas": "[[b]]", "b.md": "[[b]]"})
    settle()
    warm(tmp_path)
    found = warm(tmp_path)
    assert [len(found[path].links) for path in ("a.md", "a.canvas", "b.md")] == [1, 0, 1]


def test_a_text_that_is_not_what_it_was_is_refused(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "one"})
    settle()
    warm(tmp_path)
    document = warm(tmp_path)["a.md"]
    make(tmp_path, {"a.md": "two"})
    with pytest.raises(VaultError, match=r"a\.md: changed on disk since it was read: run again"):
        assert document.text


def test_a_text_that_is_read_here_stays_as_it_was(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "one"})
    document = cold(tmp_path)["a.md"]
    make(tmp_path, {"a.md": "two"})
    assert document.text == "one"


def test_no_more_texts_stay_than_there_is_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, {"a.md": "one", "b.md": "two"})
    monkeypatch.setattr("vaultsync.infra.loader._MOST_TEXT", 1)
    found = cold(tmp_path)
    assert [isinstance(found[path].content, str) for path in ("a.md", "b.md")] == [True, False]
    assert found["b.md"].text == "two"


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to("nowhere.md")
    (tmp_path / "b.md").write_bytes(b"\xff")
    for _ in range(2):
        found = warm(tmp_path)
        assert found["a.md"].error == "dangling symbolic link"
        assert found["b.md"].error == "not UTF-8 at byte 0"


@pytest.mark.forks
def test_many_files_are_read_by_several_processes_alike(tmp_path: Path) -> None:
    make(tmp_path, {f"{n % 7}/{n}.md": f"# H{n}\n[[{n + 1}]] é\n" for n in range(ENOUGH + 50)})
    first = warm(tmp_path)
    assert len(first) == ENOUGH + 50
    assert facts(first) == facts(cold(tmp_path)) == facts(warm(tmp_path))


# In a process of its own, since none helps where a thread of another test is still there.
TOGETHER = f"""
import os, sys, time
from contextlib import closing
from pathlib import Path
from vaultsync.infra import worktree as disk
from vaultsync.infra.loader import from_disk
from vaultsync.infra.cache import FileCache, open_cache
from vaultsync.infra.workers import together

root, readers, read = Path(sys.argv[1]), Path(sys.argv[2]), disk.read

def read_once_another_process_does(*args):
    (readers / str(os.getpid())).touch()
    while len(os.listdir(readers)) < 2:
        time.sleep(0.001)
    return read(*args)

disk.read = read_once_another_process_does
for number in range({ENOUGH * 2}):
    (root / f"{{number}}.md").write_text(f"[[0#{{number}}]]\\n")
with closing(open_cache(str(root))) as cache:
    cache.now += 10**10
    documents = from_disk(str(root), disk.scan(str(root)), cache, FileCache(cache))
    together(lambda: documents.load(documents), len(documents))
    print(sum(isinstance(one.content, str) for one in documents.values()))
    print(sum(one.text == f"[[0#{{path[:-3]}}]]\\n" for path, one in documents.items()))
    disk.read = None
    again = from_disk(str(root), disk.scan(str(root)), cache, FileCache(cache))
    print(len(again.ids))
    print(sum(one.internal == again[path].internal for path, one in documents.items()))
"""


def test_together_each_process_has_the_texts_that_it_has_read_itself(tmp_path: Path) -> None:
    folders = [tmp_path / "vault", tmp_path / "readers"]
    for folder in folders:
        folder.mkdir()
    command = [sys.executable, "-c", TOGETHER, *map(str, folders)]
    found = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    kept, *others = map(int, found.split())
    assert 0 < kept < ENOUGH * 2
    assert others == [ENOUGH * 2] * 3


NAMES = st.sampled_from(["a.md", "b.md", "A.md", "x/a.md", "x/é.md", "c.canvas", "d.png"])
# Of one length, so that size never tells.
TEXTS = st.sampled_from(["[[a]]\n", "[[b]]\n", "# a b\n", "---\n--", "\ufeff# b\n", "a: #b\n"])
MOMENTS = st.sampled_from([0, 1, 10**9, 2 * 10**9, 10**18 + 1])


def put(root: Path, name: str, text: str) -> None:
    make(root, {name: text})


def rename(root: Path, name: str, other: str) -> None:
    if (root / name).exists():
        (root / other).parent.mkdir(exist_ok=True)
        (root / name).replace(root / other)


def delete(root: Path, name: str) -> None:
    (root / name).unlink(missing_ok=True)


def touch(root: Path, name: str, moment: int) -> None:
    if (root / name).exists():
        os.utime(root / name, ns=(moment, moment))


def edit_and_hide(root: Path, name: str, text: str) -> None:
    """Change a file, and give it back the time it had."""
    if (root / name).exists():
        times = (root / name).stat()
        (root / name).write_text(text)
        os.utime(root / name, ns=(times.st_atime_ns, times.st_mtime_ns))


def wait(_root: Path) -> None:
    settle()


STEPS: st.SearchStrategy[tuple[Callable[..., None], tuple[object, ...]]] = st.one_of(
    st.tuples(st.just(put), st.tuples(NAMES, TEXTS)),
    st.tuples(st.just(rename), st.tuples(NAMES, NAMES)),
    st.tuples(st.just(delete), st.tuples(NAMES)),
    st.tuples(st.just(touch), st.tuples(NAMES, MOMENTS)),
    st.tuples(st.just(edit_and_hide), st.tuples(NAMES, TEXTS)),
    st.tuples(st.just(wait), st.tuples()),
)


@examples(30)
@given(st.lists(st.lists(STEPS, max_size=4), max_size=5))
def test_a_warm_reading_is_a_cold_one_after_any_edits(
    rounds: list[list[tuple[Callable[..., None], tuple[object, ...]]]],
) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        make(root, {"a.md": "[[b]]\n", "x/a.md": "# a b\n"})
        for steps in rounds:
            for step, arguments in steps:
                step(root, *arguments)
            found, fresh = warm(root), cold(root)
            assert found.ids == fresh.ids
            assert facts(found) == facts(fresh)
        assert not rounds or store(root).exists()


# In a process of its own, since none helps where a thread of another test is still there.
CHANGED = f"""
import sys
from pathlib import Path
from vaultsync.infra import worktree as disk
from vaultsync.infra.loader import from_disk
from vaultsync.infra.cache import Cache, FileCache

root = Path(sys.argv[1])
for number in range({ENOUGH * 2}):
    (root / f"{{number}}.md").write_text(f"[[0#{{number}}]]\\n")
documents = from_disk(str(root), disk.scan(str(root)), Cache(), FileCache(Cache()))
for path in documents.ids:
    (root / path).unlink()
print(sum(document.text == f"[[0#{{path[:-3]}}]]\\n" for path, document in documents.items()))
"""


def test_a_text_comes_along_where_it_may_be_asked_for(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHANGED, str(tmp_path)]
    found = subprocess.run(command, capture_output=True, check=True).stdout
    assert int(found) == ENOUGH * 2


def test_facts_of_many_documents_are_written_bit_by_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaultsync.infra.loader._MOST_FACTS", 2)
    make(tmp_path, {f"{number}.md": f"[[{number}]]" for number in range(7)})
    settle()
    first = warm(tmp_path)
    monkeypatch.setattr(worktree, "read", lambda *_: pytest.fail("it was kept"))
    again = warm(tmp_path)
    assert [len(document.internal) for document in again.values()] == [1] * 7
    assert again.ids == first.ids

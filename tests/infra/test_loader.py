from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.vaults import make

from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.infra import worktree
from vaultsync.infra.cache import FOLDER, Store, open_store
from vaultsync.infra.loader import Inspection, Reading, from_disk
from vaultsync.infra.workers import ENOUGH

WORDS = Inspection("words", lambda document: b"%d" % len(document.text.split()))


def warm(root: Path, inspection: Inspection | None = None) -> Reading:
    with open_store(str(root)) as store:
        return from_disk(str(root), worktree.scan(str(root)), store, inspection)


def cold(root: Path, inspection: Inspection | None = None) -> Reading:
    return from_disk(str(root), worktree.scan(str(root)), Store(), inspection)


def settle() -> None:
    """Wait for the next tick of the clock, so that files are known by their times."""
    time.sleep(0.02)


def facts(reading: Reading) -> dict[str, object]:
    return {
        path: repr((document, document.text if not document.error else ""))
        for path, document in sorted(plain(reading).items())
    }


def plain(reading: Reading) -> dict[str, Document]:
    return {
        path: replace(found, path=path, content=found.text, outward=found.external)
        for path, found in reading.documents.items()
    }


def test_a_warm_reading_parses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a.md": "[[b]]", "b.md": "# B\n", "c.canvas": "{}", "d.png": ""})
    settle()
    first = warm(tmp_path, WORDS)
    read: list[str] = []
    whole = worktree.read

    def counted(root: str, path: str) -> bytes:
        read.append(path)
        return whole(root, path)

    monkeypatch.setattr(worktree, "read", counted)
    again = warm(tmp_path, WORDS)
    assert read == []
    assert (again.answers, again.ids) == (first.answers, first.ids)
    assert facts(again) == facts(first)
    assert read


def test_another_inspection_asks_again(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "one two"})
    settle()
    assert warm(tmp_path, WORDS).answers == {"a.md": b"2"}
    letters = Inspection("letters", lambda document: b"%d" % len(document.text))
    assert warm(tmp_path, letters).answers == {"a.md": b"7"}
    assert warm(tmp_path, WORDS).answers == {"a.md": b"2"}


def test_a_note_is_asked_again_when_its_text_is_another_one(tmp_path: Path) -> None:
    odd = os.fsdecode(b"b\xff.md")
    make(tmp_path, {"a.md": "one", "ö.md": "one two", odd: "one two three"})
    settle()
    asked: list[str] = []

    def words(document: Document) -> bytes | None:
        asked.append(document.path)
        return WORDS.of(document)

    counting = Inspection("counting", words)
    first = warm(tmp_path, counting)
    put(tmp_path, "a.md", "four words are here")
    settle()
    asked.clear()
    assert warm(tmp_path, counting).answers == {**first.answers, "a.md": b"4"}
    assert asked == ["a.md"]
    warm(tmp_path, counting)
    assert asked == ["a.md"]


def test_answers_that_cannot_be_decoded_are_asked_for_again(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "one two"})
    settle()
    with open_store(str(tmp_path)) as store:
        store.put("findings", {WORDS.name: b"\xc1"}, None)
    assert warm(tmp_path, WORDS).answers == {"a.md": b"2"}


def test_the_same_text_is_read_as_what_its_file_is(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "[[b]]", "a.canvas": "[[b]]", "b.md": "[[b]]"})
    settle()
    warm(tmp_path)
    found = warm(tmp_path).documents
    assert [len(found[path].links) for path in ("a.md", "a.canvas", "b.md")] == [1, 0, 1]


def test_a_text_that_is_not_what_it_was_is_refused(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "one"})
    settle()
    warm(tmp_path)
    document = warm(tmp_path).documents["a.md"]
    make(tmp_path, {"a.md": "two"})
    with pytest.raises(VaultError, match=r"a\.md: changed on disk since it was read: run again"):
        assert document.text


def test_a_text_that_is_read_here_stays_as_it_was(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "one"})
    document = cold(tmp_path).documents["a.md"]
    make(tmp_path, {"a.md": "two"})
    assert document.text == "one"


def test_no_more_texts_stay_than_there_is_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, {"a.md": "one", "b.md": "two"})
    monkeypatch.setattr("vaultsync.infra.loader._MOST_TEXT", 1)
    found = cold(tmp_path).documents
    assert [isinstance(found[path].content, str) for path in ("a.md", "b.md")] == [True, False]
    assert found["b.md"].text == "two"


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.md").symlink_to("nowhere.md")
    (tmp_path / "b.md").write_bytes(b"\xff")
    for _ in range(2):
        found = warm(tmp_path).documents
        assert found["a.md"].error == "dangling symbolic link"
        assert found["b.md"].error == "not UTF-8 at byte 0"


def test_many_files_are_read_by_several_processes_alike(tmp_path: Path) -> None:
    make(tmp_path, {f"{n % 7}/{n}.md": f"# H{n}\n[[{n + 1}]] é\n" for n in range(ENOUGH + 50)})
    first = warm(tmp_path, WORDS)
    assert len(first.documents) == ENOUGH + 50
    assert facts(first) == facts(cold(tmp_path, WORDS)) == facts(warm(tmp_path, WORDS))
    assert first.answers == cold(tmp_path, WORDS).answers


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


@settings(max_examples=60)
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
            found, fresh = warm(root, WORDS), cold(root, WORDS)
            assert facts(found) == facts(fresh)
            assert found.answers == fresh.answers
        assert not rounds or (root / FOLDER).is_dir()


# In a process of its own, since none helps where a thread of another test is still there.
CHANGED = f"""
import sys
from pathlib import Path
from vaultsync.infra import worktree as disk
from vaultsync.infra.loader import from_disk
from vaultsync.infra.cache import Store

root = Path(sys.argv[1])
for number in range({ENOUGH * 2}):
    (root / f"{{number}}.md").write_text(f"[[0#{{number}}]]\\n")
documents = from_disk(str(root), disk.scan(str(root)), Store()).documents
for path in documents:
    (root / path).unlink()
print(sum(document.text == f"[[0#{{path[:-3]}}]]\\n" for path, document in documents.items()))
"""


def test_a_text_comes_along_where_it_may_be_asked_for(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHANGED, str(tmp_path)]
    found = subprocess.run(command, capture_output=True, check=True).stdout
    assert int(found) == ENOUGH * 2


def test_what_is_seen_is_what_was_parsed(tmp_path: Path) -> None:
    make(tmp_path, {"a.md": "one", "b.md": "[[a]]"})
    settle()
    seen: list[str] = []
    noting = WORDS._replace(seen=lambda document: seen.append(document.path))
    found = warm(tmp_path, noting)
    assert sorted(seen) == ["a.md", "b.md"]
    make(tmp_path, {"b.md": "[[a]] [[c]]"})
    warm(tmp_path, noting)
    assert sorted(seen) == ["a.md", "b.md", "b.md"]
    assert found.documents.keys() == {"a.md", "b.md"}


def test_facts_of_many_documents_are_written_bit_by_bit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vaultsync.infra.loader._MOST_FACTS", 2)
    make(tmp_path, {f"{number}.md": f"[[{number}]]" for number in range(7)})
    settle()
    first = warm(tmp_path)
    monkeypatch.setattr(worktree, "read", lambda *_: pytest.fail("it was kept"))
    again = warm(tmp_path)
    assert [len(document.inward) for document in again.documents.values()] == [1] * 7
    assert again.ids == first.ids

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from vaultsync.infra.cache import FileCache, open_cache

FILES = {
    "a.md": ("1 2 3", "x"),
    "ö.md": ("4", "y"),
    os.fsdecode(b"\xff.md"): ("5", "z"),
    # As a file of Windows may be called.
    "\ud800.md": ("6", "v"),
}
STATES = {path: state for path, (state, _) in FILES.items()}
IDS = {path: identity for path, (_, identity) in FILES.items()}


def test_files_are_known_by_path_whatever_it_is(tmp_path: Path) -> None:
    with closing(open_cache(str(tmp_path))) as cache:
        FileCache(cache).put(FILES)
    with closing(open_cache(str(tmp_path))) as cache:
        assert FileCache(cache).ids(STATES) == IDS


def test_a_file_in_another_state_is_not_known(tmp_path: Path) -> None:
    with closing(open_cache(str(tmp_path))) as cache:
        FileCache(cache).put(FILES)
        assert FileCache(cache).ids({**STATES, "a.md": "1 2 4", "b.md": "1"}) == {
            path: identity for path, identity in IDS.items() if path != "a.md"
        }


def test_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    with closing(open_cache(str(tmp_path))) as cache:
        FileCache(cache).put(FILES)
        FileCache(cache).put({"a.md": FILES["a.md"]})
        assert FileCache(cache).ids(STATES) == {"a.md": "x"}


def test_nothing_is_known_where_nothing_is_cached(tmp_path: Path) -> None:
    with closing(open_cache(str(tmp_path))) as cache:
        assert FileCache(cache).ids({"a.md": ""}) == {}


def test_what_is_known_already_is_not_written_again(tmp_path: Path) -> None:
    with closing(open_cache(str(tmp_path))) as cache:
        FileCache(cache).put(FILES)
        known = FileCache(cache)
        cache.put("files", {"": b"another run's"}, None)
        known.put(FILES)
        assert cache.get("files", [""]) == {"": b"another run's"}


@pytest.mark.parametrize(
    "value",
    [b"", b"\xc1", b"\x81\xa1a\x01", b"\x81\xa1a\x92\xa1\xff\xa1b", b"\x81\xa1\xff\x92\xa1a\xa1b"],
)
def test_what_cannot_be_decoded_is_nothing(tmp_path: Path, value: bytes) -> None:
    with closing(open_cache(str(tmp_path))) as cache:
        cache.put("files", {"": value}, None)
        assert FileCache(cache).ids(STATES) == {}

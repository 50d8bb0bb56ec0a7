from __future__ import annotations

import os
from pathlib import Path

import pytest

from vaultsync.infra.cache import Store, open_store
from vaultsync.infra.file_cache import ByPath

FILES = {
    "a.md": ("1 2 3", "x"),
    "ö.md": ("4", "y"),
    os.fsdecode(b"\xff.md"): ("5", "z"),
    # As a file of Windows may be called.
    "\ud800.md": ("6", "v"),
}
STATES = {path: state for path, (state, _) in FILES.items()}
IDS = {path: identity for path, (_, identity) in FILES.items()}


def known(store: Store, name: str = "") -> ByPath:
    return ByPath(store, "files", name, str)


def test_files_are_known_by_path_whatever_it_is(tmp_path: Path) -> None:
    with open_store(str(tmp_path)) as store:
        known(store).keep(FILES)
    with open_store(str(tmp_path)) as store:
        assert known(store).recalled(STATES) == IDS


def test_a_file_in_another_state_is_not_known(tmp_path: Path) -> None:
    with open_store(str(tmp_path)) as store:
        known(store).keep(FILES)
        assert known(store).recalled({**STATES, "a.md": "1 2 4", "b.md": "1"}) == {
            path: identity for path, identity in IDS.items() if path != "a.md"
        }


def test_what_is_gone_is_forgotten(tmp_path: Path) -> None:
    with open_store(str(tmp_path)) as store:
        known(store).keep(FILES)
        known(store).keep({"a.md": FILES["a.md"]})
        assert known(store).recalled(STATES) == {"a.md": "x"}


def test_one_name_keeps_nothing_of_another(tmp_path: Path) -> None:
    with open_store(str(tmp_path)) as store:
        known(store).keep(FILES)
        assert known(store, "other").recalled(STATES) == {}


def test_nothing_is_known_where_nothing_is_kept(tmp_path: Path) -> None:
    with open_store(str(tmp_path)) as store:
        assert known(store).recalled({"a.md": ""}) == {}


@pytest.mark.parametrize(
    "value",
    [b"", b"\xc1", b"\x81\xa1a\x01", b"\x81\xa1a\x92\xa1\xff\xa1b", b"\x81\xa1\xff\x92\xa1a\xa1b"],
)
def test_what_cannot_be_decoded_is_nothing(tmp_path: Path, value: bytes) -> None:
    with open_store(str(tmp_path)) as store:
        store.put("files", {"": value}, None)
        assert known(store).recalled(STATES) == {}

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest
from tests.vaults import SOURCES
from tests.vaults import store as database

from vaultsync.infra import cache as module
from vaultsync.infra.cache import Cache, cache_folder, open_cache

VALUES = {"a": b"1", "b": b"2"}


def keep(root: Path, values: dict[str, bytes] = VALUES) -> None:
    with closing(open_cache(str(root))) as store:
        store.put("documents", values, values)


def kept(root: Path) -> dict[str, bytes]:
    with closing(open_cache(str(root))) as store:
        return store.get("documents", VALUES)


def test_a_cache_is_cold_until_something_is_kept(tmp_path: Path) -> None:
    with closing(open_cache(str(tmp_path))) as store:
        before = store.is_cold
        store.put("documents", VALUES, VALUES)
        assert (before, store.is_cold) == (True, False)
    assert not Cache().is_cold


def test_what_is_kept_is_there_the_next_time(tmp_path: Path) -> None:
    keep(tmp_path)
    assert kept(tmp_path) == VALUES


def test_a_table_keeps_nothing_of_another(tmp_path: Path) -> None:
    keep(tmp_path)
    with closing(open_cache(str(tmp_path))) as store:
        assert store.get("files", VALUES) == {}


def test_few_keys_of_many_are_found(tmp_path: Path) -> None:
    keep(tmp_path, {str(number): b"%d" % number for number in range(3_000)})
    with closing(open_cache(str(tmp_path))) as store:
        assert store.get("documents", ["7", "2999", "x"]) == {"7": b"7", "2999": b"2999"}
        wanted = [str(number) for number in range(1_400)]
        assert store.get("documents", wanted) == {key: key.encode() for key in wanted}
        assert store.get("documents", []) == {}


def test_what_is_out_of_use_is_dropped_when_there_is_much_of_it(tmp_path: Path) -> None:
    keep(tmp_path, {str(number): b"" for number in range(9)})
    with closing(open_cache(str(tmp_path))) as store:
        store.put("documents", {"a": b"1"}, ["a", "b", "0"])
        assert len(store.get("documents", [*"012345678a"])) == 10
        store.put("documents", {"b": b"2"}, ["a", "b"])
        assert store.get("documents", VALUES) == VALUES


def test_a_file_changed_shortly_before_the_run_is_not_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SETTLING", 3 * 10**9)
    with closing(open_cache(str(tmp_path))) as store:
        now = time.time_ns()
        assert store.is_settled(now - 4 * 10**9)
        assert not store.is_settled(now - 4 * 10**9, now - 2 * 10**9)
        assert not store.is_settled(now + 10**12)


def test_nothing_is_settled_without_a_store() -> None:
    assert not Cache().is_settled(1)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 500, b"SQLite format 3\0" * 99])
def test_a_foreign_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    keep(tmp_path)
    database(tmp_path).write_bytes(content)
    assert kept(tmp_path) == {}
    keep(tmp_path)
    assert kept(tmp_path) == VALUES


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_store_is_replaced_sooner_or_later(tmp_path: Path, share: float) -> None:
    values = {str(number): os.urandom(900) for number in range(500)}
    keep(tmp_path, values)
    whole = database(tmp_path).read_bytes()
    database(tmp_path).write_bytes(whole[: int(len(whole) * share)])
    with closing(open_cache(str(tmp_path))) as store:
        found = store.get("documents", values)
        assert found.items() <= values.items()
    keep(tmp_path, values)
    keep(tmp_path, values)
    with closing(open_cache(str(tmp_path))) as store:
        assert store.get("documents", values) == values


def test_a_store_of_another_version_is_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path)
    with closing(sqlite3.connect(database(tmp_path))) as other, other:
        other.execute("CREATE TABLE of_a_newer_version (x)")
    monkeypatch.setattr(module, "_stamp", lambda: "99")
    assert kept(tmp_path) == {}
    keep(tmp_path)
    assert kept(tmp_path) == VALUES
    monkeypatch.undo()
    assert kept(tmp_path) == {}


WRITER = """
import os, sys, time
from contextlib import closing
from vaultsync.infra.cache import open_cache

def write(database):
    database.execute("INSERT OR REPLACE INTO documents VALUES ('c', 'half')")
    print("writing", flush=True)
    {work}

with closing(open_cache(sys.argv[1])) as store:
    store._write(write)
"""


@contextmanager
def another_process(root: Path, work: str) -> Iterator[subprocess.Popen[bytes]]:
    """Let a process of its own begin to write, and then do some work."""
    command = [sys.executable, "-c", WRITER.format(work=work), str(root)]
    env = {**os.environ, "PYTHONPATH": str(SOURCES)}
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE)
    assert process.stdout
    process.stdout.readline()
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_who_finds_it_in_use_reads_what_there_is_and_writes_nothing(tmp_path: Path) -> None:
    keep(tmp_path)
    with another_process(tmp_path, "time.sleep(60)"):
        start = time.monotonic()
        assert kept(tmp_path) in ({}, VALUES)
        keep(tmp_path, {"d": b"4"})
        assert time.monotonic() - start < 30
    assert kept(tmp_path) == VALUES


def test_a_killed_writer_leaves_what_was_there(tmp_path: Path) -> None:
    keep(tmp_path)
    with another_process(tmp_path, "os.kill(os.getpid(), 9)") as process:
        assert process.wait(30) == -signal.SIGKILL
    assert kept(tmp_path) == VALUES


NAMES = ("VAULTSYNC_CACHE_DIR", "XDG_CACHE_HOME", "HOME")


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ({"VAULTSYNC_CACHE_DIR": "own", "XDG_CACHE_HOME": "xdg", "HOME": "home"}, "own"),
        ({"XDG_CACHE_HOME": "xdg", "HOME": "home"}, "xdg/vaultsync"),
        (
            {"VAULTSYNC_CACHE_DIR": "", "XDG_CACHE_HOME": "", "HOME": "home"},
            "home/.cache/vaultsync",
        ),
    ],
)
def test_the_cache_is_in_the_users_cache_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: dict[str, str], place: str
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value and str(tmp_path / value))
    vault = tmp_path / "vault"
    vault.mkdir()
    keep(vault)
    assert kept(vault) == VALUES
    assert list(vault.iterdir()) == []
    (folder,) = (tmp_path / place).iterdir()
    assert folder == cache_folder(str(vault))
    assert folder.stat().st_mode & 0o777 == 0o700
    tag = (folder / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_a_relative_cache_home_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VAULTSYNC_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "vault").mkdir()
    folder = cache_folder(str(tmp_path / "vault"))
    assert folder
    assert folder.is_relative_to(tmp_path / "home/.cache/vaultsync")


def test_a_cache_in_the_vault_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault, outside = tmp_path / "vault", tmp_path / "outside"
    (vault / "deep").mkdir(parents=True)
    outside.mkdir()
    (vault / "leads out").symlink_to(outside)
    (tmp_path / "leads in").symlink_to(vault / "deep")
    for place in (vault, vault / "deep/cache", vault / "leads out", tmp_path / "leads in"):
        monkeypatch.setenv("VAULTSYNC_CACHE_DIR", str(place))
        keep(vault)
        assert kept(vault) == {}
    assert [*(vault / "deep").iterdir(), *outside.iterdir()] == []


def test_a_vault_is_known_by_its_real_path_and_its_inode(tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    (tmp_path / "link").symlink_to(vault)
    keep(vault)
    assert kept(tmp_path / "link") == VALUES
    vault.rename(tmp_path / "moved")
    assert kept(tmp_path / "moved") == {}
    vault.mkdir()
    assert kept(vault) == {}


def test_without_a_place_for_it_there_is_no_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("a file\n")
    for place in (tmp_path / "file", tmp_path / "file/below", "/proc/none"):
        monkeypatch.setenv("VAULTSYNC_CACHE_DIR", str(place))
        keep(tmp_path / ".")
        assert kept(tmp_path) == {}
    assert (tmp_path / "file").read_text() == "a file\n"
    monkeypatch.setenv("VAULTSYNC_CACHE_DIR", str(tmp_path / "cache"))
    keep(tmp_path / "nowhere")
    assert not (tmp_path / "cache").exists()


def test_a_file_in_place_of_the_folder_is_no_matter(tmp_path: Path) -> None:
    folder = database(tmp_path).parent
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file\n")
    keep(tmp_path)
    assert kept(tmp_path) == {}
    assert folder.read_text() == "a file\n"


def test_a_cache_that_was_not_used_for_thirty_days_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tmp_path / "caches"
    monkeypatch.setenv("VAULTSYNC_CACHE_DIR", str(base))
    vaults = [tmp_path / name for name in ("old", "recent", "now")]
    for vault in vaults:
        vault.mkdir()
        keep(vault)
    old, recent, now = (database(vault).parent for vault in vaults)
    other, foreign = base / "not ours", base / ("a" * 32)
    for folder in (other, foreign):
        folder.mkdir()
        (folder / "file").touch()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/store.sqlite").touch()
    (base / ("b" * 32)).symlink_to(tmp_path / "elsewhere")
    (base / ("c" * 32)).touch()
    links = {base / ("b" * 32), base / ("c" * 32)}
    for link in links:
        os.utime(link, (0, 0), follow_symlinks=False)
    day = 24 * 60 * 60
    for folder, age in ((old, 31), (now, 31), (recent, 29), (other, 31), (foreign, 31)):
        os.utime(folder, (0, time.time() - age * day))
    assert kept(vaults[2]) == VALUES
    assert {*base.iterdir()} == {recent, now, other, foreign, *links}
    assert (tmp_path / "elsewhere/store.sqlite").exists()
    assert (foreign / "file").exists()
    assert kept(vaults[0]) == {}


@pytest.mark.parametrize("damage", ["key = 'c'", "value = CAST(x'00' || substr(value, 2) AS BLOB)"])
def test_a_value_that_was_damaged_on_the_disk_is_not_returned(tmp_path: Path, damage: str) -> None:
    keep(tmp_path)
    with closing(sqlite3.connect(database(tmp_path))) as other, other:
        other.execute(f"UPDATE documents SET {damage} WHERE key = 'a'")  # noqa: S608
    with closing(open_cache(str(tmp_path))) as store:
        assert store.get("documents", ["a", "b", "c"]) == {"b": b"2"}


def test_a_value_of_another_table_is_not_returned(tmp_path: Path) -> None:
    keep(tmp_path)
    with closing(sqlite3.connect(database(tmp_path))) as other, other:
        other.execute("INSERT INTO versions SELECT * FROM documents")
    with closing(open_cache(str(tmp_path))) as store:
        assert store.get("versions", VALUES) == {}


def test_a_locked_store_is_not_deleted(tmp_path: Path) -> None:
    keep(tmp_path)
    with closing(sqlite3.connect(database(tmp_path), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert kept(tmp_path) == {}
        keep(tmp_path, {"d": b"4"})
    assert kept(tmp_path) == VALUES


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.get("documents", VALUES),
        lambda store: store.put("documents", VALUES, VALUES),
    ],
    ids=["read", "written"],
)
def test_a_store_that_is_damaged_in_use_is_given_up(
    tmp_path: Path, use: Callable[[Cache], object]
) -> None:
    keep(tmp_path)
    with closing(open_cache(str(tmp_path))) as store, database(tmp_path).open("r+b") as file:
        whole = file.read()
        overwrite(file, b"no database at all".ljust(len(whole), b"!"))
        use(store)
        assert not database(tmp_path).exists()
        # Even the same file, whole again, is not looked into.
        overwrite(file, whole)
        assert store.get("documents", VALUES) == {}
        store.put("documents", VALUES, VALUES)
        assert not database(tmp_path).exists()
    keep(tmp_path)
    assert kept(tmp_path) == VALUES


def overwrite(file: BinaryIO, data: bytes) -> None:
    file.seek(0)
    file.write(data)
    file.flush()


def test_a_closed_store_holds_no_database(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.sqlite")
    Cache(connection).close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


def test_a_store_is_closed_in_the_end(tmp_path: Path) -> None:
    keep(tmp_path)
    with closing(open_cache(str(tmp_path))) as store:
        assert store.get("documents", VALUES) == VALUES
    assert store.get("documents", VALUES) == {}


READER = """
import sys
from contextlib import closing
from vaultsync.infra.cache import open_cache

with closing(open_cache(sys.argv[1])) as store:
    print(store.get("documents", ["a"]))
    store.put("documents", {"a": b"1"}, None)
"""


def longer(file: Path) -> None:
    times = file.stat()
    file.write_text(file.read_text() + "\n# longer\n")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def later(file: Path) -> None:
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1_000_000_000))


@pytest.mark.parametrize(
    ("changed", "change"),
    [
        ("vaultsync/cli/main.py", later),
        ("vaultsync/cli/added.py", Path.touch),
        ("yaml/__init__.py", longer),
        *(
            pytest.param(*more, marks=pytest.mark.long)
            for more in (
                ("vaultsync/__init__.py", later),
                ("vaultsync/lint/rules/link_targets.py", longer),
                ("vaultsync/cli/main.py", Path.unlink),
                ("vaultsync/cli/main.py", lambda file: file.rename(file.with_name("maim.py"))),
            )
        ),
    ],
)
def test_what_other_code_kept_is_not_known(
    tmp_path: Path, changed: str, change: Callable[[Path], None]
) -> None:
    code = tmp_path / "code"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SOURCES / "vaultsync", code / "vaultsync", ignore=ignored)
    (code / "yaml").mkdir()
    (code / "yaml/__init__.py").touch()
    command = [sys.executable, "-c", READER, str(tmp_path)]
    # A copy of the code is not measured.
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE_")}
    env = {**inherited, "PYTHONPATH": str(code)}

    def known() -> bytes:
        return subprocess.run(command, env=env, capture_output=True, check=True).stdout.strip()

    assert [known(), known()] == [b"{}", b"{'a': b'1'}"]
    change(code / changed)
    assert [known(), known()] == [b"{}", b"{'a': b'1'}"]


def test_what_is_installed_while_a_process_runs_is_not_what_it_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = module._stamp()
    monkeypatch.setattr(module, "__version__", "of tomorrow")
    assert module._stamp() == first

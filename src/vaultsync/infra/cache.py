"""What earlier runs computed from the files of a vault, cached in the user's cache folder.

It is never in the vault: what a stranger committed must not be opened as a database. A cache that
is damaged, foreign or of another version costs only time: it is rebuilt, or the run continues
without it, silently. `FileCache` holds the content ids of the files of a work tree, with the states
that the files had.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import re
import sqlite3
import time
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, get_args
from zlib import crc32

import msgspec

from vaultsync import __version__

# Where earlier versions had the cache, in the vault.
OLD_FOLDER = ".vaultsync"
# The clock of the vault's file system may be slower than this machine's by so many nanoseconds.
SETTLING = 3 * 10**9
Table = Literal["files", "documents", "states", "versions", "lookups", "related"]
_FILE = "store.sqlite"
_SCHEMA = (
    "CREATE TABLE made_by (stamp TEXT)",
    *(f"CREATE TABLE {name} (key TEXT PRIMARY KEY, value BLOB)" for name in get_args(Table)),
)
# Source: https://bford.info/cachedir/.
_TAG, _TAG_TEXT = "CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"
_FOLDER = re.compile("[0-9a-f]{32}")
# The cache of a vault that no run used for so many seconds is deleted.
_UNUSED = 30 * 24 * 60 * 60
# So many bytes before each value are its checksum.
_CHECKSUM = 4
# Other processes write for moments only; a run that finds the cache in use continues without it.
_BUSY_SECONDS = 0.2
_AMONG = " AND key IN (SELECT value FROM json_each(?))"
# So many rows are written by one statement, and fewer keys are always looked up one by one.
_MANY = 450
# Values that are not in use are deleted when they are so many times those that are.
_MOST_UNUSED = 3
# What else decides how a note is read.
_READERS = ("pyromark", "yaml")
_WRECKED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT")


class Cache:
    """The cache of one vault. Without a database it is empty and stays so.

    `now` is when the run began, in nanoseconds.
    """

    def __init__(self, database: sqlite3.Connection | None = None, now: int = 0) -> None:
        """Bind a database, which is closed at the latest when the cache is collected."""
        self._database, self.now = database, now
        if database:
            weakref.finalize(self, database.close)

    def close(self) -> None:
        """Close the database; the cache is empty from here on."""
        if self._database:
            self._database.close()
        self._database = None

    @property
    def is_open(self) -> bool:
        """Whether values can be put in."""
        return self._database is not None

    @property
    def is_cold(self) -> bool:
        """Whether values can be put in, and no earlier run did."""
        rows = self._query("SELECT EXISTS (SELECT 1 FROM documents)")
        return bool(rows) and rows[0] == (0,)

    def is_settled(self, *times: int) -> bool:
        """Whether a file with these times, in nanoseconds, shows by them that it is changed later.

        One that was changed in this tick of the clock can be changed again without a trace.
        Source: https://git-scm.com/docs/racy-git.
        """
        return max(times) < self.now - SETTLING

    def get(self, table: Table, keys: Collection[str]) -> dict[str, bytes]:
        """Return the values of the keys, and perhaps of others, except those that are damaged."""
        # All keys are texts, and all values bytes, in a cache that is not damaged.
        sound = (
            f"SELECT key, value FROM {table} "  # noqa: S608
            "WHERE typeof(key) = 'text' AND typeof(value) = 'blob'"
        )
        if len(keys) > _MANY:
            count = self._query(f"SELECT count(*) FROM {table}")  # noqa: S608
            if not count or len(keys) * 2 > count[0][0]:
                return _checked(table, self._query(sound))
        wanted = msgspec.json.encode(list(keys)).decode()
        return _checked(table, self._query(sound + _AMONG, [wanted]))

    def put(self, table: Table, values: Mapping[str, bytes], used: Collection[str] | None) -> None:
        """Put values in. Where many are not among the keys in use, those are deleted.

        `used` None: it is not known which keys are in use.
        """

        def write(database: sqlite3.Connection) -> None:
            # In the order of the index it takes half the time.
            _insert(database, table, sorted(values.items()))
            (count,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
            if used is not None and count > len(used) * (1 + _MOST_UNUSED):
                in_use = set(used)
                keys = database.execute(f"SELECT key FROM {table}")  # noqa: S608
                unused = [key for key in keys if key[0] not in in_use]
                database.executemany(f"DELETE FROM {table} WHERE key = ?", unused)  # noqa: S608

        if values:
            self._write(write)

    def put_recent(self, table: Table, key: str, value: bytes, most: int) -> None:
        """Cache a value; of the others in the table only the last ones remain."""

        def write(database: sqlite3.Connection) -> None:
            _insert(database, table, [(key, value)])
            recent = f"SELECT rowid FROM {table} ORDER BY rowid DESC LIMIT {most}"  # noqa: S608
            database.execute(f"DELETE FROM {table} WHERE rowid NOT IN ({recent})")  # noqa: S608

        self._write(write)

    def _query(self, sql: str, values: Sequence[str] = ()) -> list[Any]:
        if self._database is None:
            return []
        try:
            return self._database.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            self._give_up(error)
            return []

    def _write(self, work: Callable[[sqlite3.Connection], None]) -> None:
        if self._database is None:
            return
        try:
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                work(self._database)
        except sqlite3.Error as error:
            self._give_up(error)

    def _give_up(self, error: sqlite3.Error) -> None:
        """Continue without a database; a file that is not one any more is not tried again."""
        if self._database and _is_wrecked(error):
            with suppress(sqlite3.Error, OSError):
                Path(self._database.execute("PRAGMA database_list").fetchone()[2]).unlink()
        self.close()


def open_cache(root: str) -> Cache:
    """Open the cache of a vault; one that is empty, and stays so, where there can be none."""
    now = time.time_ns()
    with suppress(OSError, RuntimeError, sqlite3.Error, UnicodeDecodeError):
        folder = cache_folder(root)
        if folder:
            _make_folder(folder)
            return Cache(_opened(folder / _FILE), now)
    return Cache()


def cache_folder(root: str) -> Path | None:
    """Return the folder for the cache of a vault, None where that would be in the vault.

    A vault is known by its real path, device and inode, since containers reuse paths. Raises
    `OSError` where there is no such vault, `RuntimeError` where the user has no home.
    """
    real = os.path.realpath(root)
    facts = Path(real).stat()
    # The place itself counts, and the one that links lead to.
    base = os.path.abspath(_base())  # noqa: PTH100
    if any(Path(place).is_relative_to(real) for place in (base, os.path.realpath(base))):
        return None
    identity = os.fsencode(f"{real}\0{facts.st_dev}\0{facts.st_ino}")
    return Path(base, hashlib.sha256(identity).hexdigest()[:32])


def _base() -> Path:
    """Return the folder for the caches of all vaults.

    Source: https://specifications.freedesktop.org/basedir-spec/latest/.
    """
    if named := os.environ.get("VAULTSYNC_CACHE_DIR"):
        return Path(named)
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (given if given.is_absolute() else Path.home() / ".cache") / "vaultsync"


def _checked(table: str, rows: Iterable[tuple[str, bytes]]) -> dict[str, bytes]:
    """Return the values that have their checksum, without it."""
    return {
        key: value[_CHECKSUM:]
        for key, value in rows
        if value[:_CHECKSUM] == _checksum(table, key, value[_CHECKSUM:])
    }


def _checksum(table: str, key: str, value: bytes) -> bytes:
    return crc32(value, crc32(f"{table} {key}".encode())).to_bytes(_CHECKSUM)


def _insert(database: sqlite3.Connection, table: str, rows: Sequence[tuple[str, bytes]]) -> None:
    """Insert rows, many with one statement, which takes two thirds of the time."""
    for start in range(0, len(rows), _MANY):
        some = [(k, _checksum(table, k, v) + v) for k, v in rows[start : start + _MANY]]
        sql = f"INSERT OR REPLACE INTO {table} VALUES {','.join(['(?,?)'] * len(some))}"  # noqa: S608
        database.execute(sql, [value for row in some for value in row])


def _make_folder(folder: Path) -> None:
    """Make the folder, mark it as used, and delete those that no run used for long."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        (folder / _TAG).write_text(_TAG_TEXT)
    with suppress(OSError):
        os.utime(folder)
        _delete_unused(folder.parent, time.time() - _UNUSED)


def _delete_unused(base: Path, before: float) -> None:
    """Delete the caches that were last used before a time. What is not ours stays."""
    with os.scandir(base) as listing:
        folders = [entry for entry in listing if entry.is_dir(follow_symlinks=False)]
    for entry in folders:
        if _FOLDER.fullmatch(entry.name) and entry.stat().st_mtime < before:
            with suppress(OSError):
                for name in (_FILE, f"{_FILE}-journal", _TAG):
                    Path(entry, name).unlink(missing_ok=True)
                Path(entry).rmdir()


def _opened(file: Path) -> sqlite3.Connection:
    """Return the database, rebuilt where it is corrupt or of another version."""
    try:
        return _prepared(file)
    except sqlite3.Error as error:
        if not _is_wrecked(error):
            raise
    for name in (file.name, f"{file.name}-journal"):
        file.with_name(name).unlink(missing_ok=True)
    return _prepared(file)


def _prepared(file: Path) -> sqlite3.Connection:
    # A cache may be collected in another thread than the one that opened it.
    database = sqlite3.connect(
        file, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        _prepare(database)
    except BaseException:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection) -> None:
    # The facts of a note are about a kilobyte: many of them in a page take half the time.
    database.execute("PRAGMA page_size = 32768")
    # In KiB: most pages are written once, and not read again.
    database.execute("PRAGMA cache_size = -500")
    # After a crash of the machine the file may be corrupt, which is noticed and mended.
    database.execute("PRAGMA synchronous = OFF")
    stamp = _stamp()
    made = "made_by" in _names(database)
    if not made or database.execute("SELECT stamp FROM made_by").fetchone() != (stamp,):
        with database:
            database.execute("BEGIN IMMEDIATE")
            for name in _names(database):
                database.execute(f'DROP TABLE "{name}"')
            for statement in _SCHEMA:
                database.execute(statement)
            database.execute("INSERT INTO made_by VALUES (?)", (stamp,))


def _names(database: sqlite3.Connection) -> list[str]:
    found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [name for (name,) in found]


def _is_wrecked(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(_WRECKED)


@functools.cache
def _stamp() -> str:
    """Return a name for this very state of the tool and of what it reads notes with.

    A process keeps the code that it has loaded, whatever is installed meanwhile.
    """
    digest = hashlib.sha1(__version__.encode(), usedforsecurity=False)
    found = (importlib.util.find_spec(name) for name in _READERS)
    files = [spec.origin for spec in found if spec and spec.origin]
    for folder, _, names in os.walk(Path(__file__).parents[1]):
        files += [f"{folder}/{name}" for name in names if name.endswith(".py")]
    for file in sorted(files):
        facts = Path(file).stat()
        digest.update(f"{file} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


_NAME = ""
_DECODER = msgspec.msgpack.Decoder(dict[str, tuple[str, str]])
_NOTHING = (None, "")


class FileCache:
    """The state of each file of the work tree that was read, with the content id that it had."""

    def __init__(self, cache: Cache) -> None:
        """Read what is cached; what cannot be decoded counts as nothing."""
        self._cache = cache
        self._known: dict[str, tuple[str, str]] = {}
        with suppress(msgspec.DecodeError):
            self._known = _DECODER.decode(cache.get("files", [_NAME]).get(_NAME, b""))

    def ids(self, states: Mapping[str, str]) -> dict[str, str]:
        """Return the content ids of the files that still have the state given for their path."""
        if not self._known:
            return {}
        known = {path: self._known.get(_written(path), _NOTHING) for path in states}
        return {path: name for path, (state, name) in known.items() if state == states[path]}

    def put(self, known: Mapping[str, tuple[str, str]]) -> None:
        """Cache the state and the content id of all files by path, and forget all others."""
        written = {_written(path): value for path, value in known.items()}
        if written != self._known:
            self._cache.put("files", {_NAME: msgspec.msgpack.encode(written)}, [_NAME])


def _written(path: str) -> str:
    """Return a path as a text that UTF-8 can encode, whatever bytes its name has."""
    return path if path.isascii() else path.encode("utf-8", "surrogatepass").decode("latin-1")

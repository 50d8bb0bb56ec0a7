"""The work tree: which files a vault has, reading them, and the one function that writes them."""

from __future__ import annotations

import errno
import functools
import os
import re
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from operator import attrgetter
from pathlib import Path

import msgspec

from vaultsync.core.errors import VaultError
from vaultsync.core.model import content_id
from vaultsync.core.output import Output

_CHUNK = 1 << 16
# No file of a vault is larger; some that the system makes up have no end.
_MOST = 1 << 28
# Windows would turn line endings otherwise; a pipe would wait for a writer.
_READING: int = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_WRITING: int = os.O_RDWR | getattr(os, "O_BINARY", 0)
_LOOP = "symbolic link loop"
_DANGLING = "dangling symbolic link"
_LINKS = {errno.ELOOP: _LOOP, errno.ENOENT: _DANGLING}
_IRREGULAR = "not a regular file"
_OUTSIDE = "it leads out of the vault"
# From so many files on it takes less time to write out all that the system holds first.
_MANY = 50
_BACKUP = ".vaultsync-backup-"
_TEMPORARY = re.compile(r"\.vaultsync-(?P<process>[0-9]+)-[0-9a-f]{16}\.tmp")


class ScannedFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file, its `path` relative to the vault with `/`.

    `state` changes when the file does, `times` are those of its last changes in nanoseconds.
    `error` is why nothing can be read there; the path may then be that of a folder. `outside`: a
    symbolic link leads to it, out of the vault.
    """

    path: str
    state: str = ""
    times: tuple[int, int] = (0, 0)
    error: str | None = None
    outside: bool = False


def scan(root: str, ignored: Collection[str] = ()) -> tuple[ScannedFile, ...]:
    """Return the files of a vault by path, as Obsidian sees them.

    No part of a path begins with a dot. A linked folder is followed if it is outside the
    vault (https://help.obsidian.md/symlinks), each real folder once; a linked file may be
    anywhere. The files and folders `ignored` are left out. Raises `VaultError` if the vault itself
    cannot be read.
    """
    top = _real(root)
    found: list[ScannedFile] = []
    seen: set[str] = set()
    pending = [("", top)]
    while pending:
        prefix, folder = pending.pop()
        if folder in seen:
            continue
        seen.add(folder)
        try:
            with os.scandir(folder) as listing:
                entries = [entry for entry in listing if not entry.name.startswith(".")]
        except OSError as error:
            if not prefix:
                raise VaultError(f"{root}: cannot be read: {_reason(error)}") from None
            found.append(ScannedFile(prefix[:-1], error=f"cannot be read: {_reason(error)}"))
            continue
        outside, folders = not _within(folder, top), list[tuple[str, str]]()
        for entry in entries:
            path = prefix + entry.name
            if path in ignored:
                continue
            scanned = _classify(path, entry, folder, top, outside=outside)
            if isinstance(scanned, str):
                folders.append((f"{path}/", scanned))
            elif scanned is not None:
                found.append(scanned)
        # A folder that several links lead to is always found by the same one.
        pending += sorted(folders)
    return tuple(sorted(found, key=attrgetter("path")))


def read(root: str, path: str, *, inside: bool = False) -> bytes:
    """Return the bytes of a file below a folder.

    Raises `VaultError` if they cannot be read, and with `inside` where the path leads out of it.
    """
    try:
        if inside and leads_out(root, path):
            raise VaultError(f"{path}: {_OUTSIDE}")
        return _content(f"{root}/{path}")
    except (OSError, ValueError) as error:
        raise VaultError(f"{path}: cannot be read: {_reason(error)}") from None


def read_optional(path: str) -> bytes | None:
    """Return the bytes of a file, None if there is none. Raises `VaultError` as `read` does."""
    try:
        return _content(path) if mode_of(path) else None
    except (OSError, ValueError) as error:
        raise VaultError(f"{path}: cannot be read: {_reason(error)}") from None


def mode_of(path: str) -> int:
    """Return the mode of a file or folder, 0 where there is nothing.

    Raises `VaultError` where that cannot be known: a link that leads nowhere is not nothing.
    """
    try:
        return Path(path).stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        if Path(path).is_symlink():
            raise VaultError(f"{path}: cannot be read: {_DANGLING}") from None
        return 0
    except (OSError, ValueError) as error:
        raise VaultError(f"{path}: cannot be read: {_reason(error)}") from None


def leads_out(root: str, path: str) -> bool:
    """Whether a path below a folder leads out of it, as through a symbolic link."""
    return not _within(os.path.realpath(f"{root}/{path}"), os.path.realpath(root))


def _content(path: str) -> bytes:
    # A third faster than a file object, which counts for thousands of notes.
    file = os.open(path, _READING)
    try:
        if stat.S_IFMT(os.fstat(file).st_mode) not in (stat.S_IFREG, stat.S_IFDIR):
            raise ValueError(_IRREGULAR)
        chunks = [os.read(file, _CHUNK)]
        # A short read of a regular file is the last; another takes as long as the first.
        while len(chunks[-1]) == _CHUNK:
            if len(chunks) * _CHUNK > _MOST:
                raise ValueError(f"it is larger than {_MOST >> 20} MiB")
            chunks.append(os.read(file, _CHUNK))
        return b"".join(chunks)
    finally:
        os.close(file)


def _real(root: str) -> str:
    """Return the real path of the vault; raise `VaultError` where it cannot be read."""
    try:
        return os.path.realpath(root, strict=True)
    except OSError as error:
        raise VaultError(f"{root}: cannot be read: {_reason(error)}") from None


def write(root: str, outputs: Sequence[Output]) -> None:
    """Write files below a folder, each of them whole or not at all.

    Everything is checked and written to temporary files before the first file is replaced, and each
    file is checked again just before and after that; files are deleted last, so that a moved text
    always has a place. A link is written through to its file, and is itself deleted. A file keeps
    its owner, mode and extended attributes; where a new one cannot have them, or other names lead
    to the file, it is overwritten, with a copy beside it until that is done. Temporary files of a
    run that was killed are deleted. Raises `VaultError` if a file is no longer the version its
    output was made from, is outside the folder, or cannot be written.
    """
    top = Path(os.path.realpath(root))
    real = functools.cache(os.path.realpath)
    targets = [(output, _target(top, output, real)) for output in outputs]
    for output, target in targets:
        _check(output, target, "nothing was written")
    for folder in {target.parent for _, target in targets}:
        _clear(folder)
    with ExitStack() as leftovers:
        ready = [
            (output, _write_temporary(output.path, output.data, target, leftovers), target)
            for output, target in targets
            if output.data is not None
        ]
        _flush([(output.path, temporary) for output, temporary, _ in ready])
        for output, temporary, target in ready:
            _check(output, target, "it was not replaced")
            with as_vault_error(output.path, "it was not replaced"):
                _replace(output, target, temporary)
    for output, target in targets:
        if output.data is None:
            _check(output, target, "it was not deleted")
            with as_vault_error(output.path, "it was not deleted"):
                _delete(output, target)


def _classify(
    path: str, entry: os.DirEntry[str], folder: str, top: str, *, outside: bool
) -> ScannedFile | str | None:
    """Return a file, or the real path of a folder to go on to, or None."""
    linked = True
    try:
        linked = entry.is_symlink()
        if not linked and entry.is_dir():
            return entry.path
        real = os.path.realpath(entry.path, strict=True) if linked else entry.path
        facts = entry.stat()
    except OSError as error:
        gone = isinstance(error, FileNotFoundError) and not linked
        reason = _LINKS.get(error.errno or 0) or _reason(error)
        return None if gone else ScannedFile(path, error=reason)
    if stat.S_ISREG(facts.st_mode):
        return _scanned(path, facts, outside=not _within(real, top) if linked else outside)
    if not stat.S_ISDIR(facts.st_mode):
        return ScannedFile(path, error=_IRREGULAR)
    if _within(folder, real):
        return ScannedFile(path, error=_LOOP)
    return None if _within(real, top) or _within(top, real) else real


def _scanned(path: str, facts: os.stat_result, *, outside: bool) -> ScannedFile:
    times = facts.st_mtime_ns, facts.st_ctime_ns
    state = f"{facts.st_size} {times[0]} {times[1]} {facts.st_ino}"
    return ScannedFile(path, state, times, outside=outside)


def _within(path: str, folder: str) -> bool:
    return Path(path).is_relative_to(folder)


def _target(top: Path, output: Output, real: Callable[[str], str]) -> Path:
    """Return the file behind a path; that of a deletion keeps a link in the last place.

    `real` knows the folders of the files before.
    """
    place = top / output.path
    with as_vault_error(output.path, "nothing was written"):
        target = Path(real(str(place.parent)), place.name)
        if output.data is not None and target.is_symlink():
            target = Path(os.path.realpath(target))
    if not target.is_relative_to(top):
        raise VaultError(f"{output.path}: leads out of {top}: nothing was written")
    return target


def _check(output: Output, target: Path, result: str) -> None:
    with as_vault_error(output.path, result):
        try:
            there = content_id(_content(str(target)))
        except (FileNotFoundError, NotADirectoryError):
            there = None
    if there != output.base:
        raise VaultError(f"{output.path}: changed on disk since it was read: {result}; run again")


def _write_temporary(path: str, data: bytes, target: Path, leftovers: ExitStack) -> Path:
    """Write the data to a temporary file beside the target, with the target's mode.

    Its name begins with a dot: Obsidian and `scan` skip it.
    """
    temporary = _beside(target)
    leftovers.callback(_discard, temporary)
    with as_vault_error(path, "nothing was written"):
        facts = target.stat() if target.exists() else None
        if facts is None:
            target.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        if facts:
            # A read-only file could be replaced all the same; opening it fails.
            os.close(os.open(target, _WRITING))
            temporary.chmod(stat.S_IMODE(facts.st_mode))
    return temporary


def _flush(files: Sequence[tuple[str, Path]]) -> None:
    """Return when files are on the disk, or raise `VaultError` where that fails."""
    if len(files) >= _MANY and hasattr(os, "sync"):
        os.sync()
    # This alone reports that a file could not be written.
    for path, file in files:
        with as_vault_error(path, "nothing was written"):
            _flush_file(file)


def _flush_file(file: Path) -> None:
    opened = os.open(file, _WRITING)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _fill(file: Path, data: bytes, mode: str) -> None:
    with file.open(mode) as stream:
        stream.write(data)
        stream.truncate()
        stream.flush()
        os.fsync(stream.fileno())


def _beside(target: Path) -> Path:
    return target.with_name(f".vaultsync-{os.getpid()}-{os.urandom(8).hex()}.tmp")


def _replace(output: Output, target: Path, temporary: Path) -> None:
    """Put a file in the place of another, or its data into the other."""
    if not target.exists():
        if not _is_linked(temporary, target):
            temporary.replace(target)
        return
    if _became_alike(temporary, target):
        former = _beside(target)
        is_kept = _is_linked(target, former)
        temporary.replace(target)
        if is_kept:
            _drop(output, former, target)
        return
    data = output.data or b""
    old = _content(str(target))
    backup = target.with_name(f"{_BACKUP}{content_id(old)}")
    _fill(backup, old, "xb")
    try:
        _fill(target, data, "r+b")
    except BaseException:
        # Where this fails, too, the backup stays.
        _fill(target, old, "r+b")
        backup.unlink()
        raise
    backup.unlink()


def _delete(output: Output, target: Path) -> None:
    if output.base is not None:
        former = _beside(target)
        target.replace(former)
        _drop(output, former, target)


def _drop(output: Output, former: Path, target: Path) -> None:
    """Delete a file that was at a place, or put it back where somebody has written to it."""
    try:
        _check(output, former, "it was put back")
    except VaultError:
        _put_back(output, former, target)
        raise
    former.unlink()


def _put_back(output: Output, former: Path, target: Path) -> None:
    """Put a file back in its place; what somebody has written there since stays beside it."""
    other = _beside(target)
    is_kept = _is_linked(target, other)
    former.replace(target)
    if is_kept:
        data = _content(str(other))
        if data == output.data:
            other.unlink()
        else:
            name = f"{target.stem} ({content_id(data)[:10]}){target.suffix}"
            other.replace(target.with_name(name))


def _is_linked(file: Path, other: Path) -> bool:
    """Give a file a second name, which no file has yet, where the file system can."""
    try:
        os.link(file, other)
    except OSError:
        if other.exists():
            raise
        return False
    return True


def _became_alike(file: Path, model: Path) -> bool:
    """Give a file owner, mode and attributes of another; return whether it can take its place."""
    new, facts = file.stat(), model.stat()
    try:
        if (new.st_uid, new.st_gid) != (facts.st_uid, facts.st_gid):
            os.chown(file, facts.st_uid, facts.st_gid)
            file.chmod(stat.S_IMODE(facts.st_mode))
        wanted = _attributes(model)
        for name, _ in _attributes(file).items() ^ wanted.items():
            os.setxattr(file, name, wanted[name])
    except (OSError, KeyError):
        return False
    return facts.st_nlink == 1


def _attributes(file: Path) -> dict[str, bytes]:
    """Return the extended attributes, lists of access rights included, where Python can."""
    if not hasattr(os, "listxattr"):
        return {}
    try:
        return {name: os.getxattr(file, name) for name in os.listxattr(file)}
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return {}
        raise


def clear(root: str, paths: Iterable[str]) -> None:
    """Delete what killed runs left beside files, also where none of them is written again."""
    for folder in {Path(root, path).parent for path in paths}:
        _clear(folder)


def _clear(folder: Path) -> None:
    """Delete the temporary files of processes that no longer run.

    An error about one, as where two machines share the folder, only stops its run. Raises
    `VaultError` where a run was killed while it overwrote a file.
    """
    with suppress(OSError):
        for file in folder.iterdir():
            made = _TEMPORARY.fullmatch(file.name)
            if made and not is_running(int(made["process"])):
                _discard(file)
            if file.name.startswith(_BACKUP):
                raise VaultError(
                    f"{file}: a run was killed while it overwrote a file of this folder, which "
                    "this is a copy of: put it back or delete it: nothing was written"
                )


def is_running(process: int) -> bool:
    """Whether there is such a process; True where the check could stop it."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except (OSError, OverflowError) as error:
        return not isinstance(error, ProcessLookupError)
    return True


def _discard(temporary: Path) -> None:
    with suppress(OSError):
        temporary.unlink()


@contextmanager
def as_vault_error(path: str, result: str) -> Iterator[None]:
    """Turn an error of the system into one that names the path and the result."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise VaultError(f"{path}: {_reason(error)}: {result}") from None


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)

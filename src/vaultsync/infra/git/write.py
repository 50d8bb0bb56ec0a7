"""What changes a repository, through GitPython: making one, and staging in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import ModuleType

import msgspec

from vaultsync.core.errors import GitError
from vaultsync.infra.git import Repository, as_text, end, head, run
from vaultsync.infra.git.files import Entry, empty_tree
from vaultsync.infra.interrupts import signals_held
from vaultsync.infra.worktree import is_running

# What is in a lock of ours, before the number of the process.
_MARK = b"vaultsync "


def make_repository(folder: str) -> None:
    """Make a git repository of a folder. Raises `GitError` if git fails."""
    with _as_git_error(f"{folder}: git init failed"):
        _gitpython().Repo.init(folder, initial_branch="main").close()


@contextmanager
def copied_index(repo: Repository) -> Iterator[Repository]:
    """Yield the repository with a copy of its index, in which what is staged is only tried."""
    with tempfile.TemporaryDirectory(prefix="vaultsync-") as folder:
        copy = Path(folder, "index")
        # Before the first `git add` there is none.
        with suppress(FileNotFoundError):
            shutil.copyfile(repo.index or git_path(repo, "index"), copy)
        yield msgspec.structs.replace(repo, index=str(copy))


@contextmanager
def locked_index(repo: Repository, patience: float = 10) -> Iterator[Repository]:
    """Yield the repository with a copy of its index, which takes the place of that at the end.

    A lock of another program is waited for, and never removed. Raises `GitError` where that takes
    longer than so many seconds.
    """
    index = git_path(repo, "index")
    lock, copy = index.with_name("index.lock"), git_path(repo, f"vaultsync/index-{os.getpid()}")
    copy.parent.mkdir(exist_ok=True)
    _take(lock, copy, time.monotonic() + patience)
    try:
        with suppress(FileNotFoundError):
            copy.unlink()
            shutil.copyfile(index, copy)
        yield msgspec.structs.replace(repo, index=str(copy))
        copy.replace(index)
    finally:
        copy.unlink(missing_ok=True)
        lock.unlink(missing_ok=True)


def _take(lock: Path, mark: Path, until: float) -> None:
    """Make the lock, which names this process, as soon as there is none."""
    mark.write_bytes(_MARK + str(os.getpid()).encode())
    while True:
        try:
            os.link(mark, lock)
        except FileExistsError:
            _remove_own(lock)
            if time.monotonic() > until:
                raise GitError(
                    f"{lock}: another program is changing the index: wait for its end, or delete "
                    "this file if none is running"
                ) from None
            time.sleep(0.1)
        else:
            return


def _remove_own(lock: Path) -> None:
    """Remove a lock that a killed run of ours left."""
    with suppress(OSError):
        found = lock.read_bytes()
        process = found.removeprefix(_MARK).decode("ascii", "replace")
        if found.startswith(_MARK) and process.isdecimal() and not is_running(int(process)):
            lock.unlink()


def add_blobs(repo: Repository, contents: Iterable[bytes]) -> list[str]:
    """Put files into the repository, and return their blob ids in the same order."""
    with tempfile.TemporaryDirectory(prefix="vaultsync-") as folder:
        names = []
        for number, data in enumerate(contents):
            names.append(Path(folder, str(number)))
            names[-1].write_bytes(data)
        lines = "".join(f"{name}\n" for name in names).encode()
        return change(repo, "hash-object", "-w", "--no-filters", "--stdin-paths", input=lines)


def stage(repo: Repository, entries: Mapping[str, Entry]) -> None:
    """Put blobs into the index at paths of the vault; the files on disk stay as they are."""
    rows = (f"{e.mode} {e.id}\t{repo.prefix}{path}\0" for path, e in entries.items())
    change(repo, "update-index", "-z", "--index-info", input=_bytes("".join(rows)))


def git_path(repo: Repository, name: str) -> Path:
    """Return where git keeps something, as `index` or `hooks`, with its settings in force."""
    return Path(repo.root, as_text(run(repo, "rev-parse", "--git-path", name)).rstrip("\n"))


def add_tree(repo: Repository, start: str | None, entries: Mapping[str, Entry | None]) -> str:
    """Return a new tree: one that there is, with other entries at paths from the top level."""
    with tempfile.TemporaryDirectory(prefix="vaultsync-") as folder:
        own = msgspec.structs.replace(repo, index=str(Path(folder, "index")), prefix="")
        if start:
            change(own, "read-tree", start)
        put(own, entries)
        return change(own, "write-tree")[0]


def put(repo: Repository, entries: Mapping[str, Entry | None]) -> None:
    """Put files into the index, or remove them (None), by their paths from the top level."""
    none = Entry("0", empty_tree(repo))
    # What is removed comes first: a file may become a folder.
    rows = sorted((bool(entry), path, entry or none) for path, entry in entries.items())
    lines = "".join(f"{one.mode} {one.id}\t{path}\0" for _, path, one in rows)
    change(repo, "update-index", "-z", "--index-info", input=_bytes(lines))


def commit(repo: Repository, tree: str, parents: Iterable[str], message: str) -> str:
    """Make a commit; no branch leads to it."""
    options = [word for parent in parents for word in ("-p", parent)]
    return change(repo, "commit-tree", tree, *options, "-F", "-", input=_bytes(message))[0]


def move_head(repo: Repository, step: str, old: str | None, new: str, stamp: str) -> bool:
    """Move the branch from a commit to another; return whether it was still there.

    Both are kept under `refs/vaultsync/backups`, by the time and the step.
    """
    none = "0" * len(new)
    kept = f"refs/vaultsync/backups/{stamp}-{step}"
    lines = [f"update HEAD {new} {old or none}", f"create {kept}.after {new}"]
    lines += [f"create {kept} {old}"] if old else []
    return update_refs(repo, lines, f"vaultsync sync: {step}", lambda: head(repo) != old)


def update_refs(
    repo: Repository, lines: Iterable[str], reason: str, is_late: Callable[[], bool] = bool
) -> bool:
    """Change refs, all or none; False where that failed since something else was faster."""
    text = _bytes("".join(f"{line}\n" for line in lines))
    try:
        change(repo, "update-ref", "-m", reason, "--stdin", input=text)
    except GitError:
        if is_late():
            return False
        raise
    return True


def change(
    repo: Repository,
    *command: str,
    input: bytes = b"",  # noqa: A002
    extra: Mapping[str, str] | None = None,
    limit: float | None = None,
) -> list[str]:
    """Run a command of git that may change the repository; return the words that it prints.

    After `limit` seconds it is ended with all that it started; it has no terminal then.
    """
    index = repo.index or str(git_path(repo, "index"))
    # The environment of a hook may name another repository's.
    places = {"GIT_DIR": str(git_path(repo, ".")), "GIT_WORK_TREE": repo.root}
    environment = {**places, "GIT_INDEX_FILE": index, **(extra or {})}
    with tempfile.TemporaryFile() as lines, _as_git_error(f"git in {repo.root}"):
        lines.write(input)
        lines.seek(0)
        with ExitStack() as held:
            if limit is None:
                # What is quick is not ended halfway: git would leave its locks.
                held.enter_context(signals_held())
            started = (
                _gitpython()
                .Git(repo.root)
                .execute(
                    ["git", *command],
                    istream=lines,
                    env=environment,
                    as_process=True,
                    start_new_session=limit is not None,
                )
            )
            return _output(started.proc, f"git in {repo.root}", limit).split()


def _output(process: subprocess.Popen[bytes], place: str, limit: float | None) -> str:
    try:
        output, errors = (as_text(part) for part in process.communicate(timeout=limit))
    except subprocess.TimeoutExpired:
        raise GitError(f"{place}: no answer in {limit:g} seconds") from None
    finally:
        if process.poll() is None:
            end(process, with_others=True)
    if process.returncode:
        message = " ".join(f"{errors} {output}".split())
        raise GitError(f"{place}: {message or f'stopped with exit code {process.returncode}'}")
    return output


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _gitpython() -> ModuleType:
    # Without this GitPython cannot be imported where git is missing.
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    import git

    return git


@contextmanager
def _as_git_error(place: str) -> Iterator[None]:
    git = _gitpython()
    try:
        yield
    except git.GitCommandNotFound:
        raise GitError("git is not installed, or not on PATH") from None
    except (git.GitCommandError, OSError) as error:
        message = " ".join(str(getattr(error, "stderr", "") or error).split())
        raise GitError(f"{place}: {message}") from None

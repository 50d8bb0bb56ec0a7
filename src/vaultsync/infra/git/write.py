"""What changes a repository, through GitPython: making one, its settings, and staging in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import ModuleType

import msgspec

from vaultsync.core.errors import GitError
from vaultsync.infra.git import Repository, as_text, end, git_folder, run
from vaultsync.infra.git.files import Entry
from vaultsync.infra.git.process import EMPTY
from vaultsync.infra.interrupts import signals_held

_ROLES = ("AUTHOR", "COMMITTER")
# An index that is only tried is nothing for `post-index-change`.
_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")

# Seconds to sign a commit.
_SIGNING = 60.0


def make_repository(folder: str) -> None:
    """Make a git repository of a folder. Raises `GitError` if git fails."""
    with _as_git_error(f"{folder}: git init failed"):
        _gitpython().Repo.init(folder, initial_branch="main").close()


def set_own(repo: Repository, key: str, value: str) -> None:
    """Set a key of the clone's own settings, in place of all its values."""
    change(repo, "config", "--local", "--replace-all", key, value)


@contextmanager
def copied_index(repo: Repository) -> Iterator[Repository]:
    """Yield the repository with a copy of its index, in which what is staged is only tried."""
    with tempfile.TemporaryDirectory(prefix="vaultsync-") as folder:
        copy = Path(folder, "index")
        # Before the first `git add` there is none.
        with suppress(FileNotFoundError):
            # By its time git sees which files may have changed since it was written.
            shutil.copy2(repo.index or git_path(repo, "index"), copy)
        yield msgspec.structs.replace(repo, index=str(copy))


def add_blobs(repo: Repository, contents: Iterable[bytes]) -> list[str]:
    """Put files into the repository, and return their blob ids in the same order."""
    with _scratch(repo) as folder:
        names = []
        for number, data in enumerate(contents):
            names.append(Path(folder, str(number)))
            names[-1].write_bytes(data)
        lines = "".join(f"{name}\n" for name in names).encode()
        return change(repo, "hash-object", "-w", "--no-filters", "--stdin-paths", input=lines)


@contextmanager
def _scratch(repo: Repository) -> Iterator[str]:
    """Yield a folder for a moment; where the disk is full, that is an error of git."""
    with (
        _as_git_error(f"git in {repo.root}"),
        tempfile.TemporaryDirectory(prefix="vaultsync-") as name,
    ):
        yield name


def stage(repo: Repository, entries: Mapping[str, Entry]) -> None:
    """Put blobs into the index at paths of the vault; the files on disk stay as they are."""
    put(repo, {f"{repo.prefix}{path}": entry for path, entry in entries.items()})


def put(repo: Repository, entries: Mapping[str, Entry | None]) -> None:
    """Put blobs into the index at paths from the top level; what is None is removed, and first."""
    zeros = "0" * hashlib.new(repo.hash).digest_size * 2
    rows = sorted(f"{e.mode} {e.id}\t{path}\0" for path, e in entries.items() if e)
    gone = (f"0 {zeros}\t{path}\0" for path, entry in entries.items() if not entry)
    change(repo, "update-index", "-z", "--index-info", input=_bytes("".join([*gone, *rows])))


def add_tree(repo: Repository, start: str | None, entries: Mapping[str, Entry | None]) -> str:
    """Return a new tree: one that there is, with other entries at paths from the top level."""
    with _scratch(repo) as folder:
        options = (*repo.options, *_NO_HOOKS)
        scratch = msgspec.structs.replace(repo, index=f"{folder}/index", options=options)
        if start:
            change(scratch, "read-tree", start)
        put(scratch, entries)
        return tree_of_index(scratch)


@contextmanager
def apart(repo: Repository, ours: str, theirs: str, tree: str) -> Iterator[Repository]:
    """Yield the repository as if a commit was being merged into another, with a tree in the index.

    HEAD, the commit that is merged and the index are in a folder of their own meanwhile.
    """
    common = run(repo, "rev-parse", "--path-format=absolute", "--git-common-dir")
    with tempfile.TemporaryDirectory(prefix="vaultsync-") as folder:
        lines = {"HEAD": ours, "MERGE_HEAD": theirs, "commondir": as_text(common).rstrip("\n")}
        for name, line in lines.items():
            Path(folder, name).write_bytes(f"{line}\n".encode("utf-8", "surrogateescape"))
        places = (f"--git-dir={folder}", f"--work-tree={repo.root}")
        options = (*repo.options, *_NO_HOOKS, *places)
        other = msgspec.structs.replace(repo, index=f"{folder}/index", options=options)
        change(other, "read-tree", tree)
        yield other


def tree_of_index(repo: Repository) -> str:
    """Return the tree that the index is."""
    return change(repo, "write-tree")[0]


def add_base(repo: Repository, tree: str, parents: Iterable[str]) -> str:
    """Return a new commit that no branch has, of a tree that the merge of others became."""
    ends = [word for parent in parents for word in ("-p", parent)]
    who = {f"GIT_{role}_{part}": "vaultsync" for role in _ROLES for part in ("NAME", "EMAIL")}
    when = {f"GIT_{role}_DATE": "@0 +0000" for role in _ROLES}
    return change(repo, "commit-tree", tree, *ends, input=b"base\n", extra=who | when)[0]


def git_path(repo: Repository, name: str) -> Path:
    """Return where git keeps something, as `index` or `hooks`, with its settings in force."""
    return Path(repo.root, as_text(run(repo, "rev-parse", "--git-path", name)).rstrip("\n"))


def commit(
    repo: Repository, tree: str, parents: Iterable[str], message: str, *, signed: bool = False
) -> str:
    """Make a commit; no branch leads to it. It is `signed` as the user's settings choose."""
    options = [word for parent in parents for word in ("-p", parent)]
    # A program that signs must not wait for a person.
    limit, sign = (_SIGNING, ("-S",)) if signed else (None, ())
    command = ("commit-tree", tree, *options, *sign, "-F", "-")
    return change(repo, *command, input=_bytes(message), limit=limit)[0]


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
    folder = git_folder(repo)
    index = repo.index or f"{folder}/index"
    # The environment of a hook may name another repository's.
    places = {"GIT_DIR": folder, "GIT_WORK_TREE": repo.root}
    environment = {**places, EMPTY: "", "GIT_INDEX_FILE": index, **(extra or {})}
    with _as_git_error(f"git in {repo.root}"), tempfile.TemporaryFile() as lines:
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
                    ["git", "-c", "core.fsmonitor=false", *repo.options, *command],
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

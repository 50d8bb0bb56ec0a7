"""What changes a repository, through GitPython: making one, its settings, and staging in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

import msgspec

from vaultsync.core.errors import GitError
from vaultsync.infra.git import Repository, as_text, run
from vaultsync.infra.git.files import Entry


def make_repository(folder: str) -> None:
    """Make a git repository of a folder. Raises `GitError` if git fails."""
    with _as_git_error(f"{folder}: git init failed"):
        _gitpython().Repo.init(folder, initial_branch="main").close()


def set_own(repo: Repository, key: str, value: str) -> None:
    """Set a key of the clone's own settings, in place of all its values."""
    _change(repo, "config", "--local", "--replace-all", key, value)


@contextmanager
def copied_index(repo: Repository) -> Iterator[Repository]:
    """Yield the repository with a copy of its index, in which what is staged is only tried."""
    with tempfile.TemporaryDirectory(prefix="vaultsync-") as folder:
        copy = Path(folder, "index")
        # Before the first `git add` there is none.
        with suppress(FileNotFoundError):
            shutil.copyfile(repo.index or git_path(repo, "index"), copy)
        yield msgspec.structs.replace(repo, index=str(copy))


def add_blobs(repo: Repository, contents: Iterable[bytes]) -> list[str]:
    """Put files into the repository, and return their blob ids in the same order."""
    with tempfile.TemporaryDirectory(prefix="vaultsync-") as folder:
        names = []
        for number, data in enumerate(contents):
            names.append(Path(folder, str(number)))
            names[-1].write_bytes(data)
        lines = "".join(f"{name}\n" for name in names).encode()
        return _change(repo, "hash-object", "-w", "--no-filters", "--stdin-paths", input=lines)


def stage(repo: Repository, entries: Mapping[str, Entry]) -> None:
    """Put blobs into the index at paths of the vault; the files on disk stay as they are."""
    rows = (f"{e.mode} {e.id}\t{repo.prefix}{path}\0" for path, e in entries.items())
    lines = "".join(rows).encode("utf-8", "surrogateescape")
    _change(repo, "update-index", "-z", "--index-info", input=lines)


def git_path(repo: Repository, name: str) -> Path:
    """Return where git keeps something, as `index` or `hooks`, with its settings in force."""
    return Path(repo.root, as_text(run(repo, "rev-parse", "--git-path", name)).rstrip("\n"))


def _change(repo: Repository, *command: str, input: bytes = b"") -> list[str]:  # noqa: A002
    """Run a command of git that reads its input; return the words that it prints."""
    index = repo.index or str(git_path(repo, "index"))
    # The environment of a hook may name another repository's.
    places = {"GIT_DIR": str(git_path(repo, ".")), "GIT_WORK_TREE": repo.root}
    with tempfile.TemporaryFile() as lines, _as_git_error(f"git in {repo.root}"):
        lines.write(input)
        lines.seek(0)
        environment = {**places, "GIT_INDEX_FILE": index}
        output = (
            _gitpython().Git(repo.root).execute(["git", *command], istream=lines, env=environment)
        )
    return str(output).split()


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

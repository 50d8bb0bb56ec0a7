"""The repository of a folder, and its commits by name."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from vaultsync.core.errors import GitError
from vaultsync.infra.git.process import Repository, as_text, run


def open_repository(folder: str) -> Repository | None:
    """Return the repository whose work tree holds a folder, None without git or a repository.

    Raises `GitError` where git refuses the repository, as it does one that another user owns.
    """
    if shutil.which("git") is None:
        return None
    questions = (
        *("--show-toplevel", "--show-prefix", "--absolute-git-dir", "--show-object-format"),
        "--is-shallow-repository",
    )
    try:
        answer = as_text(run(Repository(folder, ""), "rev-parse", *questions))
    except GitError as error:
        if re.search(r"\(or any |must be run in a work tree", str(error)):
            return None
        raise
    lines = answer.removesuffix("\n").split("\n")
    if len(lines) != len(questions):
        raise GitError(f"{folder!r}: the path of a repository must not hold a line break")
    root, prefix, git_dir, algorithm, shallow = lines
    index = _index_in_force(root, git_dir)
    return Repository(root, prefix, algorithm, index, is_shallow=shallow == "true")


def make_repository(folder: str) -> None:
    """Make a git repository of a folder, through GitPython. Raises `GitError` if git fails."""
    # Without this GitPython cannot be imported where git is missing.
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    import git

    try:
        git.Repo.init(folder, initial_branch="main").close()
    except git.GitCommandNotFound:
        raise GitError("git is not installed, or not on PATH") from None
    except (git.GitCommandError, OSError) as error:
        message = " ".join(str(getattr(error, "stderr", "") or error).split())
        raise GitError(f"{folder}: git init failed: {message}") from None


def _index_in_force(root: str, git_dir: str) -> str | None:
    """Return the absolute GIT_INDEX_FILE, None where it is unset or another repository's.

    `git commit --all` and `git commit FILE` build the commit in a second index and name that to
    hooks. A relative name counts from the top level, where git starts hooks.
    """
    named = os.environ.get("GIT_INDEX_FILE")
    if not named:
        return None
    index = Path(root, named)
    if not index.parent.is_dir():
        return None
    foreign = (index.parent / "HEAD").is_file() and not index.parent.samefile(git_dir)
    return None if foreign else str(index)


def head(repo: Repository) -> str | None:
    """Return the id of the commit that is checked out, None before the first one."""
    return commit_named(repo, "HEAD")


def merged(repo: Repository) -> str | None:
    """Return the commit that is being merged, None where no merge is in progress."""
    return commit_named(repo, "MERGE_HEAD")


def commit_named(repo: Repository, rev: str) -> str | None:
    """Return the id of the commit that a revision names, None where it names none.

    `A...B` is the merge base of the two; HEAD is the default for either. `A..B` names none.
    """
    first, dots, second = rev.partition("...")
    if dots:
        named = [commit_named(repo, name or "HEAD") for name in (first, second)]
        ends = [end for end in named if end]
        return _line(repo, "merge-base", *ends) if ends == named else None
    question = ("--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    return None if ".." in rev else _line(repo, "rev-parse", *question)


def resolve(repo: Repository, name: str) -> str | None:
    """Return the id of what a revision or "REVISION:PATH" names, None where that is nothing."""
    return _line(repo, "rev-parse", "--verify", "--quiet", "--end-of-options", name)


def _line(repo: Repository, *question: str) -> str | None:
    return as_text(run(repo, *question, quiet=True)).strip() or None

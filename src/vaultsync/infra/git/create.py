"""Changes to a repository, through GitPython."""

from __future__ import annotations

import os

from vaultsync.core.errors import GitError


def make_repository(folder: str) -> None:
    """Make a git repository of a folder. Raises `GitError` with what git said."""
    # Without this GitPython cannot be imported where git is missing.
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    import git

    try:
        git.Repo.init(folder, initial_branch="main").close()
    except git.GitCommandNotFound:
        raise GitError("git is not installed, or not on PATH") from None
    except (git.GitCommandError, OSError) as error:
        said = " ".join(str(getattr(error, "stderr", "") or error).split())
        raise GitError(f"{folder}: git init failed: {said}") from None

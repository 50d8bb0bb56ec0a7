"""Changes to a repository, through GitPython."""

from __future__ import annotations

import git

from vaultsync.errors import GitError


def make_repository(folder: str) -> None:
    """Make a git repository of a folder. Raises `GitError` with what git said."""
    try:
        git.Repo.init(folder, initial_branch="main").close()
    except (git.GitCommandError, git.GitCommandNotFound, OSError) as error:
        raise GitError(f"{folder}: git init failed: {error}") from None

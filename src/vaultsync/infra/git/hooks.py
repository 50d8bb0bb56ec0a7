"""Running the hooks that a user has set up, as `git commit` does."""

from __future__ import annotations

import os
from contextlib import suppress

from vaultsync.core.commits import SYNCING
from vaultsync.core.errors import GitError
from vaultsync.infra import worktree
from vaultsync.infra.git import Repository, as_text, write
from vaultsync.infra.git import run as run_git

# Seconds that a hook has.
_LIMIT = 900.0


class HookError(GitError):
    """A hook refused what it was started for."""


def run(repo: Repository, name: str, *args: str) -> None:
    """Run a hook, if there is one; raise `HookError` with its message where it refuses."""
    extra = {SYNCING: "1", "GIT_EDITOR": ":", "LC_ALL": os.environ.get("LC_ALL", "")}
    command = ("hook", "run", "--ignore-missing", name, "--", *args)
    try:
        run_git(repo, *command, extra=extra, limit=_LIMIT)
    except GitError as error:
        reason = str(error).removeprefix(f"git in {repo.root}: ")
        raise HookError(f"{name}: {reason}") from None


def message_of(repo: Repository, text: str) -> str:
    """Return a message as the hooks for messages leave it. Raises `HookError`."""
    file = write.git_path(repo, "COMMIT_EDITMSG")
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    run(repo, "prepare-commit-msg", str(file), "message")
    run(repo, "commit-msg", str(file))
    found = as_text(worktree.read_optional(str(file)) or b"").strip()
    if not found:
        raise HookError("the message is empty after the hooks")
    return f"{found}\n"


def after_commit(repo: Repository) -> None:
    """Run the hook for what was committed, whose failure changes nothing."""
    with suppress(HookError):
        run(repo, "post-commit")

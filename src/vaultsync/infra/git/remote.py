"""The other repositories of a repository: which there are, and whether one can be read.

To read one, git runs programs that settings name: those of the user, never those of the repository,
which may be a stranger's.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from vaultsync.core.errors import GitError
from vaultsync.infra.git import Repository, as_text, fields, run

# The settings by which a repository would choose how its remotes are reached.
_CHOOSING = (
    r"^(core\.(sshcommand|askpass|gitproxy)|credential\..*|http\..*|protocol\..*|include(if)?\..*"
    r"|ssh\..*|remote\..*\.(uploadpack|vcs|proxy.*)|url\..*\.insteadof)$"
)
# Neither git, ssh nor a helper shows a prompt. No protocol is left that is a command.
_SILENT = {
    "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    "GCM_INTERACTIVE": "never",
}


def remotes(repo: Repository) -> dict[str, str]:
    """Return the addresses of the remotes by their names."""
    options = ("-z", "--get-regexp", r"^remote\..*\.url$")
    found = (field.partition("\n") for field in fields(run(repo, "config", *options, quiet=True)))
    return {key[len("remote.") : -len(".url")]: url for key, _, url in found}


def own_settings(repo: Repository) -> tuple[str, ...]:
    """Return the names of settings by which the repository would choose what reaches a remote."""
    options = ("--local", "-z", "--name-only", "--get-regexp", _CHOOSING)
    return tuple(dict.fromkeys(fields(run(repo, "config", *options, quiet=True))))


def try_to_read(repo: Repository, url: str, limit: float) -> None:
    """Read the head of a remote by the user's settings alone, without a prompt.

    Raises `GitError` where it cannot be read in so many seconds.
    """
    # Where there is no repository, the settings of none hold.
    with tempfile.TemporaryDirectory() as folder:
        nowhere = Repository(os.path.realpath(folder), "")
        extra = silent(nowhere, {"GIT_CEILING_DIRECTORIES": str(Path(nowhere.root).parent)})
        try:
            run(nowhere, "ls-remote", "-q", "--", _address(repo, url), extra=extra, limit=limit)
        except GitError as error:
            raise GitError(str(error).replace(f"git in {nowhere.root}: ", "")) from None


def silent(repo: Repository, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which git reaches a remote without a prompt."""
    found = {**_SILENT, **(extra or {})}
    # A program that is named so may take other options.
    if "GIT_SSH" not in os.environ:
        found["GIT_SSH_COMMAND"] = f"{_ssh(repo, found)} -oBatchMode=yes"
    return found


def _ssh(repo: Repository, extra: Mapping[str, str]) -> str:
    """Return the command for ssh that the user has set."""
    named = as_text(run(repo, "config", "core.sshCommand", quiet=True, extra=extra)).strip()
    return os.environ.get("GIT_SSH_COMMAND") or named or "ssh"


def _address(repo: Repository, url: str) -> str:
    """Return an address as it is from any folder: a path counts from the top of the repository."""
    is_path = "://" not in url and ":" not in url.partition("/")[0]
    return str(Path(repo.root, url)) if is_path else url

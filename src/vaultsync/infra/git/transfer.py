"""Fetching from the remote of a branch and pushing to it, without a prompt and with a time limit.

Nothing is forced. Where it fails, the kind of failure decides what can be done.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from vaultsync.core.errors import GitError
from vaultsync.infra.git import Repository, as_text, run
from vaultsync.infra.git.remote import silent
from vaultsync.infra.git.write import change

# Seconds that the network has for one step.
LIMIT = 120.0
Kind = Literal["offline", "faster", "denied", "refused"]
# By what git prints, in the order in which they are looked for.
_KINDS: dict[Kind, str] = {
    "denied": r"Permission denied|terminal prompts disabled|could not read (?:Username|Password)"
    r"|Authentication failed|Host key verification failed|error: 40[13]\b",
    "faster": r"\[rejected\]|non-fast-forward|cannot lock ref|failed to update ref"
    r"|reference already exists|incorrect old value",
    "refused": r"\[remote rejected\]|pre-push",
    "offline": r"Could not resolve|onnection (?:refused|reset|timed out|closed)|timed out"
    r"|unreachable|No route to host|Failed to connect|early EOF|hung up|RPC failed|no answer in"
    r"|Temporary failure|error: 50[234]\b|does not appear to be a git repository|No such file",
}

_REMEDIES: dict[Kind, str] = {
    "denied": "sign in once, so that git keeps it: `vaultsync doctor` names the command",
    "refused": "see what the remote, or a hook, demands, and run again",
}


class TransferError(GitError):
    """The remote was not reached, or it did not take what was pushed."""

    def __init__(self, kind: Kind, message: str) -> None:
        """Bind both."""
        super().__init__(message)
        self.kind = kind

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return _REMEDIES.get(self.kind, "")


class Upstream(msgspec.Struct, frozen=True):
    """Where a branch is pushed to: a branch `ref` of a remote, and the ref that remembers it."""

    remote: str
    ref: str
    tracking: str

    @property
    def name(self) -> str:
        """How it is named to people."""
        return f"{self.remote}/{self.ref.removeprefix('refs/heads/')}"


def upstream(repo: Repository, branch: str) -> Upstream | None:
    """Return the upstream of a branch, None where none is set."""
    keys = (f"branch.{branch}.remote", f"branch.{branch}.merge")
    remote, ref = (as_text(run(repo, "config", key, quiet=True)).strip() for key in keys)
    if not remote or not ref or remote == ".":
        return None
    return Upstream(remote, ref, tracking(remote, ref.removeprefix("refs/heads/")))


def tracking(remote: str, name: str) -> str:
    """Return the ref that remembers a branch of a remote."""
    return f"refs/remotes/{remote}/{name}"


def remote_head(repo: Repository, source: Upstream, limit: float = LIMIT) -> str | None:
    """Return the commit that the remote has, None where it lacks the branch."""
    question = ("ls-remote", "-q", "--", source.remote, source.ref)
    try:
        answer = run(repo, *question, extra=silent(repo), limit=limit)
    except GitError as error:
        raise _failure(error) from None
    return next(iter(as_text(answer).split()), None)


def fetch(repo: Repository, source: Upstream, limit: float = LIMIT) -> None:
    """Fetch the branch."""
    options = ("--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-gc")
    _transfer(repo, limit, "fetch", "-q", *options, "--", source.remote,
              f"+{source.ref}:{source.tracking}")  # fmt: skip


def push(repo: Repository, target: Upstream, commit: str, limit: float = LIMIT) -> None:
    """Push a commit to the branch, and remember that it is there. It is never forced."""
    options = ("--porcelain", "--no-force", "--no-follow-tags", "--recurse-submodules=no")
    _transfer(repo, limit, "push", *options, "--", target.remote, f"{commit}:{target.ref}")


def _transfer(repo: Repository, limit: float, *command: str) -> None:
    try:
        change(repo, *command, extra=silent(repo), limit=limit)
    except GitError as error:
        raise _failure(error) from None


def _failure(error: GitError) -> TransferError:
    text = re.sub(r"(?<=://)[^/@\s]*@", "", str(error))
    found = (kind for kind, pattern in _KINDS.items() if re.search(pattern, text))
    return TransferError(next(found, "refused"), text)

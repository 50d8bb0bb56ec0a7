"""Run git, whatever the user's settings and a hook's environment are."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from typing import IO, TYPE_CHECKING, Self

import msgspec

from vaultsync.core.errors import GitError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

# What a hook, a script or `git -C` sets for one repository says nothing about another, and
# GIT_DIR without GIT_WORK_TREE makes git take any folder for the top level (hooks in a linked
# worktree have it so). The repository is found from the vault's folder alone. This is
# `git rev-parse --local-env-vars` without GIT_CONFIG_*, which carries the settings of `git -c`,
# and GIT_INDEX_FILE, which `_index_in_force` judges.
_SCRUBBED = re.compile(
    "GIT_(DIR|(IMPLICIT_)?WORK_TREE|COMMON_DIR|PREFIX|INDEX_FILE|(ALTERNATE_)?OBJECT_DIRECTOR.*"
    "|GRAFT_FILE|SHALLOW_FILE|REPLACE_REF_BASE|EXTERNAL_DIFF|.*_PATHSPECS)"
)
_ENVIRONMENT = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    # A partial clone fetches what it lacks; it must fail rather than ask for a password.
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# `log.follow` would walk into renames, `log.showSignature` start gpg, `core.fsmonitor` a hook.
_SETTINGS = (
    *("-c", "core.fsmonitor=false", "-c", "log.diffMerges=first-parent"),
    *("-c", "log.follow=false", "-c", "log.showSignature=false"),
)
_CHUNK = 1 << 16
_PIPE = 1 << 20


class Repository(msgspec.Struct, frozen=True):
    """A repository seen from the vault in it.

    `root` is its absolute top level, `prefix` the vault's folder below that ("" or "vault/"),
    `hash` the name of its hash function, `index` the index file that a hook was told to read
    (None: the repository's own). Where `is_shallow`, history was cut off: its oldest commit then
    seems to add every file.
    """

    root: str
    prefix: str
    hash: str = "sha1"
    index: str | None = None
    is_shallow: bool = False


def run(repo: Repository, *args: str, input: bytes = b"", quiet: bool = False) -> bytes:  # noqa: A002
    """Run git at the top level and return its output, whatever the user's settings are.

    `quiet` takes exit code 1 for "nothing found", as `rev-parse --quiet` means it.
    """
    command = _command(repo, args)
    try:
        done = subprocess.run(
            command, input=input, capture_output=True, env=_environment(repo), check=False
        )
    except (OSError, ValueError) as error:
        raise _unusable(error) from None
    if done.returncode == 0 or (quiet and done.returncode == 1):
        return done.stdout
    raise _failure(repo, done.stderr, done.returncode)


def stream(repo: Repository, *args: str) -> Generator[str, None, None]:
    """Run git at the top level and yield the fields of its output, which NUL parts, as they come.

    Close the iterator to stop git early. Raises `GitError` where git fails.
    """
    with Running(repo, args) as running:
        rest = b""
        while chunk := running.output.read(_CHUNK):
            *fields, rest = (rest + chunk).split(b"\0")
            yield from map(as_text, fields)
        if rest:
            yield as_text(rest)
        running.finish()


def start(repo: Repository, *args: str) -> subprocess.Popen[bytes]:
    """Start git at the top level, to be asked through its standard input."""
    pipe = subprocess.PIPE
    return subprocess.Popen(_command(repo, args), stdin=pipe, stdout=pipe, env=_environment(repo))


class Running:
    """Git at work; it is stopped where nobody reads on."""

    def __init__(
        self, repo: Repository, args: Sequence[str], stdin: IO[bytes] | None = None
    ) -> None:
        # A pipe that nobody reads would stop git once it is full.
        self.repo, self.errors = repo, tempfile.TemporaryFile()  # noqa: SIM115
        try:
            self.process = subprocess.Popen(
                _command(repo, args),
                stdin=stdin or subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self.errors,
                env=_environment(repo),
                # Contents are many: let git be some way ahead.
                pipesize=_PIPE,
            )
        except (OSError, ValueError) as error:
            self.errors.close()
            raise _unusable(error) from None

    @property
    def output(self) -> IO[bytes]:
        """What git says."""
        assert self.process.stdout is not None  # noqa: S101 - a pipe was asked for
        return self.process.stdout

    def finish(self) -> None:
        """Raise `GitError` if git failed."""
        if self.process.wait():
            self.errors.seek(0)
            raise _failure(self.repo, self.errors.read(), self.process.returncode)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.output.close()
        self.process.terminate()
        self.process.wait()
        self.errors.close()


def _command(repo: Repository, args: Iterable[str]) -> list[str]:
    return ["git", "--no-pager", *_SETTINGS, "-C", repo.root, *args]


def _unusable(error: Exception) -> GitError:
    return GitError(f"git cannot be run: {error}; is it installed and on PATH?")


def _failure(repo: Repository, errors: bytes, code: int) -> GitError:
    said = " ".join(as_text(errors).replace("fatal: ", "").split())
    return GitError(f"git in {repo.root}: {said or f'stopped with exit code {code}'}")


def _environment(repo: Repository) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not _SCRUBBED.fullmatch(name)}
    index = {} if repo.index is None else {"GIT_INDEX_FILE": repo.index}
    return {**kept, **_ENVIRONMENT, **index}


def fields(output: bytes) -> list[str]:
    """Return what NUL parts in git's output."""
    return [field for field in as_text(output).split("\0") if field]


def as_text(output: bytes) -> str:
    """Return git's output as text; bytes that are not UTF-8 become surrogates."""
    return output.decode("utf-8", "surrogateescape")

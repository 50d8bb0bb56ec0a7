"""A git process: what it gets, how it is started, read and ended."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import weakref
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from subprocess import PIPE
from typing import IO

import msgspec

from vaultsync.core.errors import GitError
from vaultsync.infra.interrupts import signals_held

# What a hook, a script or `git -C` sets for one repository does not hold for another, and
# GIT_DIR without GIT_WORK_TREE makes git take any folder for the top level (hooks in a linked
# worktree have it so). The repository is found from the vault's folder alone. This is
# `git rev-parse --local-env-vars` without GIT_CONFIG_*, which carries the settings of `git -c`,
# and GIT_INDEX_FILE, which `open_repository` judges.
_SCRUBBED = re.compile(
    "GIT_(DIR|(IMPLICIT_)?WORK_TREE|COMMON_DIR|PREFIX|INDEX_FILE|(ALTERNATE_)?OBJECT_DIRECTOR.*"
    "|GRAFT_FILE|SHALLOW_FILE|REPLACE_REF_BASE|EXTERNAL_DIFF|.*_PATHSPECS)"
)
EMPTY = "VAULTSYNCEMPTY"
_ENVIRONMENT = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    # A partial clone fetches what it lacks; it must fail rather than prompt for a password.
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    EMPTY: "",
}
# `log.follow` would walk into renames, `log.showSignature` start gpg, `core.fsmonitor` a hook. A
# clone cannot hold `.git`, but it can hold what git takes for a bare repository with settings.
_SETTINGS = (
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "core.fsmonitor=false", "-c", "log.diffMerges=first-parent"),
    *("-c", "log.follow=false", "-c", "log.showSignature=false"),
)
# Git warns of what it could not read for these reasons, and often goes on as if it was not there.
FAULT = re.compile("Input/output error|Too many open files|Cannot allocate memory")
_CHUNK = 1 << 16
# Objects are many: git may work so many bytes ahead.
_SIZE = 1 << 20


class Repository(msgspec.Struct, frozen=True):
    """A repository seen from the vault in it.

    `root` is its absolute top level, `prefix` the vault's folder below that ("" or "vault/"),
    `hash` the name of its hash function, `index` the index file that a hook has to read
    (None: the repository's own). Where `is_shallow`, history was cut off: its oldest commit then
    seems to add every file. `options` are further ones of git itself. `git_dir` is where git keeps
    what it knows of this work tree ("": nobody has looked).
    """

    root: str
    prefix: str
    hash: str = "sha1"
    index: str | None = None
    is_shallow: bool = False
    options: tuple[str, ...] = ()
    git_dir: str = ""


def run(
    repo: Repository,
    *args: str,
    input: bytes = b"",  # noqa: A002
    quiet: bool = False,
    extra: Mapping[str, str] | None = None,
    limit: float | None = None,
    faults: re.Pattern[str] = FAULT,
) -> bytes:
    """Run git at the top level and return its output, whatever the user's settings are.

    `quiet` takes exit code 1 for "nothing found", as `rev-parse --quiet` means it. `extra` is added
    to the environment. After `limit` seconds git is ended with all that it started; it has no
    terminal then. Where it warns of one of the `faults`, it failed.
    """
    command, env = _call(repo, args)
    git, apart = None, limit is not None
    env.update(extra or {})
    try:
        with signals_held():
            git = subprocess.Popen(
                command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=env, start_new_session=apart
            )
        output, errors = git.communicate(input, limit)
    except subprocess.TimeoutExpired:
        raise GitError(f"git in {repo.root}: no answer in {limit:g} seconds") from None
    except (OSError, ValueError) as error:
        raise _unusable(error) from None
    finally:
        if git is not None and git.poll() is None:
            end(git, with_others=apart)
    succeeded = git.returncode == 0 or (quiet and git.returncode == 1)
    if succeeded and not (errors and faults.search(as_text(errors))):
        return output
    raise _failure(repo, errors, git.returncode)


def end(git: subprocess.Popen[bytes], *, with_others: bool) -> None:
    """End git, and with it all that it started where it has a session of its own."""
    if with_others and hasattr(os, "killpg"):
        os.killpg(git.pid, signal.SIGKILL)
    git.kill()
    git.wait()
    for pipe in (git.stdin, git.stdout, git.stderr):
        if pipe:
            pipe.close()


def begin(repo: Repository, *args: str) -> Callable[[], bytes]:
    """Start git at the top level; return a function that waits for it and returns its output.

    That function raises `GitError` where git fails.
    """
    git, failure = None, GitError()
    try:
        git = GitProcess(repo, args)
    except GitError as error:
        failure = error

    def wait() -> bytes:
        if git is None:
            raise failure
        with closing(git):
            output = git.output.read()
            git.finish()
        return output

    return wait


def stream(repo: Repository, *args: str) -> Generator[str, None, None]:
    """Run git at the top level and yield the NUL-separated fields of its output as they come.

    Close the iterator to stop git early. Raises `GitError` where git fails.
    """
    with closing(GitProcess(repo, args)) as git:
        rest = b""
        while chunk := git.output.read(_CHUNK):
            *fields, rest = (rest + chunk).split(b"\0")
            yield from map(as_text, fields)
        if rest:
            yield as_text(rest)
        git.finish()


class GitProcess:
    """A running git process. It ends with `close`, or when the object is collected."""

    def __init__(self, repo: Repository, args: Sequence[str]) -> None:
        """Start git at the top level."""
        # An error pipe that is not read would block git once it is full.
        self._repo, self._errors = repo, tempfile.TemporaryFile()  # noqa: SIM115
        command, env = _call(repo, args)
        try:
            with signals_held():
                self._process = subprocess.Popen(
                    command, stdin=PIPE, stdout=PIPE, stderr=self._errors, env=env, pipesize=_SIZE
                )
                parts = self._process, self._errors, os.getpid()
                self.close = weakref.finalize(self, _stop, *parts)
        except (OSError, ValueError) as error:
            self._errors.close()
            raise _unusable(error) from None
        assert self._process.stdin  # noqa: S101 - it is a pipe
        assert self._process.stdout  # noqa: S101 - it is a pipe
        self._input, self.output = self._process.stdin, self._process.stdout

    def write(self, data: bytes) -> None:
        """Write to the standard input of git; a process that has failed is left to `finish`."""
        with suppress(BrokenPipeError):
            self._input.write(data)
            self._input.flush()

    def finish(self) -> None:
        """Wait for the end of git; raise `GitError` if it failed."""
        code = self._process.wait()
        self._errors.seek(0)
        errors = self._errors.read()
        if code or FAULT.search(as_text(errors)):
            raise _failure(self._repo, errors, code)


def _stop(process: subprocess.Popen[bytes], errors: IO[bytes], starter: int) -> None:
    # A forked process holds the same pipes, but git is not its child: it would wait for ever.
    if os.getpid() == starter:
        process.kill()
        process.communicate()
        errors.close()


def _call(repo: Repository, args: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Return the command and the environment of a git process."""
    allowed = {name: value for name, value in os.environ.items() if not _SCRUBBED.fullmatch(name)}
    index = {} if repo.index is None else {"GIT_INDEX_FILE": repo.index}
    command = ["git", "--no-pager", *_SETTINGS, *repo.options, "-C", repo.root, *args]
    return command, {**allowed, **_ENVIRONMENT, **index}


class GitMissingError(GitError):
    """There is no git on PATH."""


def _unusable(error: Exception) -> GitError:
    kind = GitMissingError if isinstance(error, FileNotFoundError) else GitError
    return kind(f"git cannot be run: {error}; is it installed and on PATH?")


def _failure(repo: Repository, errors: bytes, code: int) -> GitError:
    message = " ".join(as_text(errors).replace("fatal: ", "").split())
    return GitError(f"git in {repo.root}: {message or f'stopped with exit code {code}'}")


def fields(output: bytes) -> list[str]:
    """Return the NUL-separated fields of git's output."""
    return [field for field in as_text(output).split("\0") if field]


def as_text(output: bytes) -> str:
    """Return git's output as text; bytes that are not UTF-8 become surrogates."""
    return output.decode("utf-8", "surrogateescape")

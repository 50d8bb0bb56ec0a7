"""Git by subprocess: one process for each request, and none of them changes anything.

Only what is in `write` does, through GitPython. Paths that come in or go out are relative to the
vault, with `/`; bytes that are not UTF-8 become surrogates. Object ids are opaque: 40
hexadecimal digits, or 64 in a SHA-256 repository. Where git fails it is a `GitError`.
Neither the user's settings nor the environment of a hook change what git returns, and git runs
no command that settings name: a vault may be a stranger's.

Here are the repository of a folder, its commits by name, and its blobs.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import weakref
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from subprocess import PIPE
from typing import IO, NoReturn

import msgspec

from vaultsync.core.errors import GitError
from vaultsync.infra.interrupts import signals_held

# What a hook, a script or `git -C` sets for one repository does not hold for another, and
# GIT_DIR without GIT_WORK_TREE makes git take any folder for the top level (hooks in a linked
# worktree have it so). The repository is found from the vault's folder alone. This is
# `git rev-parse --local-env-vars` without GIT_CONFIG_*, which carries the settings of `git -c`,
# and GIT_INDEX_FILE, which `_index_in_force` judges.
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
_GITHEAD = re.compile("GITHEAD_([0-9a-f]{40,64})")
# Git warns of what it could not read for these reasons, and often goes on as if it was not there.
_FAULT = re.compile("Input/output error|Too many open files|Cannot allocate memory")
_CHUNK = 1 << 16
# Objects are many: git may work so many bytes ahead.
_SIZE = 1 << 20
# The ids of one request fit into the smallest pipe, 4 KiB: git and this process never both wait
# for the other one to read.
_AHEAD = 60


class Repository(msgspec.Struct, frozen=True):
    """A repository seen from the vault in it.

    `root` is its absolute top level, `prefix` the vault's folder below that ("" or "vault/"),
    `hash` the name of its hash function, `index` the index file that a hook has to read
    (None: the repository's own). Where `is_shallow`, history was cut off: its oldest commit then
    seems to add every file. `options` are further ones of git itself.
    """

    root: str
    prefix: str
    hash: str = "sha1"
    index: str | None = None
    is_shallow: bool = False
    options: tuple[str, ...] = ()


def run(
    repo: Repository,
    *args: str,
    input: bytes = b"",  # noqa: A002
    quiet: bool = False,
    extra: Mapping[str, str] | None = None,
    limit: float | None = None,
    faults: re.Pattern[str] = _FAULT,
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
        if code or _FAULT.search(as_text(errors)):
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


class _GitMissingError(GitError):
    """There is no git on PATH."""


def _unusable(error: Exception) -> GitError:
    kind = _GitMissingError if isinstance(error, FileNotFoundError) else GitError
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


class BlobReader:
    """Reads blobs through one git process, which is started for the first of them.

    A forked process starts its own.
    """

    def __init__(self, repo: Repository) -> None:
        """Bind the repository."""
        self._repo, self._starter = repo, 0
        self._git: GitProcess | None = None

    def text(self, _path: str, identity: str) -> str:
        """Return the text of a file by its blob id."""
        return next(self.read([identity])).decode()

    def read(self, ids: Iterable[str]) -> Iterator[bytes]:
        """Yield the contents of blobs in the order of their ids; read all before the next call.

        Raises `GitError` for one that is missing.
        """
        rest = iter(ids)
        while wanted := tuple(islice(rest, _AHEAD)):
            if self._git is None or self._starter != os.getpid():
                self._starter = os.getpid()
                self._git = GitProcess(self._repo, ("cat-file", "--batch"))
            self._git.write("".join(f"{identity}\n" for identity in wanted).encode())
            output = self._git.output
            for identity in wanted:
                header = output.readline().split()
                if header[1:2] != [b"blob"]:
                    self._fail(identity, ended=not header)
                data = output.read(int(header[2]) + 1)
                if len(data) <= int(header[2]):
                    self._fail(identity, ended=True)
                yield data[:-1]

    def _fail(self, identity: str, *, ended: bool) -> NoReturn:
        """Raise what went wrong: git itself, or an object that is missing."""
        with closing(self):
            if self._git and ended:
                self._git.finish()
        raise GitError(f"{identity}: this object of {self._repo.root} is missing or not a file")

    def close(self) -> None:
        """End the git process."""
        if self._git:
            self._git.close()
        self._git = None


def stream_blobs(repo: Repository, ids: Iterable[str]) -> Iterator[bytes]:
    """Yield the contents of blobs in the order of their ids, one at a time in memory.

    Raises `GitError` for one that is missing.
    """
    with closing(BlobReader(repo)) as reader:
        yield from reader.read(ids)


def read_blobs(repo: Repository, ids: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of blobs by id. Raises `GitError` for one that is missing."""
    wanted = tuple(dict.fromkeys(ids))
    return dict(zip(wanted, stream_blobs(repo, wanted), strict=True))


def missing(repo: Repository, ids: Iterable[str]) -> set[str]:
    """Return the ids of which the repository has no object."""
    wanted = "".join(f"{identity}\n" for identity in dict.fromkeys(ids))
    if not wanted:
        return set()
    answer = as_text(run(repo, "cat-file", "--batch-check", input=wanted.encode()))
    return {line.split()[0] for line in answer.splitlines() if line.endswith(" missing")}


def open_repository(folder: str) -> Repository | None:
    """Return the repository whose work tree holds a folder, None without git or a repository.

    Raises `GitError` where git refuses the repository, as it does one that another user owns.
    """
    questions = (
        *("--show-toplevel", "--show-prefix", "--absolute-git-dir", "--show-object-format"),
        "--is-shallow-repository",
    )
    try:
        answer = as_text(run(Repository(folder, ""), "rev-parse", *questions))
    except _GitMissingError:
        return None
    except GitError as error:
        if "safe.bareRepository" in str(error):
            return None
        if re.search(r"\(or any |must be run in a work tree", str(error)):
            _refuse_damage(folder, error)
            return None
        raise
    lines = answer.removesuffix("\n").split("\n")
    if len(lines) != len(questions):
        raise GitError(f"{folder!r}: the path of a repository must not hold a line break")
    root, prefix, git_dir, algorithm, shallow = lines
    index = _index_in_force(root, git_dir)
    return Repository(root, prefix, algorithm, index, is_shallow=shallow == "true")


def without_filters(repo: Repository, kept: Collection[str] = ()) -> Repository:
    """Return a repository of which git reads the work tree as it is, but for the filters `kept`.

    A filter is a command in the settings, run on each file that an attribute names; no command of
    git reads files without them.
    """
    options = ("-z", "--name-only", "--get-regexp", r"^filter\.")
    found = dict.fromkeys(fields(run(repo, "config", *options, quiet=True)))
    keys = [key for key in found if key[len("filter.") :].rpartition(".")[0] not in kept]
    # `-c` would end a key at the first `=` in it.
    off = tuple(f"--config-env={key}={EMPTY}" for key in keys)
    return msgspec.structs.replace(repo, options=(*repo.options, *off))


def _refuse_damage(folder: str, error: GitError) -> None:
    """Raise the error where there is a repository all the same, of which git could not read all."""
    for place in (Path(folder), *Path(folder).parents):
        if _FAULT.search(str(error)) or (place / ".git/HEAD").is_file():
            raise GitError(f"{error}; but there is {place}/.git: is it damaged?") from None


def tracking(folder: str) -> Callable[[], frozenset[str] | None]:
    """Start to list the files below a folder that git tracks; return a function that waits for it.

    The files are relative to the folder, and submodules are among them by name. None outside a
    repository, without git, and where git refuses the repository.
    """
    listed = begin(Repository(folder, ""), "ls-files", "-z")

    def wait() -> frozenset[str] | None:
        try:
            return frozenset(fields(listed()))
        except GitError:
            return None

    return wait


def _index_in_force(root: str, git_dir: str) -> str | None:
    """Return the absolute GIT_INDEX_FILE, None where it is unset or another repository's.

    `git commit --all` and `git commit FILE` build the commit in a second index and name that to
    hooks. A relative name counts from the top level, where git starts hooks.
    """
    named = os.environ.get("GIT_INDEX_FILE", "")
    index = Path(root, named)
    if not named or not index.parent.is_dir():
        return None
    foreign = (index.parent / "HEAD").is_file() and not index.parent.samefile(git_dir)
    return None if foreign else str(index)


def head(repo: Repository) -> str | None:
    """Return the id of the commit that is checked out, None before the first one.

    Raises `GitError` where there is one that git cannot read.
    """
    found = commit_named(repo, "HEAD")
    if found is None:
        branch = _line(repo, "symbolic-ref", "--quiet", "HEAD")
        file = _line(repo, "rev-parse", "--git-path", branch or "HEAD")
        if file and Path(repo.root, file).is_file():
            raise GitError(f"git in {repo.root}: {branch or 'HEAD'} cannot be read")
    return found


def merged(repo: Repository) -> str | None:
    """Return the commit that is being merged, None where no merge is in progress."""
    return commit_named(repo, "MERGE_HEAD") or merging(repo)


def merging(repo: Repository) -> str | None:
    """Return the commit that `git merge` merges while it runs its hook, None at other times.

    There is no MERGE_HEAD then, and git commits the tree as it was before the hook.
    """
    found = filter(None, map(_GITHEAD.fullmatch, os.environ)) if repo.index else ()
    return next((commit_named(repo, name[1]) for name in found), None)


def commit_named(repo: Repository, rev: str) -> str | None:
    """Return the id of the commit that a revision names, None where it names none.

    `A...B` is the merge base of the two; HEAD is the default for either. `A..B` names none.
    """
    first, dots, second = rev.partition("...")
    if dots:
        named = [commit_named(repo, name or "HEAD") for name in (first, second)]
        ends = [end for end in named if end]
        return _line(repo, "merge-base", *ends) if ends == named else None
    return None if ".." in rev else resolve(repo, f"{rev}^{{commit}}")


def is_ancestor(repo: Repository, first: str, second: str | None) -> bool:
    """Whether a commit is another one or among those before it."""
    if second is None:
        return False
    return _line(repo, "merge-base", first, second) == first


def resolve(repo: Repository, name: str) -> str | None:
    """Return the id of what a revision or "REVISION:PATH" names, None where that is nothing."""
    return _line(repo, "rev-parse", "--verify", "--quiet", "--end-of-options", name)


def _line(repo: Repository, *question: str) -> str | None:
    return as_text(run(repo, *question, quiet=True)).strip() or None

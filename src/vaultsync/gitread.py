"""Git read in bulk by subprocess: one process for each question, and never a change.

Paths that come in or go out are relative to the vault, with `/`; bytes that are not UTF-8 are
kept as surrogates. Object ids are opaque: 40 hexadecimal digits, or 64 in a SHA-256 repository.
What git refuses is a `GitError`.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

import msgspec

from vaultsync.errors import GitError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

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
# The empty order file overrides `diff.orderFile`: git stops where that one is missing.
_PLAIN = ("--raw", "-z", "--no-abbrev", "-O/dev/null")
_CHUNK = 1 << 16
_PIPE = 1 << 20
_LOG = ("log", "--first-parent", "--encoding=UTF-8")
_INDEX = ("diff-index", "--cached", "--ita-invisible-in-index")
SYMLINK = "120000"
_BLOBS = ("100644", "100755", SYMLINK)
_ALIKE = ("-M50%", "-l0", "--no-rename-empty")


class Repository(msgspec.Struct, frozen=True):
    """A repository seen from the vault in it.

    `root` is its absolute top level, `prefix` the vault's folder below that ("" or "vault/"),
    `hash` the name of its hash function, `index` the index file that a hook was told to read
    (None: the repository's own).
    """

    root: str
    prefix: str
    hash: str = "sha1"
    index: str | None = None


class Entry(msgspec.Struct, frozen=True):
    """A file in a tree or in the index: `mode` is 100644, 100755 or 120000 (symbolic link)."""

    mode: str
    id: str


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
    with _Running(repo, args) as running:
        rest = b""
        while chunk := running.output.read(_CHUNK):
            *fields, rest = (rest + chunk).split(b"\0")
            yield from map(_text, fields)
        if rest:
            yield _text(rest)
        running.finish()


def contents(repo: Repository, ids: Iterable[str]) -> Iterator[bytes]:
    """Yield the contents of blobs in the order of their ids, one at a time in memory.

    Raises `GitError` for one that is missing.
    """
    with tempfile.TemporaryFile() as wanted:
        wanted.writelines(f"{identity}\n".encode() for identity in ids)
        wanted.seek(0)
        with _Running(repo, ("cat-file", "--batch", "--buffer"), wanted) as running:
            while head := running.output.readline():
                identity, *facts = head.split()
                if facts[:1] != [b"blob"]:
                    raise _missing(repo, _text(identity))
                yield running.output.read(int(facts[1]) + 1)[:-1]
            running.finish()


class _Running:
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
    said = " ".join(_text(errors).replace("fatal: ", "").split())
    return GitError(f"git in {repo.root}: {said or f'stopped with exit code {code}'}")


def _missing(repo: Repository, identity: str) -> GitError:
    return GitError(f"{identity}: this object of {repo.root} is missing or not a file")


def start(repo: Repository, *args: str) -> subprocess.Popen[bytes]:
    """Start git at the top level, to be asked through its standard input."""
    pipe = subprocess.PIPE
    return subprocess.Popen(_command(repo, args), stdin=pipe, stdout=pipe, env=_environment(repo))


def open_repository(folder: str) -> Repository | None:
    """Return the repository whose work tree holds a folder, None without git or a repository.

    Raises `GitError` where git refuses the repository, as it does one that another user owns.
    """
    if shutil.which("git") is None:
        return None
    questions = ("--show-toplevel", "--show-prefix", "--absolute-git-dir", "--show-object-format")
    try:
        answer = _text(run(Repository(folder, ""), "rev-parse", *questions))
    except GitError as error:
        if re.search(r"\(or any |must be run in a work tree", str(error)):
            return None
        raise
    lines = answer.removesuffix("\n").split("\n")
    if len(lines) != len(questions):
        raise GitError(f"{folder!r}: the path of a repository must not hold a line break")
    root, prefix, git_dir, algorithm = lines
    return Repository(root, prefix, algorithm, _index_in_force(root, git_dir))


def head(repo: Repository) -> str | None:
    """Return the id of the commit that is checked out, None before the first one."""
    return commit_named(repo, "HEAD")


def merged(repo: Repository) -> str | None:
    """Return the commit that is being merged, None where no merge is in progress."""
    return commit_named(repo, "MERGE_HEAD")


def resolve(repo: Repository, name: str) -> str | None:
    """Return the id of what a revision or "REVISION:PATH" names, None where that is nothing."""
    return _line(repo, "rev-parse", "--verify", "--quiet", "--end-of-options", name)


def is_shallow(repo: Repository) -> bool:
    """Say whether history was cut off: its oldest commit then seems to add every file."""
    return run(repo, "rev-parse", "--is-shallow-repository").strip() == b"true"


def tree(repo: Repository, rev: str) -> dict[str, Entry]:
    """Return the files of the vault at a revision; submodules are left out."""
    return _entries(repo, "diff-tree", "-r", rev=rev)


def staged(repo: Repository) -> dict[str, Entry]:
    """Return the files of the vault as they would be committed; submodules are left out.

    So are files that `git add --intent-to-add` only announced. Raises `GitError` while a merge
    conflict is in the index.
    """
    return _entries(repo, *_INDEX)


def changed(repo: Repository, base: str | None, *, index: bool) -> dict[str, Entry | None]:
    """Return the files that differ from a commit, each with what it is there (None: nothing).

    `base` None is the empty tree. What differs from it is the index or else the work tree, where
    files that git does not track count too, but not those that it ignores. A change of mode alone
    is none; both names of a renamed file are among the files. Nothing is written, not the index.
    """
    command = _INDEX if index else ("diff-index", "--ignore-submodules")
    ends = ("--end-of-options", base or _nothing(repo), "--")
    raw = run(repo, *command, "--no-renames", *_PLAIN, *ends)
    rows = [(facts, name) for facts, name, _ in _changes(raw)]
    same = {name for facts, name in rows if facts[4] == "M" and facts[2] == facts[3]}
    if not index:
        same |= _unchanged(repo, {name: facts[2] for facts, name in rows if _may_be_same(facts)})
    found: dict[str, Entry | None] = {}
    for (before, _, old, _, _), name in rows:
        path = _inside(repo, name)
        if path is not None and name not in same:
            found[path] = Entry(before, old) if before in _BLOBS else None
    return found if index else {**dict.fromkeys(_untracked(repo)), **found}


def _may_be_same(facts: list[str]) -> bool:
    """Whether all that is known is that a file was written anew."""
    return facts[4] == "M" and SYMLINK not in facts[:2] and not facts[3].strip("0")


def _unchanged(repo: Repository, ids: Mapping[str, str]) -> set[str]:
    """Return the files, by their names from the top level, that still have the contents of ids."""
    names = [name for name in ids if "\n" not in name]
    lines = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    found = _text(run(repo, "hash-object", "--stdin-paths", input=lines)).split() if names else []
    return {name for name, identity in zip(names, found, strict=True) if identity == ids[name]}


def _untracked(repo: Repository) -> list[str]:
    asked = ("ls-files", "-z", "--others", "--exclude-standard", "--full-name", "--", ":/")
    names = (_inside(repo, name) for name in _fields(run(repo, *asked)))
    return [name for name in names if name is not None]


def commit_named(repo: Repository, rev: str) -> str | None:
    """Return the id of the commit that a revision names, None where it names none.

    `A...B` is the merge base of the two; HEAD stands for one that is left out. `A..B` names none.
    """
    first, dots, second = rev.partition("...")
    if dots:
        named = [commit_named(repo, name or "HEAD") for name in (first, second)]
        ends = [end for end in named if end]
        return _line(repo, "merge-base", *ends) if ends == named else None
    asked = ("--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    return None if ".." in rev else _line(repo, "rev-parse", *asked)


def _line(repo: Repository, *question: str) -> str | None:
    return _text(run(repo, *question, quiet=True)).strip() or None


def tracked(folder: str) -> frozenset[str] | None:
    """Return the files below a folder that git tracks, relative to it, and submodules by name.

    None outside a repository, without git, and where git refuses the repository.
    """
    try:
        return frozenset(_fields(run(Repository(folder, ""), "ls-files", "-z")))
    except GitError:
        return None


def blobs(repo: Repository, ids: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of blobs by id. Raises `GitError` for one that is missing."""
    wanted = tuple(dict.fromkeys(ids))
    if not wanted:
        return {}
    lines = "".join(f"{identity}\n" for identity in wanted).encode()
    stream = run(repo, "cat-file", "--batch", "--buffer", input=lines)
    found, at = {}, 0
    for identity in wanted:
        end = stream.index(b"\n", at)
        facts = stream[at:end].split(b" ")
        if facts[1:2] != [b"blob"]:
            raise _missing(repo, identity)
        at = end + 1 + int(facts[2])
        found[identity] = stream[end + 1 : at]
        at += 1
    return found


def names(repo: Repository, rev: str, folder: str) -> list[str]:
    """Return the paths, from the top level, of all files below a folder ("" or "vault/")."""
    options = ("--literal-pathspecs", "ls-tree", "-r", "-z", "--name-only")
    return _fields(run(repo, *options, "--end-of-options", rev, *filter(None, [folder])))


def versions(repo: Repository, paths: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the versions of files in the first-parent commits up to HEAD, the newest first.

    Each is the day of its commit (author date, YYYY-MM-DD) and a blob id. A file is followed
    through the renames that git sees, back to where it was added.
    """
    found: dict[str, list[tuple[str, str]]] = {path: [] for path in paths}
    names = {path: path for path in found}
    # No pathspec: git would not see renames from elsewhere.
    options = (*_LOG, *_PLAIN, "--root", "-m", *_ALIKE, "--format=%aI")
    day = ""
    for facts, before, after in _changes(_history(repo, *options)):
        if not facts:
            day = before[:10]
            continue
        name = _inside(repo, after)
        path = names.pop(name, None) if name is not None else None
        if path is None or facts[1] not in _BLOBS:
            continue
        found[path].append((day, facts[3]))
        old = _inside(repo, before)
        if facts[4] != "A" and old is not None:
            names[old] = path
    return found


def renames(
    repo: Repository, base: str, target: str | None, *, former: str | None = None
) -> dict[str, str]:
    """Return the renames git sees from a revision to another, old path to new.

    `target` None is the index. `former` is the vault's folder at the base, None for the same. Only
    renames within the vault count, of files at least half of which stayed; git misses many a
    rename of a very short note.
    """
    command, ends = (_INDEX, [base]) if target is None else (("diff-tree", "-r"), [base, target])
    raw = run(repo, *command, *_ALIKE, "--diff-filter=R", *_PLAIN, "--end-of-options", *ends, "--")
    found = {}
    for _, before, after in _changes(raw):
        old, new = _inside(repo, before, former), _inside(repo, after)
        if old is not None and new is not None:
            found[old] = new
    return found


def ignored(repo: Repository, paths: Iterable[str]) -> set[str]:
    """Return those paths that git ignores. A file that is tracked never is."""
    top = Path(repo.root)
    known: dict[str, bool] = {"": False}
    # A name that begins with ":" would be read as pathspec magic; "./" prevents it.
    start = f"./{repo.prefix}"
    folders = ((path, f"{repo.prefix}{path}".rpartition("/")[0]) for path in paths)
    asked = [f"{start}{path}\0" for path, folder in folders if not _beyond(top, folder, known)]
    lines = "".join(asked).encode("utf-8", "surrogateescape")
    answer = run(repo, "check-ignore", "-z", "--stdin", input=lines, quiet=True)
    return {name.removeprefix(start) for name in _fields(answer)}


def _environment(repo: Repository) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not _SCRUBBED.fullmatch(name)}
    index = {} if repo.index is None else {"GIT_INDEX_FILE": repo.index}
    return {**kept, **_ENVIRONMENT, **index}


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


def _entries(repo: Repository, *command: str, rev: str | None = None) -> dict[str, Entry]:
    """List files as a diff from nothing: that alone tells an announced file from an empty one."""
    ends = [_nothing(repo)] if rev is None else [_nothing(repo), rev]
    raw = run(repo, *command, *_PLAIN, "--end-of-options", *ends, "--")
    found = {}
    for (_, mode, _, identity, status), name, _ in _changes(raw):
        path = _inside(repo, name)
        if path is not None and status == "U":
            raise GitError(f"{path}: has a merge conflict: settle it, `git add` it and run again")
        if path is not None and mode in _BLOBS:
            found[path] = Entry(mode, identity)
    return found


def _nothing(repo: Repository) -> str:
    """Return the id of the empty tree."""
    return hashlib.new(repo.hash, b"tree 0\0", usedforsecurity=False).hexdigest()


def _history(repo: Repository, *options: str) -> bytes:
    """Return a log up to HEAD, which is empty before the first commit."""
    try:
        return run(repo, *options, "HEAD", "--")
    except GitError:
        if head(repo) is None:
            return b""
        raise


def _changes(raw: bytes) -> Iterator[tuple[list[str], str, str]]:
    """Yield raw diff rows as facts, path and second path (that of a rename, else the same).

    The heading of a commit comes without facts, as a path. Rows are told apart by order alone,
    since a path may hold any character; git puts a line break before a commit's first row.
    """
    fields = iter(_fields(raw))
    for field in fields:
        row = field.removeprefix("\n")
        if not row.startswith(":"):
            yield [], row, row
            continue
        facts = row[1:].split(" ")
        path = next(fields)
        yield facts, path, next(fields) if facts[4][0] in "RC" else path


def _beyond(top: Path, folder: str, known: dict[str, bool]) -> bool:
    """Say whether a folder lies in another repository or behind a symbolic link.

    Git knows nothing of what is there, and stops when asked.
    """
    if folder not in known:
        place = top / folder
        elsewhere = place.is_symlink() or (place / ".git").exists()
        known[folder] = elsewhere or _beyond(top, folder.rpartition("/")[0], known)
    return known[folder]


def _inside(repo: Repository, name: str, prefix: str | None = None) -> str | None:
    prefix = repo.prefix if prefix is None else prefix
    return name[len(prefix) :] if name.startswith(prefix) else None


def utc(date: str) -> str:
    """Return an ISO date with its offset in digits: newer versions of git write UTC as "Z"."""
    return date.replace("Z", "+00:00")


def _fields(output: bytes) -> list[str]:
    return [field for field in _text(output).split("\0") if field]


def _text(output: bytes) -> str:
    return output.decode("utf-8", "surrogateescape")

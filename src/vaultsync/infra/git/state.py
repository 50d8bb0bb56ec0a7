"""The state of a repository before a sync: what is going on in it, and what is not committed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from vaultsync.core.errors import GitError
from vaultsync.infra.git import (
    Repository,
    as_text,
    begin,
    fields,
    git_folder,
    run,
    without_filters,
)
from vaultsync.infra.git.files import Entry

# By what git keeps while an operation is not completed: its name, and what ends it.
_OPERATIONS = {
    "rebase-merge": ("rebase", "git rebase --continue` or `git rebase --abort"),
    "rebase-apply": ("rebase", "git rebase --continue` or `git rebase --abort"),
    "MERGE_HEAD": ("merge", "git merge --continue` or `git merge --abort"),
    "CHERRY_PICK_HEAD": ("cherry-pick", "git cherry-pick --continue` or `git cherry-pick --abort"),
    "REVERT_HEAD": ("revert", "git revert --continue` or `git revert --abort"),
    "BISECT_LOG": ("bisection", "git bisect reset"),
    "sequencer": ("cherry-pick", "git cherry-pick --continue` or `git cherry-pick --abort"),
}
# Git warns of a folder or file that it cannot read, and goes on as if nothing in it had changed.
_UNREAD = re.compile(
    r"^(?!warning: unable to access).*(?:Permission denied|Input/output error"
    r"|Too many open files|Cannot allocate memory)",
    re.MULTILINE,
)
_STATUS = (
    *("status", "--porcelain=v2", "-z", "--branch", "--untracked-files=all"),
    *("--no-renames", "--ignore-submodules=all"),
)
_SETTINGS = (
    r"^(filter\..*|core\.(autocrlf|eol|sparsecheckout|ignorecase|filemode)|remote\..*\.url"
    r"|commit\.gpgsign|gpg\.(.*\.)?program|gpg\.ssh\.defaultkeycommand)$"
)
# How many fields come before the path, by what a row begins with.
_BEFORE_PATH = {"1": 8, "u": 10, "?": 1}
_OURS = {"global", "system", "command"}


class Row(msgspec.Struct, frozen=True):
    """What is not committed at a path: what is staged and what is on disk, as git's letters."""

    path: str
    staged: str
    unstaged: str
    mode: str = ""


class State(msgspec.Struct, frozen=True):
    """What is going on in a repository; paths are from its top level.

    `operation` is one that is not completed, with what ends it. `branch` is empty where HEAD is
    detached, `head` before the first commit. `ahead` and `behind` count the commits that only the
    branch has, and only the upstream; None is not known. `filters` are those that the user has set,
    and `repo` runs no others. `indexed` are the files of the index, submodules among them.
    """

    repo: Repository
    operation: tuple[str, str] | None
    head: str
    branch: str
    upstream: str
    ahead: int | None
    behind: int | None
    remotes: tuple[str, ...]
    filters: frozenset[str]
    is_sparse: bool
    rows: tuple[Row, ...]
    unmerged: tuple[str, ...]
    indexed: Mapping[str, Entry]


def version(repo: Repository) -> tuple[int, ...]:
    """Return the version of git."""
    found = re.search(r"(\d+)\.(\d+)", as_text(run(repo, "--version")))
    return tuple(map(int, found.groups())) if found else ()


class InForce(msgspec.Struct, frozen=True):
    """A repository that runs no filter but those that the user has set, and settings of it."""

    repo: Repository
    filters: frozenset[str]
    values: Mapping[str, str]

    def is_set(self, key: str) -> bool:
        """Whether a setting is true, as git writes it."""
        return self.values.get(key, "").lower() in {"true", "yes", "on", "1"}

    def signs(self) -> bool:
        """Whether the user signs commits. Raises `GitError` where the repository chooses how."""
        own = [key.removeprefix("own.") for key in self.values if key.startswith("own.gpg.")]
        if own and self.is_set("commit.gpgsign"):
            raise GitError(f"{own[0]} is set in the repository: set it with `git config --global`")
        return self.is_set("commit.gpgsign")


def in_force(repo: Repository) -> InForce:
    """Return what of a repository's settings is in force."""
    settings = [*_settings(repo)]
    named = {(name, scope in _OURS) for scope, key, _ in settings if (name := _filter(key))}
    filters = frozenset(name for name, is_ours in named if is_ours and (name, False) not in named)
    others = any(name not in filters for name, _ in named)
    values = {key.lower(): value for _, key, value in settings}
    values |= {f"own.{key.lower()}": value for scope, key, value in settings if scope not in _OURS}
    return InForce(without_filters(repo, filters) if others else repo, filters, values)


def read_state(repo: Repository) -> State:
    """Return the state of a repository.

    Raises `GitError` where a folder or a file cannot be read: what is in it is unknown.
    """
    listed, known = begin(repo, "ls-files", "--stage", "-z"), in_force(repo)
    rest = fields(run(known.repo, *_STATUS, faults=_UNREAD))
    about = dict(line[2:].partition(" ")[::2] for line in rest if line.startswith("# "))
    rows = [*_rows(line for line in rest if not line.startswith("# "))]
    folder = Path(git_folder(repo))
    # There are none where nothing of the upstream was fetched.
    counts = re.fullmatch(r"\+(\d+) -(\d+)", about.get("branch.ab", ""))
    return State(
        known.repo,
        next((words for name, words in _OPERATIONS.items() if (folder / name).exists()), None),
        about["branch.oid"].removeprefix("(initial)"),
        about["branch.head"].removeprefix("(detached)"),
        about.get("branch.upstream", ""),
        int(counts[1]) if counts else None,
        int(counts[2]) if counts else None,
        tuple(key[7:-4] for key in known.values if key.startswith("remote.")),
        known.filters,
        known.is_set("core.sparsecheckout"),
        tuple(row for row in rows if row.staged != "u"),
        tuple(row.path for row in rows if row.staged == "u"),
        _entries(listed()),
    )


def _settings(repo: Repository) -> Iterator[tuple[str, str, str]]:
    """Yield the scope, the key and the value of settings that matter here."""
    options = ("-z", "--show-scope", "--get-regexp", _SETTINGS)
    found = iter(as_text(run(repo, "config", *options, quiet=True)).split("\0")[:-1])
    for scope in found:
        key, _, value = next(found).partition("\n")
        yield scope, key, value


def _filter(key: str) -> str:
    """Return the name of the filter that a setting is of."""
    return key.removeprefix("filter.").rpartition(".")[0] if key.startswith("filter.") else ""


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    for line in lines:
        parts = line.split(" ", _BEFORE_PATH[line[0]])
        if line[0] == "?":
            yield Row(parts[1], "?", "?")
        elif line[0] == "u":
            yield Row(parts[-1], "u", "u")
        else:
            yield Row(parts[-1], parts[1][0], parts[1][1], parts[5])


def _entries(output: bytes) -> dict[str, Entry]:
    found = {}
    for row in fields(output):
        about, _, path = row.partition("\t")
        mode, identity, _ = about.split(" ")
        found[path] = Entry(mode, identity)
    return found


def filters_of(repo: Repository, paths: Iterable[str]) -> dict[str, str]:
    """Return the filters that attributes name for files, by path from the top level."""
    lines = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
    if not lines:
        return {}
    found = as_text(run(repo, "check-attr", "-z", "--stdin", "filter", input=lines)).split("\0")
    named = zip(found[::3], found[2::3], strict=False)
    return {path: name for path, name in named if name not in {"unspecified", "unset", "set"}}

"""The repository of a folder, what it tracks, and its commits by name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection
from pathlib import Path

import msgspec

from vaultsync.core.errors import GitError
from vaultsync.infra.git.process import (
    EMPTY,
    FAULT,
    GitMissingError,
    Repository,
    as_text,
    begin,
    fields,
    run,
)

_GITHEAD = re.compile("GITHEAD_([0-9a-f]{40,64})")


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
    except GitMissingError:
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
    return Repository(root, prefix, algorithm, index, shallow == "true", git_dir=git_dir)


def is_bare(folder: str) -> bool:
    """Whether a folder is in a repository without a work tree, as those on servers are."""
    try:
        return _line(Repository(folder, ""), "rev-parse", "--is-bare-repository") == "true"
    except GitError as error:
        # Git is run so that it refuses those in which a stranger's settings would count.
        return "safe.bareRepository" in str(error)


def git_folder(repo: Repository) -> str:
    """Return where git keeps what it knows of a work tree, such as its index."""
    return repo.git_dir or _line(repo, "rev-parse", "--absolute-git-dir") or ""


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
        if FAULT.search(str(error)) or (place / ".git/HEAD").is_file():
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

"""Which files a tree, the index or the work tree has, and which git ignores."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from vaultsync.core.errors import GitError
from vaultsync.infra.git.process import Repository, as_text, fields, run
from vaultsync.infra.git.raw_diff import BLOBS, INDEX, PLAIN, Entry, changes, inside, nothing

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROW = re.compile("([0-9]+) [a-z]+ ([0-9a-f]+)\t([^\0]*)\0")


def tree(repo: Repository, rev: str, folder: str | None = None) -> dict[str, Entry]:
    """Return the files of the vault at a revision; submodules are left out.

    `folder` is that of the vault at the time, "" or "vault/", None for the one that it has.
    """
    prefix = repo.prefix if folder is None else folder
    options = ("--literal-pathspecs", "ls-tree", "-r", "-z", "--end-of-options")
    raw = run(repo, *options, rev, *filter(None, [prefix]))
    rows = _ROW.findall(as_text(raw))
    return {path[len(prefix) :]: Entry(mode, name) for mode, name, path in rows if mode in BLOBS}


def staged(repo: Repository) -> dict[str, Entry]:
    """Return the files of the vault as they would be committed; submodules are left out.

    So are files that `git add --intent-to-add` only announced: a diff from nothing alone tells
    them from empty ones. Raises `GitError` while a merge conflict is in the index.
    """
    raw = run(repo, *INDEX, *PLAIN, "--end-of-options", nothing(repo), "--")
    found = {}
    for (_, mode, _, identity, status), name, _ in changes(raw):
        path = inside(repo, name)
        if path is not None and status == "U":
            raise GitError(f"{path}: has a merge conflict: settle it, `git add` it and run again")
        if path is not None and mode in BLOBS:
            found[path] = Entry(mode, identity)
    return found


def tracked(folder: str) -> frozenset[str] | None:
    """Return the files below a folder that git tracks, relative to it, and submodules by name.

    None outside a repository, without git, and where git refuses the repository.
    """
    try:
        return frozenset(fields(run(Repository(folder, ""), "ls-files", "-z")))
    except GitError:
        return None


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
    return {name.removeprefix(start) for name in fields(answer)}


def _beyond(top: Path, folder: str, known: dict[str, bool]) -> bool:
    """Say whether a folder lies in another repository or behind a symbolic link.

    Git knows nothing of what is there, and stops when asked.
    """
    if folder not in known:
        place = top / folder
        elsewhere = place.is_symlink() or (place / ".git").exists()
        known[folder] = elsewhere or _beyond(top, folder.rpartition("/")[0], known)
    return known[folder]

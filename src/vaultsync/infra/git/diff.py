"""What differs between a commit and another one, the index or the work tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vaultsync.core.errors import GitError
from vaultsync.infra.git.process import Repository, as_text, fields, run
from vaultsync.infra.git.raw_diff import (
    ALIKE,
    BLOBS,
    INDEX,
    PLAIN,
    SYMLINK,
    Entry,
    changes,
    inside,
    nothing,
)
from vaultsync.infra.git.repository import head

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LOG = ("log", "--first-parent", "--encoding=UTF-8")


def changed(repo: Repository, base: str | None, *, index: bool) -> dict[str, Entry | None]:
    """Return the files that differ from a commit, each with what it is there (None: nothing).

    `base` None is the empty tree. What differs from it is the index or else the work tree, where
    files that git does not track count too, but not those that it ignores. A change of mode alone
    is none; both names of a renamed file are among the files. Nothing is written, not the index.
    """
    command = INDEX if index else ("diff-index", "--ignore-submodules")
    ends = ("--end-of-options", base or nothing(repo), "--")
    raw = run(repo, *command, "--no-renames", *PLAIN, *ends)
    rows = [(facts, name) for facts, name, _ in changes(raw)]
    same = {name for facts, name in rows if facts[4] == "M" and facts[2] == facts[3]}
    if not index:
        same |= _unchanged(repo, {name: facts[2] for facts, name in rows if _may_be_same(facts)})
    found: dict[str, Entry | None] = {}
    for (before, _, old, _, _), name in rows:
        path = inside(repo, name)
        if path is not None and name not in same:
            found[path] = Entry(before, old) if before in BLOBS else None
    return found if index else {**dict.fromkeys(_untracked(repo)), **found}


def _may_be_same(facts: list[str]) -> bool:
    """Whether all that is known is that a file was written anew."""
    return facts[4] == "M" and SYMLINK not in facts[:2] and not facts[3].strip("0")


def _unchanged(repo: Repository, ids: Mapping[str, str]) -> set[str]:
    """Return the files, by their names from the top level, that still have the contents of ids."""
    names = [name for name in ids if "\n" not in name]
    lines = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    found = as_text(run(repo, "hash-object", "--stdin-paths", input=lines)).split() if names else []
    return {name for name, identity in zip(names, found, strict=True) if identity == ids[name]}


def _untracked(repo: Repository) -> list[str]:
    asked = ("ls-files", "-z", "--others", "--exclude-standard", "--full-name", "--", ":/")
    names = (inside(repo, name) for name in fields(run(repo, *asked)))
    return [name for name in names if name is not None]


def renames(
    repo: Repository, base: str, target: str | None, *, former: str | None = None
) -> dict[str, str]:
    """Return the renames git sees from a revision to another, old path to new.

    `target` None is the index. `former` is the vault's folder at the base, None for the same. Only
    renames within the vault count, of files at least half of which stayed; git misses many a
    rename of a very short note.
    """
    command, ends = (INDEX, [base]) if target is None else (("diff-tree", "-r"), [base, target])
    raw = run(repo, *command, *ALIKE, "--diff-filter=R", *PLAIN, "--end-of-options", *ends, "--")
    found = {}
    for _, before, after in changes(raw):
        old, new = inside(repo, before, former), inside(repo, after)
        if old is not None and new is not None:
            found[old] = new
    return found


def versions(repo: Repository, paths: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Return the versions of files in the first-parent commits up to HEAD, the newest first.

    Each is the day of its commit (author date, YYYY-MM-DD) and a blob id. A file is followed
    through the renames that git sees, back to where it was added.
    """
    found: dict[str, list[tuple[str, str]]] = {path: [] for path in paths}
    names = {path: path for path in found}
    # No pathspec: git would not see renames from elsewhere.
    options = (*LOG, *PLAIN, "--root", "-m", *ALIKE, "--format=%aI")
    day = ""
    for facts, before, after in changes(_history(repo, *options)):
        if not facts:
            day = before[:10]
            continue
        name = inside(repo, after)
        path = names.pop(name, None) if name is not None else None
        if path is None or facts[1] not in BLOBS:
            continue
        found[path].append((day, facts[3]))
        old = inside(repo, before)
        if facts[4] != "A" and old is not None:
            names[old] = path
    return found


def _history(repo: Repository, *options: str) -> bytes:
    """Return a log up to HEAD, which is empty before the first commit."""
    try:
        return run(repo, *options, "HEAD", "--")
    except GitError:
        if head(repo) is None:
            return b""
        raise


def utc(date: str) -> str:
    """Return an ISO date with its offset in digits: newer versions of git write UTC as "Z"."""
    return date.replace("Z", "+00:00")

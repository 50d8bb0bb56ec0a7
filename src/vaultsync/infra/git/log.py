"""The history of a repository as git tells it: one `git log` for all commits, read as a stream."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import msgspec

from vaultsync.changelog.history import Revision, Touch
from vaultsync.infra import git
from vaultsync.infra.git import Repository

# Rows of other files tell nothing but whether the vault's own folder moved.
_MARKS = re.compile(r"(?:\A|/)(?:vaultsync\.toml|\.obsidian/[^/]+)\Z")
_NOTE = re.compile(r"\.md\Z", re.IGNORECASE)
_FILES = ("100644", "100755")
_TRAILERS = "%(trailers:key=Changelog,unfold,separator=%x1d)"
# `-l0`: without a limit, since above one git no longer finds who moved. `-O/dev/null` overrides
# an order file that may be missing. No pathspec: git is slower with one, and blind to renames
# across its border.
_LOG = (
    *("log", "--first-parent", "-m", "--root", "--raw", "-z", "--no-abbrev", "-M50%", "-l0"),
    *("-O/dev/null", "--no-rename-empty", "--no-color", "--no-ext-diff", "--no-notes"),
    *("--encoding=UTF-8", f"--format=%x1e%H%x1f%P%x1f%aN%x1f%aI%x1f%cI%x1f{_TRAILERS}"),
)
_TRAILER = re.compile(r"Changelog:\s*", re.IGNORECASE)


class _Row(msgspec.Struct, frozen=True, gc=False):
    """One file that a commit changed: its paths from the top level, its ids; None for no note."""

    before: str
    after: str
    old: str | None
    new: str | None
    renamed: bool


def revisions(repo: Repository, tip: str = "HEAD", base: str | None = None) -> Iterator[Revision]:
    """Yield the first-parent commits from a tip back to the root, the newest first.

    `base` and what it builds on are left out. A merge is what it changed from its first parent.
    Paths are relative to the vault, wherever its folder was at that time.
    """
    prefix = repo.prefix
    span = tip if base is None else f"{base}..{tip}"
    # Before the first commit there is nothing to tell.
    if tip == "HEAD" and git.head(repo) is None:
        return
    with closing(git.stream(repo, *_LOG, "--end-of-options", span, "--")) as fields:
        for commit, rows in _commits(fields):
            former = _former(repo, commit.id, prefix, rows)
            touches = _touches(rows, former, prefix)
            yield msgspec.structs.replace(commit, touches=touches, folder=prefix)
            prefix = former


def _commits(fields: Iterator[str]) -> Iterator[tuple[Revision, list[_Row]]]:
    """Yield the commits of a log with their rows, which are told apart by order alone."""
    found: tuple[Revision, list[_Row]] | None = None
    for field in fields:
        if field.startswith("\x1e"):
            if found:
                yield found
            found = _heading(field), []
        elif found and (row := _row(field.lstrip("\n"), fields)):
            found[1].append(row)
    if found:
        yield found


def _heading(field: str) -> Revision:
    commit, parents, author, written, made, said = field[1:].split("\x1f", 5)
    trailers = (_TRAILER.sub("", text, count=1) for text in said.rstrip("\n").split("\x1d") if text)
    dates = git.utc(written), git.utc(made)
    return Revision(commit, tuple(parents.split()), author, *dates, tuple(trailers), ())


def _row(facts: str, fields: Iterator[str]) -> _Row | None:
    """Read a row; None for what is no note, or where only its mode changed."""
    old_mode, new_mode, old, new, status = facts[1:].split(" ")
    before = next(fields)
    after = next(fields) if status[0] == "R" else before
    if not (_NOTE.search(after) or _NOTE.search(before) or _MARKS.search(after)):
        return None
    was, now = (old if old_mode in _FILES else None), (new if new_mode in _FILES else None)
    if was == now and before == after:
        return None
    return _Row(before, after, was, now, status[0] == "R")


def _touches(rows: list[_Row], former: str, prefix: str) -> tuple[Touch, ...]:
    found = []
    for row in rows:
        before = _inside(row.before, former) if row.old else None
        after = _inside(row.after, prefix) if row.new else None
        if before is not None or after is not None:
            touch = Touch(before, after, row.old if before else None, row.new if after else None)
            # Where the vault moved, most of its notes stayed what and where they are in it.
            if before != after or touch.old != touch.new:
                found.append(touch)
    return tuple(found)


def _inside(name: str, prefix: str) -> str | None:
    inside = name.startswith(prefix) and _NOTE.search(name)
    return name[len(prefix) :] if inside else None


def _former(repo: Repository, commit: str, prefix: str, rows: list[_Row]) -> str:
    """Return the vault's folder before a commit.

    The vault itself moved where its `vaultsync.toml` or `.obsidian` did, or where more notes came
    from the same places in another folder than there were.
    """
    origins = Counter[str]()
    marked = set()
    for row in rows:
        origin = _origin(row, prefix)
        if origin is not None and origin != prefix:
            origins[origin] += 1
            marked |= {origin} if _MARKS.search(row.after) else set()
    if not origins:
        return prefix
    origin, count = origins.most_common(1)[0]
    if origin in marked:
        return origin
    # A folder of the vault whose notes move up is still the same vault.
    if origin.startswith(prefix):
        return prefix
    before = (f"{prefix}{path}" for path in git.tree(repo, f"{commit}^", prefix))
    there = [name for name in before if _NOTE.search(name) and not name.startswith(origin)]
    return origin if count > len(there) else prefix


def _origin(row: _Row, prefix: str) -> str | None:
    """Return the folder from which a file of the vault came to the same place in it."""
    inner = row.after[len(prefix) :]
    arrived = row.renamed and row.after.startswith(prefix)
    same = arrived and f"/{row.before}".endswith(f"/{inner}")
    return row.before[: len(row.before) - len(inner)] if same else None

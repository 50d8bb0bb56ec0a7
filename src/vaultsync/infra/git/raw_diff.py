"""The rows of git's raw diffs, from which all lists of files are read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from vaultsync.infra.git.process import Repository, fields

if TYPE_CHECKING:
    from collections.abc import Iterator

# The empty order file overrides `diff.orderFile`: git stops where that one is missing.
PLAIN = ("--raw", "-z", "--no-abbrev", "-O/dev/null")
INDEX = ("diff-index", "--cached", "--ita-invisible-in-index")
SYMLINK = "120000"
BLOBS = ("100644", "100755", SYMLINK)
ALIKE = ("-M50%", "-l0", "--no-rename-empty")


class Entry(msgspec.Struct, frozen=True):
    """A file in a tree or in the index: `mode` is 100644, 100755 or 120000 (symbolic link)."""

    mode: str
    id: str


def changes(raw: bytes) -> Iterator[tuple[list[str], str, str]]:
    """Yield raw diff rows as facts, path and second path (that of a rename, else the same).

    The heading of a commit comes without facts, as a path. Rows are told apart by order alone,
    since a path may hold any character; git puts a line break before a commit's first row.
    """
    rest = iter(fields(raw))
    for field in rest:
        row = field.removeprefix("\n")
        if not row.startswith(":"):
            yield [], row, row
            continue
        facts = row[1:].split(" ")
        path = next(rest)
        yield facts, path, next(rest) if facts[4][0] in "RC" else path


def inside(repo: Repository, name: str, prefix: str | None = None) -> str | None:
    """Return a path from the top level as seen from the vault, or from a folder it had before.

    None where it lies outside.
    """
    prefix = repo.prefix if prefix is None else prefix
    return name[len(prefix) :] if name.startswith(prefix) else None


def nothing(repo: Repository) -> str:
    """Return the id of the empty tree."""
    return hashlib.new(repo.hash, b"tree 0\0", usedforsecurity=False).hexdigest()

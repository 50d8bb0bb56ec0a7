"""Git read in bulk by subprocess: one process for each question, and never a change.

Paths that come in or go out are relative to the vault, with `/`; bytes that are not UTF-8 are
kept as surrogates. Object ids are opaque: 40 hexadecimal digits, or 64 in a SHA-256 repository.
What git refuses is a `GitError`.
"""

from vaultsync.infra.git.diff import changed, renames, utc, versions
from vaultsync.infra.git.files import ignored, staged, tracked, tree
from vaultsync.infra.git.objects import Texts, blobs, contents
from vaultsync.infra.git.process import Repository, run, stream
from vaultsync.infra.git.raw_diff import SYMLINK, Entry
from vaultsync.infra.git.repository import commit_named, head, merged, open_repository, resolve

__all__ = [
    "SYMLINK",
    "Entry",
    "Repository",
    "Texts",
    "blobs",
    "changed",
    "commit_named",
    "contents",
    "head",
    "ignored",
    "merged",
    "open_repository",
    "renames",
    "resolve",
    "run",
    "staged",
    "stream",
    "tracked",
    "tree",
    "utc",
    "versions",
]

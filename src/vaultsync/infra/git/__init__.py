"""Git by subprocess: one process for each request, and none of them changes anything.

Only what is in `write` does, through GitPython. Paths that come in or go out are relative to the
vault, with `/`; bytes that are not UTF-8 become surrogates. Object ids are opaque: 40
hexadecimal digits, or 64 in a SHA-256 repository. Where git fails it is a `GitError`.
Neither the user's settings nor the environment of a hook change what git returns, and git runs
no command that settings name: a vault may be a stranger's.

Its names are those that most callers need: a process, the repository of a folder, blobs.
"""

from __future__ import annotations

from vaultsync.infra.git.blobs import BlobReader, missing, read_blobs, stream_blobs
from vaultsync.infra.git.process import (
    Repository,
    as_text,
    begin,
    end,
    fields,
    run,
    stream,
)
from vaultsync.infra.git.repository import (
    commit_named,
    git_folder,
    head,
    is_ancestor,
    is_bare,
    merged,
    merging,
    open_repository,
    resolve,
    tracking,
    without_filters,
)

__all__ = [
    "BlobReader",
    "Repository",
    "as_text",
    "begin",
    "commit_named",
    "end",
    "fields",
    "git_folder",
    "head",
    "is_ancestor",
    "is_bare",
    "merged",
    "merging",
    "missing",
    "open_repository",
    "read_blobs",
    "resolve",
    "run",
    "stream",
    "stream_blobs",
    "tracking",
    "without_filters",
]

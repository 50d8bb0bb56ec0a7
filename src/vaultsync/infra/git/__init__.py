"""Git by subprocess: one process for each request, and none of them changes anything.

Only `make_repository` does, through GitPython. Paths that come in or go out are relative to the
vault, with `/`; bytes that are not UTF-8 become surrogates. Object ids are opaque: 40
hexadecimal digits, or 64 in a SHA-256 repository. Where git fails it is a `GitError`.
"""

from vaultsync.infra.git.files import (
    RAW,
    RENAMES,
    SYMLINK,
    Entry,
    RawChange,
    changed,
    ignored,
    inside,
    parse_raw_change,
    read_files,
    renames,
    staged,
    tracked,
    tree,
)
from vaultsync.infra.git.repository import (
    BlobReader,
    Repository,
    commit_named,
    head,
    make_repository,
    merged,
    open_repository,
    read_blobs,
    resolve,
    run,
    stream,
    stream_blobs,
)

__all__ = [
    "RAW",
    "RENAMES",
    "SYMLINK",
    "BlobReader",
    "Entry",
    "RawChange",
    "Repository",
    "changed",
    "commit_named",
    "head",
    "ignored",
    "inside",
    "make_repository",
    "merged",
    "open_repository",
    "parse_raw_change",
    "read_blobs",
    "read_files",
    "renames",
    "resolve",
    "run",
    "staged",
    "stream",
    "stream_blobs",
    "tracked",
    "tree",
]

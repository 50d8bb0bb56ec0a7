"""Git by subprocess: one process for each request, and none of them changes anything.

Only what is in `write` does, through GitPython. Paths that come in or go out are relative to the
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
    merged,
    merging,
    open_repository,
    read_blobs,
    resolve,
    run,
    stream,
    stream_blobs,
)
from vaultsync.infra.git.write import (
    add_blobs,
    copied_index,
    git_path,
    make_repository,
    stage,
)

__all__ = [
    "RAW",
    "RENAMES",
    "SYMLINK",
    "BlobReader",
    "Entry",
    "RawChange",
    "Repository",
    "add_blobs",
    "changed",
    "commit_named",
    "copied_index",
    "git_path",
    "head",
    "ignored",
    "inside",
    "make_repository",
    "merged",
    "merging",
    "open_repository",
    "parse_raw_change",
    "read_blobs",
    "read_files",
    "renames",
    "resolve",
    "run",
    "stage",
    "staged",
    "stream",
    "stream_blobs",
    "tracked",
    "tree",
]

"""Files as git writes them to disk: with the line ends, the encoding and the filter set for them.

Of filters only those run that the user has set.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from vaultsync.infra.git import Repository, as_text, read_blobs, run
from vaultsync.infra.git.files import Entry
from vaultsync.infra.git.state import in_force
from vaultsync.infra.git.write import change, put

_ATTRIBUTES = ("filter", "eol", "working-tree-encoding", "ident")
_NONE = {"unspecified", "unset", "lf"}


def as_on_disk(repo: Repository, entries: Mapping[str, Entry]) -> dict[str, bytes]:
    """Return what files hold on disk, by paths from the top level; of links where they lead to."""
    blobs = read_blobs(repo, (entry.id for entry in entries.values()))
    found = {path: blobs[entry.id] for path, entry in entries.items()}
    known = in_force(repo)
    if os.name == "nt" or known.is_set("core.autocrlf") or known.values.get("core.eol") == "crlf":
        wanted = set(entries)
    else:
        wanted = _with_attributes(repo, entries)
    files = {path: entries[path] for path in wanted if entries[path].is_regular}
    return found | (_converted(known.repo, files) if files else {})


def _with_attributes(repo: Repository, paths: Mapping[str, Entry]) -> set[str]:
    """Return the files for which `.gitattributes` chooses how they are on disk."""
    lines = "".join(f"{path}\0" for path in paths).encode("utf-8", "surrogateescape")
    answer = run(repo, "check-attr", "-z", "--stdin", *_ATTRIBUTES, input=lines) if paths else b""
    fields = as_text(answer).split("\0")
    rows = zip(fields[::3], fields[2::3], strict=False)
    return {path for path, value in rows if value not in _NONE}


def _converted(repo: Repository, entries: Mapping[str, Entry]) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix="vaultsync-") as folder:
        scratch = msgspec.structs.replace(repo, index=f"{folder}/index")
        put(scratch, entries)
        change(scratch, "checkout-index", "--all", f"--prefix={folder}/files/")
        return {path: Path(folder, "files", path).read_bytes() for path in entries}

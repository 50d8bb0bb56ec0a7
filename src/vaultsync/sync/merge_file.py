"""Merge three versions of a file by its kind; what cannot be merged is kept as a second file."""

from __future__ import annotations

import msgspec

from vaultsync.core.config import Config
from vaultsync.markdown import kind_of
from vaultsync.sync.merge_json import merge_json
from vaultsync.sync.merge_note import Merged, merge_note
from vaultsync.sync.merge_text import merge_lines
from vaultsync.sync.three_way import Versions, merged_keys, taken, versions

LOCKS = ("changelog.lock", "sources.lock")


class MergedFile(msgspec.Struct, frozen=True):
    """What a file becomes, and how many conflicts are in it.

    `ours` is our version where it is not in `data` and has to be kept beside it. `remarks` name
    values of ours that are neither.
    """

    data: bytes
    conflicts: int = 0
    ours: bytes | None = None
    remarks: tuple[str, ...] = ()


def merge_file(path: str, contents: Versions[bytes], config: Config) -> MergedFile:
    """Return three versions of a file of a vault as one; of the base b"" where there was none."""
    same = taken(contents)
    if same is not None:
        return MergedFile(same)
    _, ours, theirs = contents
    try:
        texts = versions(one.decode() for one in contents)
    except UnicodeDecodeError:
        return MergedFile(theirs, ours=ours)
    remarks = list[str]()
    merged = _merged(path, texts, config, remarks)
    if merged is None:
        return MergedFile(theirs, ours=ours)
    return MergedFile(merged.text.encode(), merged.conflicts, remarks=tuple(remarks))


def _merged(path: str, texts: Versions[str], config: Config, remarks: list[str]) -> Merged | None:
    if kind_of(path) == "note":
        return merge_note(path, texts, config)
    if path.endswith((".canvas", ".json")):
        # Obsidian reads its settings from one place: a second file would not be found.
        text = merge_json(texts, remarks if "/.obsidian/" in f"/{path}" else None)
    elif path.rpartition("/")[2] in LOCKS:
        text = _united(texts)
    else:
        text = None if "\0" in "".join(texts) else merge_lines(texts)
    return None if text is None else Merged(text, 0)


def _united(texts: Versions[str]) -> str:
    """Return the lines of both sides, without what either removed; two for one note stay two.

    What reads a lock joins them.
    """
    base, *sides = (dict.fromkeys(text.splitlines(keepends=True)) for text in texts)
    removed = {line for line in base if not all(line in side for side in sides)}
    return "".join(line for line in merged_keys(base, *sides) if line not in removed)

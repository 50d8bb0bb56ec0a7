"""Bring the work tree from one commit to another, file by file, and keep what changed meanwhile.

A file that is no longer what the first commit has is merged, not replaced. The branch moves when
the files are written, and the index, which is locked all the time, after it: a run that is killed
leaves nothing that looks like a change by the user, and the next one completes it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from vaultsync.core.errors import GitError, VaultError
from vaultsync.core.model import content_id
from vaultsync.core.output import changed_output
from vaultsync.infra import worktree
from vaultsync.infra.git import Repository, head, read_blobs, write
from vaultsync.infra.git.files import SYMLINK, Entry, empty_tree, raw_diff

Data = bytes | None
# What merges three versions of a file, by its path: base, ours, theirs.
MergeFile = Callable[[str, tuple[Data, Data, Data]], Data]
Pair = tuple[Entry | None, Entry | None]
_JOURNAL, _INCOMING = "vaultsync/moving.json", "vaultsync/incoming.json"
# How often a file may change under our hands.
_TRIES = 5


class Move(msgspec.Struct, frozen=True):
    """A step of the branch from one commit to another; files follow where it checks out."""

    step: str
    old: str | None
    new: str
    checks_out: bool = False


class Incoming(msgspec.Struct, frozen=True):
    """What a check-out found at a path and what it wrote there, as blob ids."""

    before: str | None
    after: str | None


class InTheWayError(VaultError):
    """A file that comes in has the name of one that git does not track."""


def advance(repo: Repository, move: Move, stamp: str, merge: MergeFile | None = None) -> bool:
    """Move the branch, the index, and with `merge` the files; whether the branch was still there.

    Raises `InTheWayError` before anything is changed.
    """
    pairs = differing(repo, move.old, move.new)
    if merge:
        _refuse_others(repo, pairs)
    _remember(repo, _JOURNAL, move)
    with suppress(_LateError), write.locked_index(repo) as copy:
        # Git refuses paths here that lead into its own folder.
        write.put(copy, {path: after for path, (_, after) in pairs.items()})
        if merge:
            _write_files(repo, pairs, merge)
        if not write.move_head(repo, move.step, move.old, move.new, stamp):
            raise _LateError
    is_done = head(repo) == move.new
    write.git_path(repo, _JOURNAL).unlink(missing_ok=True)
    return is_done


class _LateError(GitError):
    """The branch moved meanwhile; the index stays as it is."""


def complete(repo: Repository, stamp: str, merge: MergeFile) -> str | None:
    """Complete the move that a killed run left, and return its step."""
    place = write.git_path(repo, _JOURNAL)
    data = worktree.read_optional(str(place))
    if data is None:
        return None
    with suppress(msgspec.DecodeError):
        move, now = msgspec.json.decode(data, type=Move), head(repo)
        if now == move.new:
            pairs = differing(repo, move.old, move.new)
            with write.locked_index(repo) as copy:
                write.put(copy, {path: after for path, (_, after) in pairs.items()})
        elif now == move.old and move.checks_out:
            advance(repo, move, stamp, merge)
        place.unlink(missing_ok=True)
        return move.step
    place.unlink()
    return None


def differing(repo: Repository, old: str | None, new: str) -> dict[str, Pair]:
    """Return the files that differ between two commits, by path from the top level."""
    rows = raw_diff(repo, ("diff-tree", "-r", "--no-renames"), old or empty_tree(repo), new)
    return {row.after: (_entry(row.old), _entry(row.new)) for row in rows}


def incoming(repo: Repository) -> dict[str, Incoming]:
    """Return what the last check-out of each file found and wrote, by path from the top level."""
    data = worktree.read_optional(str(write.git_path(repo, _INCOMING))) or b"{}"
    with suppress(msgspec.DecodeError):
        return msgspec.json.decode(data, type=dict[str, Incoming])
    return {}


def _entry(entry: Entry) -> Entry | None:
    return entry if entry.id.strip("0") else None


def _remember(repo: Repository, name: str, value: object) -> None:
    place = write.git_path(repo, name)
    place.parent.mkdir(parents=True, exist_ok=True)
    data = msgspec.json.encode(value)
    output = changed_output(place.name, worktree.read_optional(str(place)), data)
    worktree.write(str(place.parent), [output] if output else [])


def _refuse_others(repo: Repository, pairs: Mapping[str, Pair]) -> None:
    """Raise `InTheWayError` where a file comes in under the name of one that is not tracked."""
    new = {path: after for path, (before, after) in pairs.items() if after and not before}
    found = [path for path, after in new.items() if _is_other(repo, path, after)]
    if found:
        raise InTheWayError(
            *(
                f"{path}: such a file comes in, and there is another one here that git does not "
                "track: rename or move it, then run again"
                for path in found
            )
        )


def _is_other(repo: Repository, path: str, entry: Entry) -> bool:
    """Whether there is something else at the path, or a file where it needs a folder."""
    place = Path(repo.root, path)
    if os.path.lexists(place):
        data = _on_disk(repo, path)
        return data is None or content_id(data, repo.hash) != entry.id
    above = next(one for one in place.parents if os.path.lexists(one))
    return not above.is_dir() or above.is_symlink()


def _on_disk(repo: Repository, path: str) -> Data:
    """Return what is at a path: of a symbolic link where it leads to, None for a folder."""
    place = Path(repo.root, path)
    if place.is_symlink():
        return os.fsencode(place.readlink())
    return None if place.is_dir() else worktree.read_optional(str(place))


def _write_files(repo: Repository, pairs: Mapping[str, Pair], merge: MergeFile) -> None:
    """Write what differs; what changed while that was done is merged again."""
    files = {path: pair for path, pair in pairs.items() if all(_is_file(one) for one in pair)}
    blobs = read_blobs(repo, (one.id for pair in files.values() for one in pair if one))
    for tries in range(_TRIES):
        try:
            found = {path: _on_disk(repo, path) for path in files}
            wanted = {
                path: _wanted(path, found[path], *_contents(pair, blobs), merge)
                for path, pair in files.items()
            }
            _note_incoming(repo, found, wanted)
            _put_on_disk(repo, found, wanted, files)
        except VaultError:
            if tries == _TRIES - 1:
                raise
        else:
            return


def _is_file(entry: Entry | None) -> bool:
    return entry is None or entry.is_blob


def _contents(pair: Pair, blobs: Mapping[str, bytes]) -> tuple[Data, Data]:
    before, after = (one and blobs[one.id] for one in pair)
    return before, after


def _wanted(path: str, disk: Data, before: Data, after: Data, merge: MergeFile) -> Data:
    """Return what a file becomes; where it changed after it was saved, both changes are in it."""
    if disk in (before, after, None):
        return after
    return disk if after is None else merge(path, (before, disk, after))


def _note_incoming(repo: Repository, found: Mapping[str, Data], wanted: Mapping[str, Data]) -> None:
    """Note what is about to be written where; an editor may hold the text that was there before."""
    changed = [path for path, data in wanted.items() if data != found[path]]
    data = [one for path in changed for one in (found[path], wanted[path]) if one is not None]
    ids = dict(zip(data, write.add_blobs(repo, data) if data else (), strict=True))
    known = dict[Data, str | None](ids) | {None: None}
    new = {path: Incoming(known[found[path]], known[wanted[path]]) for path in changed}
    _remember(repo, _INCOMING, {**incoming(repo), **new})


def _put_on_disk(
    repo: Repository,
    found: Mapping[str, Data],
    wanted: Mapping[str, Data],
    files: Mapping[str, Pair],
) -> None:
    links = {path for path, pair in files.items() if SYMLINK in {one.mode for one in pair if one}}
    outputs = [changed_output(path, found[path], wanted[path]) for path in files.keys() - links]
    worktree.write(repo.root, [one for one in outputs if one])
    for path, (_, after) in files.items():
        place = Path(repo.root, path)
        if path in links:
            _put_link(place, found[path], wanted[path], after)
        elif after and place.is_file() and not place.is_symlink():
            _set_executable(place, is_executable=after.mode == "100755")
    _remove_empty_folders(repo, (path for path in files if wanted[path] is None))


def _put_link(place: Path, found: Data, wanted: Data, after: Entry | None) -> None:
    """Put a symbolic link, or a file where one was, in its place, if that is still what it was."""
    if found == wanted or (found is not None and not place.is_symlink()):
        return
    with worktree.as_vault_error(str(place), "it was not replaced"):
        temporary = place.with_name(f".vaultsync-{os.getpid()}-{os.urandom(8).hex()}.tmp")
        place.parent.mkdir(parents=True, exist_ok=True)
        if wanted is None:
            place.unlink()
            return
        if after and after.mode == SYMLINK:
            temporary.symlink_to(os.fsdecode(wanted))
        else:
            temporary.write_bytes(wanted)
        temporary.replace(place)


def _set_executable(place: Path, *, is_executable: bool) -> None:
    mode = place.stat().st_mode
    if bool(mode & 0o100) != is_executable:
        place.chmod(mode | 0o111 if is_executable else mode & ~0o111)


def _remove_empty_folders(repo: Repository, paths: Iterable[str]) -> None:
    for path in paths:
        with suppress(OSError):
            for folder in Path(path).parents[:-1]:
                Path(repo.root, folder).rmdir()

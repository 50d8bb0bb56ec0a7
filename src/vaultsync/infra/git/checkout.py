"""Bring the work tree from one commit to another, file by file, and keep what changed meanwhile.

A file that is no longer what the first commit has is merged, not replaced. The branch moves when
the files are written, and the index, which is locked all the time, after it: a run that is killed
leaves nothing that looks like a change by the user, and the next one completes it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from vaultsync.core.errors import VaultError
from vaultsync.core.model import content_id
from vaultsync.core.output import changed_output
from vaultsync.infra import git, worktree
from vaultsync.infra.git import Repository, branch, write
from vaultsync.infra.git.converted import as_on_disk
from vaultsync.infra.git.files import SYMLINK, Entry, empty_tree, raw_diff, whole_tree

Data = bytes | None
# What merges three versions of a file, by its path: base, ours, theirs. It returns the files that
# come of it, also a second one where ours cannot be merged. Of one that is deleted it may stay.
MergeFile = Callable[[str, tuple[Data, Data, Data]], Mapping[str, Data]]
Pair = tuple[Entry | None, Entry | None]
_JOURNAL, _INCOMING = "vaultsync/moving.json", "vaultsync/incoming.json"
# How often a file may change under our hands.
_TRIES = 5
# So many texts that an editor may still hold are known of a file.
_MOST_EARLIER = 8


class Move(msgspec.Struct, frozen=True):
    """A step of the branch from one commit to another, with the name of its backup.

    Where it checks out, the files follow. Else only those do that were `read` as other blobs (None:
    no file) than the new commit has.
    """

    name: str
    old: str | None
    new: str
    checks_out: bool = False
    read: Mapping[str, str | None] = {}


class Incoming(msgspec.Struct, frozen=True):
    """What a check-out found at a path and what it wrote there, as blob ids.

    `earlier` is what former ones found since the file was last changed here, the newest first.
    """

    before: str | None
    after: str | None
    earlier: tuple[str, ...] = ()

    @property
    def held(self) -> list[str]:
        """The texts that an editor may hold, as blob ids."""
        return [one for one in (self.before, *self.earlier) if one]

    def following(self, known: Incoming | None) -> Incoming:
        """Return this one with what an editor may hold from before another that came first."""
        if known and known.before == self.before:
            # A run was killed, or tries again, that noted the other one and did not write it.
            return msgspec.structs.replace(self, earlier=known.earlier)
        if known is None or known.after != self.before:
            return self
        return msgspec.structs.replace(self, earlier=tuple(known.held[:_MOST_EARLIER]))


class InTheWayError(VaultError):
    """A file that comes in has the name of one that git does not track."""


def advance(repo: Repository, move: Move, merge: MergeFile, written: Collection[str] = ()) -> bool:
    """Move the files, the branch and the index; False where the branch was moved meanwhile.

    A killed run may have `written` files that are not tracked yet. Raises `InTheWayError` for other
    ones before anything is changed.
    """
    pairs = differing(repo, move.old, move.new)
    if move.checks_out:
        _refuse_others(repo, pairs, written)
    _remember(repo, _JOURNAL, move)
    is_moved = False
    with suppress(_LateError), branch.locked_index(repo) as copy:
        write.put(copy, _after(pairs))
        _refuse_names(copy, pairs)
        check_out(repo, pairs if move.checks_out else _read(repo, move, pairs), merge)
        is_moved = branch.move_head(repo, move.name, move.old, move.new)
        if not is_moved:
            raise _LateError
        _forget_saved(repo, move, pairs)
    write.git_path(repo, _JOURNAL).unlink()
    return is_moved


def _forget_saved(repo: Repository, move: Move, pairs: Mapping[str, Pair]) -> None:
    """Forget what came in for files that a commit saves as they were changed here."""
    if not move.checks_out:
        after = _after(pairs)
        forget_changed(repo, {path: after[path] for path in after.keys() - move.read.keys()})


def _refuse_names(index: Repository, pairs: Mapping[str, Pair]) -> None:
    """Raise `VaultError` for a path that git keeps out of its index: it leads into `.git`."""
    listed = set(git.fields(git.run(index, "ls-files", "-z")))
    found = [path for path, (_, after) in pairs.items() if after and path not in listed]
    if found:
        raise VaultError(f"{found[0]}: git takes no file of this name: nothing was written")


class _LateError(Exception):
    """The branch was moved meanwhile: the index stays as it is."""


def is_pending(repo: Repository) -> bool:
    """Whether a run was killed while it moved something."""
    return write.git_path(repo, _JOURNAL).exists()


def complete(repo: Repository, merge: MergeFile) -> str | None:
    """Complete the move that a killed run left, and return its name."""
    place = write.git_path(repo, _JOURNAL)
    data = worktree.read_optional(str(place))
    if data is None:
        return None
    with suppress(msgspec.DecodeError):
        move = msgspec.json.decode(data, type=Move)
        # Git may have removed a commit to which nothing leads.
        if git.commit_named(repo, move.new):
            worktree.clear(repo.root, differing(repo, move.old, move.new))
            return _completed(repo, move, merge)
    place.unlink()
    return None


def _completed(repo: Repository, move: Move, merge: MergeFile) -> str | None:
    now = git.head(repo)
    if now == move.old:
        return move.name if advance(repo, move, merge, incoming(repo)) else None
    pairs = differing(repo, move.old, move.new)
    if now == move.new:
        with branch.locked_index(repo) as copy:
            write.put(copy, _after(pairs))
        _forget_saved(repo, move, pairs)
    elif move.old and move.read and git.is_ancestor(repo, move.old, now):
        # Somebody committed on top of it. Of lists and journal, the half may be on disk.
        check_out(repo, _read(repo, move, pairs), merge)
    write.git_path(repo, _JOURNAL).unlink()
    return move.name if now == move.new else None


def _read(repo: Repository, move: Move, pairs: Mapping[str, Pair]) -> dict[str, Pair]:
    others = whole_tree(repo, move.new) if move.read.keys() - pairs.keys() else {}
    new = {path: pairs[path][1] if path in pairs else others.get(path) for path in move.read}
    return {
        path: (Entry("100644", blob) if blob else None, new[path])
        for path, blob in move.read.items()
    }


def _after(pairs: Mapping[str, Pair]) -> dict[str, Entry | None]:
    return {path: after for path, (_, after) in pairs.items()}


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


def forget_incoming(repo: Repository, paths: Collection[str]) -> None:
    """Forget what came in for files that were changed here since."""
    known = incoming(repo)
    if not known.keys().isdisjoint(paths):
        _remember(repo, _INCOMING, {path: known[path] for path in known.keys() - set(paths)})


def forget_changed(repo: Repository, files: Mapping[str, Entry | None]) -> None:
    """Forget what came in for those of some files that are no longer as it was written."""
    came = incoming(repo)
    ids = {path: entry.id if entry else None for path, entry in files.items() if path in came}
    forget_incoming(repo, [path for path, now in ids.items() if came[path].after != now])


def _entry(entry: Entry) -> Entry | None:
    return entry if entry.id.strip("0") else None


def _remember(repo: Repository, name: str, value: object) -> None:
    place = write.git_path(repo, name)
    place.parent.mkdir(parents=True, exist_ok=True)
    data = msgspec.json.encode(value)
    output = changed_output(place.name, worktree.read_optional(str(place)), data)
    worktree.write(str(place.parent), [output] if output else [])


def _refuse_others(repo: Repository, pairs: Mapping[str, Pair], written: Collection[str]) -> None:
    """Raise `InTheWayError` where a file comes in under the name of one that is not tracked."""
    new = {path: after for path, (before, after) in pairs.items() if after and not before}
    # What somebody has changed since a killed run wrote it is merged.
    others = ((path, after) for path, after in new.items() if path not in written)
    found = [path for path, after in others if _is_other(repo, path, after)]
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


def check_out(repo: Repository, pairs: Mapping[str, Pair], merge: MergeFile) -> None:
    """Write the files that differ; what changed on disk is merged, also while this is done."""
    files = {path: pair for path, pair in pairs.items() if all(map(_is_file, pair))}
    old, new = (_contents(repo, files, side) for side in (0, 1))
    for tries in range(_TRIES):
        wanted = dict[str, Data]()
        found = {path: _on_disk(repo, path) for path in files}
        for path in files:
            wanted |= _wanted(path, (old.get(path), found[path], new.get(path)), merge)
        found |= {path: _on_disk(repo, path) for path in wanted.keys() - found.keys()}
        _note_incoming(repo, _ids(repo, found, files, old, 0), _ids(repo, wanted, files, new, 1))
        try:
            _put_on_disk(repo, found, wanted, files)
        except VaultError:
            if tries == _TRIES - 1:
                raise
        else:
            return


def _is_file(entry: Entry | None) -> bool:
    return entry is None or entry.is_blob


def _contents(repo: Repository, files: Mapping[str, Pair], side: int) -> dict[str, bytes]:
    entries = ((path, pair[side]) for path, pair in files.items())
    return as_on_disk(repo, {path: entry for path, entry in entries if entry})


def _wanted(path: str, versions: tuple[Data, Data, Data], merge: MergeFile) -> Mapping[str, Data]:
    """Return what a file becomes; where it changed after it was saved, both changes are in it."""
    before, disk, after = versions
    if disk in (after, None) or (disk == before and after is not None):
        return {path: after}
    return merge(path, versions)


def _note_incoming(
    repo: Repository, found: Mapping[str, str | None], wanted: Mapping[str, str | None]
) -> None:
    """Note what is about to be written where; an editor may hold the text that was there before."""
    known = incoming(repo)
    pairs = {path: Incoming(found[path], wanted[path]) for path in wanted}
    new = {path: one for path, one in pairs.items() if one.before != one.after}
    chained = {path: one.following(known.get(path)) for path, one in new.items()}
    _remember(repo, _INCOMING, {**known, **chained})


def _ids(
    repo: Repository,
    contents: Mapping[str, Data],
    files: Mapping[str, Pair],
    known: Mapping[str, bytes],
    side: int,
) -> dict[str, str | None]:
    """Return the blob ids of contents: those of a side where they are the same, else new ones."""
    found = dict[str, str | None]()
    others = dict[str, bytes]()
    for path, data in contents.items():
        entry = files[path][side] if path in files else None
        if data is not None and not (entry and data == known[path]):
            others[path] = data
        else:
            found[path] = entry.id if entry and data is not None else None
    ids = write.add_blobs(repo, others.values()) if others else ()
    return found | dict(zip(others, ids, strict=True))


def _put_on_disk(
    repo: Repository,
    found: Mapping[str, Data],
    wanted: Mapping[str, Data],
    files: Mapping[str, Pair],
) -> None:
    links = {path for path, pair in files.items() if SYMLINK in {one.mode for one in pair if one}}
    others = [path for path in wanted if path not in links]
    outputs = [changed_output(path, found[path], wanted[path]) for path in others]
    worktree.write(repo.root, [one for one in outputs if one])
    for path, (_, after) in files.items():
        place = Path(repo.root, path)
        if path in links:
            if _on_disk(repo, path) != found[path]:
                raise VaultError(f"{path}: changed on disk since it was read: run again")
            _put_link(place, found[path], wanted[path], after)
        elif after and place.is_file() and not place.is_symlink():
            _set_executable(place, is_executable=after.mode == "100755")
    _remove_empty_folders(repo, (path for path in files if wanted[path] is None))


def _put_link(place: Path, found: Data, wanted: Data, after: Entry | None) -> None:
    """Put a symbolic link, or a file where one was, in its place, if that is still what it was."""
    if found == wanted:
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

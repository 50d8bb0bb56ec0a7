"""Move the branch that is checked out, and its index, with what others do at the same time."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from vaultsync.core.errors import GitError
from vaultsync.infra.git import Repository, as_text, head, resolve, run
from vaultsync.infra.git.write import change, git_path

BACKUPS = "refs/vaultsync/backups/"
SAVES = "refs/vaultsync/saves/"
# What is in a lock of ours. Only one run at a time takes it.
_MARK = b"vaultsync sync\n"


@contextmanager
def locked_index(repo: Repository, patience: float = 10) -> Iterator[Repository]:
    """Yield the repository with a copy of its index, which takes the place of that at the end.

    A lock of another program is waited for, and never removed; one of ours is of a run that was
    killed. Raises `GitError` where that takes longer than so many seconds.
    """
    index, copy = git_path(repo, "index"), git_path(repo, "vaultsync/index")
    lock = index.with_name("index.lock")
    copy.parent.mkdir(exist_ok=True)
    copy.unlink(missing_ok=True)
    _take(lock, git_path(repo, "vaultsync/index.mark"), time.monotonic() + patience)
    try:
        with suppress(FileNotFoundError):
            # By its time git sees which files may have changed since it was written.
            shutil.copy2(index, copy)
        copied = msgspec.structs.replace(repo, index=str(copy))
        yield copied
        with suppress(GitError):
            # So that the next run need not read what is known to be the same.
            change(copied, "update-index", "-q", "--refresh")
        copy.replace(index)
    finally:
        copy.unlink(missing_ok=True)
        lock.unlink()


def _take(lock: Path, mark: Path, until: float) -> None:
    """Make the lock as soon as there is none; it is never seen without the mark in it."""
    mark.write_bytes(_MARK)
    while True:
        try:
            os.link(mark, lock)
        except FileExistsError:
            with suppress(FileNotFoundError):
                if lock.read_bytes() == _MARK:
                    lock.unlink()
                    continue
            if time.monotonic() > until:
                raise GitError(
                    f"{lock}: another program is changing the index: wait for its end; if none is "
                    "running, delete this file"
                ) from None
            time.sleep(0.05)
        else:
            return


def move_head(repo: Repository, name: str, old: str | None, new: str) -> bool:
    """Move the branch from a commit to another; return whether it was still there.

    The old one is kept as a backup of that name, which the log of HEAD has too.
    """
    none = "0" * len(new)
    lines = [f"update HEAD {new} {old or none}"]
    # A git that was killed may have made the backup alone.
    is_kept = old is None or resolve(repo, f"{BACKUPS}{name}") == old
    lines += [] if is_kept else [f"create {BACKUPS}{name} {old}"]
    try:
        update_refs(repo, lines, _reason(name))
    except GitError:
        if head(repo) == old:
            raise
        return False
    return True


def update_refs(repo: Repository, lines: Iterable[str], reason: str) -> None:
    """Change refs as `git update-ref --stdin` reads it, all or none."""
    text = "".join(f"{line}\n" for line in lines).encode()
    change(repo, "update-ref", "--create-reflog", "-m", reason, "--stdin", input=text)


def moved_to(repo: Repository, name: str) -> str | None:
    """Return the commit to which the branch was moved when a backup was made."""
    log = as_text(run(repo, "log", "-g", "--format=%H %gs", "HEAD", "--"))
    rows = (line.partition(" ") for line in log.splitlines())
    return next((commit for commit, _, reason in rows if reason == _reason(name)), None)


def backups(repo: Repository) -> dict[str, str]:
    """Return the commits that are kept by the names of their backups, the newest last."""
    listed = run(repo, "for-each-ref", "--format=%(refname) %(objectname)", BACKUPS)
    rows = (line.split(" ") for line in as_text(listed).splitlines())
    return {name.removeprefix(BACKUPS): commit for name, commit in rows}


def _reason(name: str) -> str:
    return f"vaultsync sync: {name}"

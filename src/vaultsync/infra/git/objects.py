"""The contents of blobs: all at once, one after another, or when they are asked for."""

from __future__ import annotations

import os
import subprocess
import tempfile
import weakref
from typing import TYPE_CHECKING

from vaultsync.core.errors import GitError
from vaultsync.infra.git.process import Repository, Running, as_text, run, start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def blobs(repo: Repository, ids: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of blobs by id. Raises `GitError` for one that is missing."""
    wanted = tuple(dict.fromkeys(ids))
    if not wanted:
        return {}
    lines = "".join(f"{identity}\n" for identity in wanted).encode()
    stream = run(repo, "cat-file", "--batch", "--buffer", input=lines)
    found, at = {}, 0
    for identity in wanted:
        end = stream.index(b"\n", at)
        facts = stream[at:end].split(b" ")
        if facts[1:2] != [b"blob"]:
            raise _missing(repo, identity)
        at = end + 1 + int(facts[2])
        found[identity] = stream[end + 1 : at]
        at += 1
    return found


def contents(repo: Repository, ids: Iterable[str]) -> Iterator[bytes]:
    """Yield the contents of blobs in the order of their ids, one at a time in memory.

    Raises `GitError` for one that is missing.
    """
    with tempfile.TemporaryFile() as wanted:
        wanted.writelines(f"{identity}\n".encode() for identity in ids)
        wanted.seek(0)
        with Running(repo, ("cat-file", "--batch", "--buffer"), wanted) as running:
            while head := running.output.readline():
                identity, *facts = head.split()
                if facts[:1] != [b"blob"]:
                    raise _missing(repo, as_text(identity))
                yield running.output.read(int(facts[1]) + 1)[:-1]
            running.finish()


def _missing(repo: Repository, identity: str) -> GitError:
    return GitError(f"{identity}: this object of {repo.root} is missing or not a file")


class Texts:
    """The texts of blobs, one at a time, from one process that is started for the first."""

    def __init__(self, repo: Repository) -> None:
        """Bind the repository."""
        self._repo = repo
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self, path: str, identity: str) -> str:
        """Return the text of a blob; raise `GitError` where it is missing."""
        if self._process is None:
            self._process = start(self._repo, "cat-file", "--batch")
            weakref.finalize(self, _end, self._process, os.getpid())
        asking, answer = self._process.stdin, self._process.stdout
        if asking is None or answer is None:
            raise TypeError("pipes were asked for")
        asking.write(f"{identity}\n".encode())
        asking.flush()
        facts = answer.readline().split()
        if facts[1:2] != [b"blob"]:
            raise GitError(f"{path}: its object {identity} is missing")
        return answer.read(int(facts[2]) + 1)[:-1].decode()


def _end(process: subprocess.Popen[bytes], starter: int) -> None:
    # A process that was forked since would wait for ever: the first one can still ask.
    if os.getpid() == starter:
        process.communicate()

"""The contents of blobs: the one reader of git's objects."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from typing import NoReturn

from vaultsync.core.errors import GitError
from vaultsync.infra.git.process import GitProcess, Repository, as_text, run

# The ids of one request fit into the smallest pipe, 4 KiB: git and this process never both wait
# for the other one to read.
_AHEAD = 60


class BlobReader:
    """Reads blobs through one git process, which is started for the first of them.

    A forked process starts its own.
    """

    def __init__(self, repo: Repository) -> None:
        """Bind the repository."""
        self._repo, self._starter = repo, 0
        self._git: GitProcess | None = None

    def text(self, _path: str, identity: str) -> str:
        """Return the text of a file by its blob id."""
        return next(self.read([identity])).decode()

    def read(self, ids: Iterable[str]) -> Iterator[bytes]:
        """Yield the contents of blobs in the order of their ids; read all before the next call.

        Raises `GitError` for one that is missing.
        """
        rest = iter(ids)
        while wanted := tuple(islice(rest, _AHEAD)):
            if self._git is None or self._starter != os.getpid():
                self._starter = os.getpid()
                self._git = GitProcess(self._repo, ("cat-file", "--batch"))
            self._git.write("".join(f"{identity}\n" for identity in wanted).encode())
            output = self._git.output
            for identity in wanted:
                header = output.readline().split()
                if header[1:2] != [b"blob"]:
                    self._fail(identity, ended=not header)
                data = output.read(int(header[2]) + 1)
                if len(data) <= int(header[2]):
                    self._fail(identity, ended=True)
                yield data[:-1]

    def _fail(self, identity: str, *, ended: bool) -> NoReturn:
        """Raise what went wrong: git itself, or an object that is missing."""
        with closing(self):
            if self._git and ended:
                self._git.finish()
        raise GitError(f"{identity}: this object of {self._repo.root} is missing or not a file")

    def close(self) -> None:
        """End the git process."""
        if self._git:
            self._git.close()
        self._git = None


def stream_blobs(repo: Repository, ids: Iterable[str]) -> Iterator[bytes]:
    """Yield the contents of blobs in the order of their ids, one at a time in memory.

    Raises `GitError` for one that is missing.
    """
    with closing(BlobReader(repo)) as reader:
        yield from reader.read(ids)


def read_blobs(repo: Repository, ids: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of blobs by id. Raises `GitError` for one that is missing."""
    wanted = tuple(dict.fromkeys(ids))
    return dict(zip(wanted, stream_blobs(repo, wanted), strict=True))


def missing(repo: Repository, ids: Iterable[str]) -> set[str]:
    """Return the ids of which the repository has no object."""
    wanted = "".join(f"{identity}\n" for identity in dict.fromkeys(ids))
    if not wanted:
        return set()
    answer = as_text(run(repo, "cat-file", "--batch-check", input=wanted.encode()))
    return {line.split()[0] for line in answer.splitlines() if line.endswith(" missing")}

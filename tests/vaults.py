"""Make vaults and run the command line on them."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import vaultsync
from vaultsync.cli.main import main
from vaultsync.infra.cache import cache_folder

SOURCES = Path(vaultsync.__file__).parents[1]
# The environment of a process whose coverage is measured, where that of the tests is.
MEASURED: dict[str, str] = {}


class Run(NamedTuple):
    """How a run of the command line ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def make(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files, path to content, below a folder and return it."""
    root.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def run(cwd: Path, *args: str, env: Mapping[str, str] | None = None) -> Run:
    """Run the command line inside this process: quick, but no terminal and no real exit."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", newline="\n") for _ in range(2)]
    code = 0
    with (
        contextlib.chdir(cwd),
        mock.patch.dict(os.environ, env or {}),
        mock.patch.object(sys, "argv", ["vaultsync", *args]),
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Run(code, *(_written(stream) for stream in streams))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


def start(
    cwd: Path, *args: str, env: Mapping[str, str] | None = None, code: str | None = None
) -> Run:
    """Run the command line, or Python `code` instead, as a process of its own."""
    done = subprocess.run(
        [sys.executable, *(("-c", code) if code else ("-m", "vaultsync", *args))],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(SOURCES), **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def completed(cwd: Path, *words: str) -> list[str]:
    """Return what a shell is offered for the last of the words after `vaultsync`."""
    line = {"COMP_WORDS": shlex.join(["vaultsync", *words]), "COMP_CWORD": str(len(words))}
    code, out, err = run(cwd, env={"_VAULTSYNC_COMPLETE": "bash_complete", **line})
    assert (code, err) == (0, "")
    return [said.partition(",")[2] for said in out.split("\n") if said]


def state(root: Path) -> dict[str, tuple[int, bytes | str]]:
    """Return every entry below a folder with its time of change and what it holds."""
    return {
        str(entry.relative_to(root)): (entry.lstat().st_mtime_ns, _content(entry))
        for entry in sorted(root.rglob("*"))
    }


def store(root: Path) -> Path:
    """Return the database in which facts about a vault are cached."""
    folder = cache_folder(str(root))
    assert folder
    return folder / "store.sqlite"


def _content(entry: Path) -> bytes | str:
    if entry.is_symlink():
        return str(entry.readlink())
    return entry.read_bytes() if entry.is_file() else ""


def git(folder: Path, *args: str) -> str:
    """Run git in a folder and return what it says."""
    done = subprocess.run(["git", *args], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def committed(root: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Make a repository of a folder, with the files and all that is there in one commit."""
    make(root, files or {})
    git(root, "init", "-q")
    git(root, "add", "--all")
    git(root, "commit", "-q", "--allow-empty", "-m", "start")
    return root

"""Two clones of one vault and the remote between them, and runs that are killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.vaults import Run, git, make, run

# What changes files, or starts a program.
_EVENTS = {"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.chmod"}
_WRITING = os.O_WRONLY | os.O_RDWR


class Clones:
    """The clones `a` and `b` of the bare repository `remote`, which all have the first files."""

    def __init__(self, top: Path, files: Mapping[str, str | bytes]) -> None:
        self.top, self.remote, self.a, self.b = top, top / "remote.git", top / "a", top / "b"
        top.mkdir(parents=True, exist_ok=True)
        git(top, "init", "-q", "--bare", "remote.git")
        git(top, "init", "-q", "a")
        make(self.a, {".obsidian/app.json": "{}", **files})
        git(self.a, "add", "--all")
        git(self.a, "commit", "-q", "-m", "start")
        git(self.a, "remote", "add", "origin", "../remote.git")
        git(self.a, "push", "-q", "-u", "origin", "main")
        git(top, "clone", "-q", "remote.git", "b")
        # By the address relative to each, all can be copied.
        git(self.b, "remote", "set-url", "origin", "../remote.git")

    def copied(self, top: Path) -> Clones:
        """Return a copy at another place."""
        shutil.copytree(self.top, top, symlinks=True)
        other = object.__new__(Clones)
        other.top, other.remote, other.a, other.b = (
            *(top, top / "remote.git"),
            *(top / "a", top / "b"),
        )
        return other


def synced(clone: Path, *args: str, code: int = 0, **env: str) -> dict[str, Any]:
    """Run `vaultsync sync` and return its result."""
    done = run(clone, "sync", "--output-format", "json", *args, env=env)
    assert done.code == code, done
    found: dict[str, Any] = json.loads(done.out)
    return found


def notes(clone: Path) -> dict[str, str]:
    """Return the texts of the notes by path."""
    files = sorted(clone.rglob("*.md"))
    return {str(file.relative_to(clone)): file.read_text() for file in files}


def status(clone: Path) -> str:
    """Return what git reports as not committed."""
    return git(clone, "status", "--porcelain")


def killed(clone: Path, at: int, *args: str) -> bool:
    """Sync in a process that is killed at its so manieth change; False where it ended before."""
    process = os.fork()
    if not process:
        is_over = _die_at(at)
        done: Run | None = None
        try:
            done = run(clone, "sync", "-q", *args)
        finally:
            # What measures coverage writes files, too.
            is_over.set()
            os._exit(done.code if done else 1)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL


def _die_at(at: int) -> threading.Event:
    """Kill this process at its so manieth change of the file system, until the event is set."""
    seen, is_over = 0, threading.Event()

    def hook(event: str, args: tuple[Any, ...]) -> None:
        nonlocal seen
        writes = (
            event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if event in _EVENTS or writes or (event == "subprocess.Popen" and _changes(args[1])):
            seen += 1
            if seen > at and not is_over.is_set():
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    return is_over


def _changes(command: list[str]) -> bool:
    return "--no-pager" not in command

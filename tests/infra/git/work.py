"""A repository under test."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from vaultsync.core.model import content_id
from vaultsync.infra import git
from vaultsync.infra.git import Repository
from vaultsync.infra.git.files import Entry

# Settings that change what git prints, or stop it.
HOSTILE = """
[color]
	ui = always
	diff = always
[core]
	quotePath = true
	pager = false
	abbrev = 4
	fsmonitor = {marker}
[gpg]
	program = {marker}
[pager]
	log = false
[diff]
	external = false
	orderFile = /nowhere/order
	noprefix = true
	relative = true
	renames = copies
	renameLimit = 1
	algorithm = patience
[log]
	showSignature = true
	showRoot = false
	follow = true
	diffMerges = combined
	decorate = full
	abbrevCommit = true
	date = relative
[format]
	pretty = oneline
[i18n]
	logOutputEncoding = UTF-16
"""
TEXT = "".join(f"line {number}\n" for number in range(20))


class Work:
    """A repository under test, the vault in one of its folders."""

    def __init__(self, top: Path, *options: str, folder: str = "") -> None:
        self.top = top
        self.vault = top / folder
        self.vault.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *args: str, day: int = 1, offset: str = "+0000") -> str:
        date = f"2026-01-{day:02}T12:00:00{offset}"
        dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        command = ["git", "-c", "protocol.file.allow=always", *args]
        done = subprocess.run(
            command, cwd=self.top, env={**os.environ, **dates}, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode().strip()

    def put(self, path: str, text: str) -> None:
        file = self.vault / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def commit(self, files: Mapping[str, str | None], day: int = 1, offset: str = "+0000") -> str:
        for path, text in files.items():
            if text is None:
                (self.vault / path).unlink()
            else:
                self.put(path, text)
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", f"day {day}", day=day, offset=offset)
        return self.git("rev-parse", "HEAD")

    @property
    def repo(self) -> Repository:
        repo = git.open_repository(str(self.vault))
        assert repo is not None
        return repo


def entry(text: str, mode: str = "100644") -> Entry:
    return Entry(mode, content_id(text.encode()))

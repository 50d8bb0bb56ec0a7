"""A vault in a real git repository, on days that the test chooses."""

from __future__ import annotations

import copy
import datetime
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.vaults import Run, make, run
from vaultsync.blocks.journal import journal_in
from vaultsync.markdown import parse


class Repository:
    """A repository with a vault in one of its folders; `day` is today, YYYY-MM-DD."""

    def __init__(self, top: Path, files: Mapping[str, str | bytes], folder: str = "") -> None:
        self.top, self.vault = top, top / folder
        self.day = "2026-01-01"
        make(self.vault, files)
        self.git("init", "-q")

    def copied(self, top: Path) -> Repository:
        """Return a copy of the repository at another place."""
        shutil.copytree(self.top, top, symlinks=True)
        other = copy.copy(self)
        other.top, other.vault = top, top / self.vault.relative_to(self.top)
        return other

    def git(self, *args: str) -> str:
        """Run git at the top level; author and committer do it today at noon."""
        date = f"{self.day}T12:00:00+0000"
        env = {**os.environ, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        done = subprocess.run(
            ["git", *args], cwd=self.top, env=env, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def put(self, **files: str | None) -> None:
        """Write claims by their name; None deletes one."""
        for name, text in files.items():
            path = self.vault / "Claims" / f"{name}.md"
            if text is None:
                path.unlink()
            else:
                make(path.parent, {path.name: text})

    def commit(self, day: str | None = None) -> None:
        """Commit all there is, today or on a day that then is today."""
        self.day = day or self.day
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", f"on {self.day}")

    def changelog(self, *args: str) -> Run:
        """Run `vaultsync changelog` today."""
        noon = datetime.datetime.fromisoformat(f"{self.day}T12:00:00+00:00")
        epoch = {"SOURCE_DATE_EPOCH": str(int(noon.timestamp()))}
        return run(self.vault, "changelog", *args, env=epoch)

    def record(self, day: str | None = None) -> None:
        """Bring the journal up to date, and show that a second run has nothing to do."""
        self.day = day or self.day
        found = self.changelog()
        assert found.code == 0, found.err
        self.settled()

    def settled(self) -> None:
        """Show that there is nothing to record."""
        assert self.changelog("--check") == Run(0, "up to date\n", "")

    @property
    def note(self) -> Path:
        """The note that keeps the journal."""
        return self.vault / "Changelog.md"

    @property
    def journal(self) -> str:
        """The journal as it is on disk."""
        return journal_in(parse("Changelog.md", self.note.read_bytes())).text()

    def edit(self, old: str, new: str) -> None:
        """Change the changelog note by hand."""
        text = self.note.read_text()
        assert old in text
        self.note.write_text(text.replace(old, new))

"""A clone of the vault on a machine with a clock of its own: its programs and its files."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from simulation import planted
from simulation.ledger import Ledger
from simulation.watched import HANG, Ended, Watcher, run

ROOT = Path(__file__).parents[1]
# 2 June 2026, noon: a clock that is an hour off has the same day.
NOON = 1780401600
LINK = re.compile(r"\[\[([^]|#]+)")
_SAVED = re.compile(r'"saved": ?"')
_STALE = re.compile(r"[^\s':]+\.lock\b")


class Shared(msgspec.Struct):
    """What the machines of a round have in common."""

    folder: Path
    random: random.Random
    ledger: Ledger
    plant: str = ""
    seconds: int = 0
    merged_plainly: bool = False
    conflicts: int = 0
    damage: dict[str, int] = {}
    remedies: list[str] = []
    tracebacks: list[str] = []

    @property
    def remote(self) -> Path:
        """The bare repository that all push to."""
        return self.folder / "remote.git"


class Clone:
    """One clone, and what programs and files there are."""

    def __init__(self, name: str, shared: Shared) -> None:
        """Bind it; the clone is there."""
        self.name, self.shared, self.random = name, shared, shared.random
        self.folder = shared.folder / name
        # Whether an editor wrote over something newer than what it read.
        self.wrote_stale = False
        self.clock = shared.random.choice([0, 0, -3600, 3600])

    def __repr__(self) -> str:
        return self.name

    def note(self, line: str) -> None:
        """Add to the account of the round."""
        self.shared.ledger.note(f"{self.name}: {line}")

    # Programs

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of every program on this machine."""
        home = self.shared.folder / f"{self.name}.home"
        moment = f"{NOON + self.shared.seconds + self.clock} +0000"
        return {
            "HOME": str(home),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
            "LC_ALL": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_DATE": moment,
            "GIT_EDITOR": "true",
            "SOURCE_DATE_EPOCH": moment.split(maxsplit=1)[0],
            "VAULTSYNC_CACHE_DIR": str(home / "cache"),
        }

    def git(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run git, and return how it ended."""
        return subprocess.run(
            ["git", *command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=HANG,
        )

    def vaultsync(
        self, *command: str, watcher: Watcher | None = None, limit: float = HANG
    ) -> Ended:
        """Run vaultsync in a forked process."""

        def process() -> None:
            sys.argv = ["vaultsync", *command]
            planted.plant(self.shared.plant)
            from vaultsync.__main__ import process as command_line

            command_line()

        return run(process, self.folder, self.environment, watcher, limit)

    def sync(self, *options: str, watcher: Watcher | None = None, limit: float = HANG) -> Ended:
        """Run `vaultsync sync`."""
        self.shared.seconds += 60
        options = ("sync", *options, "--output-format", "json")
        ended = self.vaultsync(*options, watcher=watcher, limit=limit)
        if "Traceback" in ended.errors:
            self.shared.tracebacks.append(ended.errors)
        self.wrote_stale &= not _SAVED.search(ended.output)
        return ended

    # Files

    def notes(self) -> list[str]:
        """Return the names of the notes on disk."""
        return sorted(one.stem for one in (self.folder / "Claims").glob("*.md"))

    def path(self, name: str) -> Path:
        """Return where a note is."""
        return self.folder / "Claims" / f"{name}.md"

    def read(self, name: str) -> str:
        """Return the text of a note on disk."""
        return self.path(name).read_text(errors="replace")

    def write(self, name: str, text: str) -> None:
        """Write a note as an editor does, in place."""
        self.path(name).parent.mkdir(exist_ok=True)
        self.path(name).write_text(text)

    def commit_all(self) -> None:
        """Commit everything, past all hooks, as a phone and obsidian-git do.

        They rewrite no link that somebody wrote who had not seen a new name.
        """
        names = self.notes()
        targets = {target for name in names for target in LINK.findall(self.read(name))}
        self.shared.ledger.late |= targets - {*names}
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", f"vault backup of {self.name}")

    def abort(self) -> None:
        """Take back a rebase or merge that is in progress."""
        git = self.folder / ".git"
        if (git / "rebase-merge").exists() or (git / "rebase-apply").exists():
            self.git("rebase", "--abort")
        if (git / "MERGE_HEAD").exists():
            self.git("merge", "--abort")

    def remedy(self, ended: Ended) -> bool:
        """Delete the locks that a message names, as a person does; return whether it did."""
        found = False
        for name in {*_STALE.findall(ended.errors + ended.output)}:
            place = self.folder / name
            if place.suffix == ".lock" and place.exists() and ".git" in place.parts:
                self.note(f"a person deletes {place.name}")
                self.shared.remedies.append(place.name)
                place.unlink()
                found = True
        return found


def copy_tree(template: Path, folder: Path) -> None:
    """Copy the machines of a round; their clones name the remote by its place."""
    shutil.copytree(template, folder, symlinks=True)
    for settings in folder.glob("*/.git/config"):
        settings.write_text(settings.read_text().replace(str(template), str(folder)))

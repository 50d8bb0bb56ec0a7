"""A machine: a clone of the vault, an editor with open notes, a clock, and programs that sync."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from simulation import planted
from simulation.ledger import Ledger
from simulation.texts import edited, new_note
from simulation.watched import HANG, Ended, Watcher, run

ROOT = Path(__file__).parents[1]
# 2 June 2026, noon: a clock that is an hour off has the same day.
NOON = 1780401600
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


class Machine:
    """One clone, and what its people and programs do there."""

    def __init__(self, name: str, shared: Shared) -> None:
        """Bind it; the clone is there."""
        self.name, self.shared, self.random = name, shared, shared.random
        self.folder = shared.folder / name
        self.open: dict[str, str] = {}
        # What an editor read before people changed it; and whether one wrote over something newer.
        self.opened: dict[str, str] = {}
        self.wrote_stale = False
        self.clock = shared.random.choice([0, 0, -3600, 3600])

    def __repr__(self) -> str:
        return self.name

    def tell(self, line: str) -> None:
        """Add to the account of the round."""
        self.shared.ledger.tell(f"{self.name}: {line}")

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
        """Commit everything, past all hooks, as a phone and obsidian-git do."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--no-verify", "--message", f"vault backup of {self.name}")

    # People

    def edit(self) -> None:
        """Edit a note: in the editor where it is open, else on disk."""
        if names := self.notes():
            name = self.random.choice(names)
            if name in self.open:
                self.open[name] = self._edited(name, self.open[name])
            else:
                self.write(name, self._edited(name, self.read(name)))

    def begin(self) -> None:
        """Edit a note in an editor that does not write yet."""
        if names := [name for name in self.notes() if name not in self.open]:
            name = self.random.choice(names)
            self.tell(f"opens {name}")
            self.opened[name] = self.read(name)
            self.open[name] = self._edited(name, self.opened[name])

    def _edited(self, name: str, text: str) -> str:
        others = [one for one in self.notes() if one != name]
        where = f"{self.name} {name}"
        return edited(text, where, others, self.shared.ledger, self.random)

    def flush(self, names: Iterable[str] | None = None) -> None:
        """Write open notes, whatever is on disk now, and close them."""
        for name in [*self.open] if names is None else names:
            text = self.open.pop(name)
            self.tell(f"writes {name}, as it was opened")
            was = self.read(name) if self.path(name).exists() else None
            self.wrote_stale |= was != self.opened.pop(name)
            self.write(name, text)
            there = {*self.notes()}
            self.shared.ledger.late |= {*re.findall(r"\[\[([^]|#]+)", text)} - there

    def rename(self) -> None:
        """Rename a note, by the tool or as Obsidian does."""
        self.flush()
        names = self.notes()
        if not names:
            return
        old = self.random.choice(names)
        new = self.random.choice([f"renamed-{number}" for number in range(4)])
        if new in names:
            return
        handles = handles_in(self.read(old))
        if self.random.random() < 0.5:
            ended = self.vaultsync("mv", f"Claims/{old}.md", f"Claims/{new}.md")
            self.tell(f"vaultsync mv {old} {new}: {ended.code}")
        else:
            self.tell(f"Obsidian renames {old} to {new}")
            self.path(old).rename(self.path(new))
            for name in self.notes():
                text = self.read(name)
                changed = re.sub(rf"\[\[{re.escape(old)}(?=[]|#])", f"[[{new}", text)
                if changed != text:
                    self.write(name, changed)
        for handle in handles:
            self.shared.ledger.name(handle, new)

    def delete(self) -> None:
        """Delete a note, having read it."""
        if names := [name for name in self.notes() if name not in self.open]:
            name = self.random.choice(names)
            text = self.read(name)
            self.tell(f"deletes {name}")
            self.shared.ledger.delete(text)
            self.shared.ledger.gone |= handles_in(text)
            self.path(name).unlink()

    def add(self) -> None:
        """Add a note, perhaps under a name that another machine takes too."""
        names = self.notes()
        name = self.random.choice([f"added-{number}" for number in range(4)])
        if name not in names and names:
            ledger = self.shared.ledger
            word = ledger.word(f"{self.name} {name}")
            ledger.name(f"h{word}", name)
            self.tell(f"adds {name}: {word}")
            self.write(name, new_note(f"h{word}", word, self.random.choice(names)))

    def draw(self) -> None:
        """Add a card to the canvas."""
        path = self.folder / "Map.canvas"
        word = self.shared.ledger.word(f"{self.name} Map.canvas")
        self.tell(f"draws {word}")
        try:
            canvas = json.loads(path.read_text())
        except (OSError, ValueError):
            canvas = {"nodes": [], "edges": []}
        canvas["nodes"].append({"id": word, "type": "text", "text": word, "x": 0, "y": 0})
        path.write_text(json.dumps(canvas, indent="\t") + "\n")

    def paint(self) -> None:
        """Put another picture in the place of one."""
        path = self.folder / "picture.png"
        word = self.shared.ledger.word(f"{self.name} picture.png")
        self.tell(f"paints {word}")
        if path.exists():
            self.shared.ledger.delete(path.read_bytes().decode("latin-1"))
        path.write_bytes(b"\x89PNG\r\n\x1a\n\0 " + word.encode() + b" \xff\xfe\0")

    def resolve(self) -> Ended:
        """Keep both versions of all that is in conflict."""
        ended = self.sync("--continue", "--both")
        self.tell(f"sync --continue --both: {ended.code}")
        return ended

    # Other programs that sync

    def phone(self) -> None:
        """Commit past all hooks, and push by plain git; a refusal is left to others.

        Where an editor wrote over what came in, plain git would lose that: no word of ours then.
        """
        if self.wrote_stale:
            return
        self.commit_all()
        pushed = self.git("push", "--quiet", "origin", "HEAD:main")
        self.tell(f"a phone commits and pushes: {'refused' if pushed.returncode else 'done'}")

    def obsidian_git(self) -> None:
        """Commit, rebase and push, as obsidian-git does; a rebase with conflicts is taken back."""
        self.flush()
        if self.wrote_stale:
            return
        if self.random.random() < 0.5:
            self._remove_program()
        self.commit_all()
        before = self.git("rev-parse", "HEAD").stdout
        done = self.git("pull", "--quiet", "--rebase", "origin", "main")
        if done.returncode and self.random.random() < 0.5:
            ended = self.sync()
            self.tell(f"sync in a rebase: {ended.code}")
        self.abort()
        self.shared.merged_plainly |= before != self.git("rev-parse", "HEAD").stdout
        self.git("push", "--quiet", "origin", "HEAD:main")
        self.tell(f"obsidian-git rebases and pushes: {done.returncode}")

    def _remove_program(self) -> None:
        """Let the program be gone that git starts to merge a note, until the next sync."""
        settings = self.folder / ".git/config"
        settings.write_text(settings.read_text().replace(sys.executable, "/gone/python"))

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
                self.tell(f"a person deletes {place.name}")
                self.shared.remedies.append(place.name)
                place.unlink()
                found = True
        return found


def handles_in(text: str) -> set[str]:
    """Return the handles of a note, also one in a conflict."""
    return {*re.findall(r"handle: (\w+)", text)}


Action = Callable[[Machine], None]
ACTIONS: dict[Action, int] = {
    Machine.edit: 16,
    Machine.begin: 6,
    Machine.flush: 5,
    Machine.rename: 3,
    Machine.delete: 2,
    Machine.add: 2,
    Machine.draw: 1,
    Machine.paint: 1,
    Machine.phone: 2,
    Machine.obsidian_git: 1,
}


def copy_tree(template: Path, folder: Path) -> None:
    """Copy the machines of a round; their clones name the remote by its place."""
    shutil.copytree(template, folder, symlinks=True)
    for settings in folder.glob("*/.git/config"):
        settings.write_text(settings.read_text().replace(str(template), str(folder)))

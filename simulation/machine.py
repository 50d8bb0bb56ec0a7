"""A machine: what its people, an editor with open notes, and other programs do in a clone."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable

from simulation.clone import Clone, Shared
from simulation.texts import edited, new_note
from simulation.watched import Ended


class Machine(Clone):
    """One clone, and what its people and programs do there."""

    def __init__(self, name: str, shared: Shared) -> None:
        """Bind it; the clone is there."""
        super().__init__(name, shared)
        self.open: dict[str, str] = {}
        # What an editor read before people changed it.
        self.opened: dict[str, str] = {}

    # People

    def edit(self) -> None:
        """Edit a note: in the editor where it is open, else on disk."""
        if names := self.notes():
            name = self.random.choice(names)
            if name in self.open:
                self.open[name] = self._edited(name, self.open[name])
            else:
                self.write(name, self._edited(name, self.read(name)))

    def write_at_once(self, name: str) -> None:
        """Edit a note of this name on disk, or add it."""
        if name in self.open:
            self.flush([name])
        elif self.path(name).exists():
            self.write(name, self._edited(name, self.read(name)))
        else:
            self.add(name)

    def begin(self) -> None:
        """Edit a note in an editor that does not write yet."""
        if names := [name for name in self.notes() if name not in self.open]:
            name = self.random.choice(names)
            self.note(f"opens {name}")
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
            self.note(f"writes {name}, as it was opened")
            was = self.read(name) if self.path(name).exists() else None
            self.wrote_stale |= was != self.opened.pop(name)
            self.write(name, text)

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
            self.note(f"vaultsync mv {old} {new}: {ended.code}")
        else:
            self.note(f"Obsidian renames {old} to {new}")
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
            self.note(f"deletes {name}")
            self.shared.ledger.delete(text)
            self.shared.ledger.gone |= handles_in(text)
            self.path(name).unlink()

    def add(self, name: str = "") -> None:
        """Add a note, perhaps under a name that another machine takes too."""
        names = self.notes()
        name = name or self.random.choice([f"added-{number}" for number in range(4)])
        if name not in names and names:
            ledger = self.shared.ledger
            word = ledger.word(f"{self.name} {name}")
            ledger.name(f"h{word}", name)
            self.note(f"adds {name}: {word}")
            self.write(name, new_note(f"h{word}", word, self.random.choice(names)))

    def draw(self) -> None:
        """Add a card to the canvas."""
        path = self.folder / "Map.canvas"
        word = self.shared.ledger.word(f"{self.name} Map.canvas")
        self.note(f"draws {word}")
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
        self.note(f"paints {word}")
        if path.exists():
            self.shared.ledger.delete(path.read_bytes().decode("latin-1"))
        path.write_bytes(b"\x89PNG\r\n\x1a\n\0 " + word.encode() + b" \xff\xfe\0")

    def resolve(self) -> Ended:
        """Keep both versions of all that is in conflict."""
        ended = self.sync("--continue", "--both")
        self.note(f"sync --continue --both: {ended.code}")
        return ended

    # Other programs that sync

    def commit(self) -> None:
        """Commit past all hooks.

        Where an editor wrote over what came in, plain git would lose that: no word of ours then.
        """
        if not self.wrote_stale:
            # What a killed run left half done is then a merge by plain git.
            self.shared.merged_plainly |= (self.folder / ".git/vaultsync/moving.json").exists()
            self.commit_all()
            self.note(f"somebody commits {self._note_commit()}")

    def _note_commit(self) -> str:
        """Note that the commit of the branch has to be in its history from now on."""
        commit = self.git("rev-parse", "HEAD").stdout.strip()
        self.shared.ledger.commits[commit] = self.name
        return commit

    def phone(self) -> None:
        """Commit past all hooks, and push by plain git; a refusal is left to others."""
        if self.wrote_stale:
            return
        self.commit()
        pushed = self.git("push", "--quiet", "origin", "HEAD:main")
        self.note(f"a phone commits and pushes: {'refused' if pushed.returncode else 'done'}")

    def obsidian_git(self) -> None:
        """Commit, rebase and push, as obsidian-git does; a rebase with conflicts is taken back."""
        self.flush()
        if self.wrote_stale:
            return
        if self.random.random() < 0.5:
            self._remove_program()
        self.commit()
        before = self.git("rev-parse", "HEAD").stdout
        done = self.git("pull", "--quiet", "--rebase", "origin", "main")
        if done.returncode and self.random.random() < 0.5:
            ended = self.sync()
            self.note(f"sync in a rebase: {ended.code}")
        self.abort()
        self.shared.ledger.forget_commits(self.git("rev-list", "HEAD").stdout.split(), self.name)
        self._note_commit()
        self.shared.merged_plainly |= before != self.git("rev-parse", "HEAD").stdout
        self.git("push", "--quiet", "origin", "HEAD:main")
        self.note(f"obsidian-git rebases and pushes: {done.returncode}")

    def _remove_program(self) -> None:
        """Let the program be gone that git starts to merge a note, until the next sync."""
        settings = self.folder / ".git/config"
        settings.write_text(settings.read_text().replace(sys.executable, "/gone/python"))


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

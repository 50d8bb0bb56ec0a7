"""Kill `vaultsync lint --fix` at random moments: every note is the old or the new one, whole.

    python -m fuzz.killed --times 100 [--seed 0] [--notes 300]

A moment is anywhere in a run, or after it began to lay files ready, or to replace notes.
Prints how far the runs had come, and ends with a run that is left alone: it writes what is left
and throws away what the others laid ready.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from vaultsync.infra.worktree import scan

_PADDING = "Words that make the note long enough to be cut in two.\n" * 100
_COMMAND = (sys.executable, "-m", "vaultsync", "--vault", ".", "lint", "--fix")
_ANY, _PREPARING, _REPLACING = range(3)
Texts = Mapping[str, bytes]


class Killing:
    """A vault whose notes need fixes, in which runs are killed."""

    def __init__(self, folder: Path, notes: int, seed: int) -> None:
        """Make the vault, and let one run fix all of it to learn how long that takes."""
        self.folder, self.random = folder, random.Random(seed)  # noqa: S311 - moments, no secrets
        self.old = {f"F{number % 7}/note {number}.md": _note(number) for number in range(notes)}
        self.restore()
        started = time.monotonic()
        self.end()
        self.seconds = time.monotonic() - started
        self.new = self.texts()
        assert all(self.old[path] != self.new[path] for path in self.old)

    def restore(self) -> None:
        """Write the notes as they were."""
        for path, data in self.old.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)

    def texts(self) -> dict[str, bytes]:
        """Return what a later run sees."""
        return {
            found.path: (self.folder / found.path).read_bytes() for found in scan(str(self.folder))
        }

    def leftovers(self) -> list[Path]:
        """Return the hidden files, which nobody reads."""
        return list(self.folder.rglob(".*.tmp"))

    def end(self) -> None:
        """Let a run come to its end."""
        subprocess.run(_COMMAND, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)

    def kill(self) -> str:
        """Kill a run, check the notes, and return how far it had come."""
        self.restore()
        before = set(self.leftovers())
        run = subprocess.Popen(_COMMAND, cwd=self.folder, stdout=subprocess.DEVNULL)
        self.wait(run, before)
        run.kill()
        run.wait()
        return self.checked(self.texts(), len(set(self.leftovers()) - before))

    def wait(self, run: subprocess.Popen[bytes], before: set[Path]) -> None:
        """Wait for a moment of the run, of its preparing, or of its replacing."""
        first = self.folder / min(self.old)
        old = first.stat().st_ino
        phase, limit = self.random.choice([(_ANY, 1.0), (_PREPARING, 0.5), (_REPLACING, 0.02)])
        while run.poll() is None and (
            (phase == _PREPARING and not set(self.leftovers()) - before)
            or (phase == _REPLACING and first.stat().st_ino == old)
        ):
            time.sleep(0.001)
        time.sleep(self.random.uniform(0, limit * self.seconds))

    def checked(self, found: Texts, laid_ready: int) -> str:
        """Raise AssertionError where a note is neither version, or there is another one."""
        assert found.keys() == self.old.keys()
        torn = [
            path for path, data in found.items() if data not in (self.old[path], self.new[path])
        ]
        assert not torn, torn
        written = sum(found[path] != self.old[path] for path in found)
        if written == len(found):
            return "all notes written"
        return "some notes written" if written else "laid ready" if laid_ready else "before writing"


def _note(number: int) -> bytes:
    return f"---\nalias: name-{number} # why\n---\n\n{_PADDING}{number}\n".encode()


def kill_often(folder: Path, times: int, *, notes: int, seed: int) -> Counter[str]:
    """Kill runs and return how far they had come; raise AssertionError where a note is torn."""
    killing = Killing(folder, notes, seed)
    counts = Counter(killing.kill() for _ in range(times))
    killing.restore()
    killing.end()
    assert killing.texts() == killing.new
    assert killing.leftovers() == []
    return counts


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.killed")
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--notes", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        counts = kill_often(Path(name), given.times, notes=given.notes, seed=given.seed)
    for stage, count in counts.most_common():
        print(f"{count:4} killed: {stage}")
    print("every note was the old or the new one, and nothing is left lying")


if __name__ == "__main__":
    main()

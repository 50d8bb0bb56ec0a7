"""How long it takes to merge many notes that both sides changed.

    python -m benchmarks.merging [--notes 500] [--rounds N] [--renamed]

A vault of frames is made, each of which one side gives another source and the other side another
property; with `--renamed` one side renames ten of them, too. The times are those of the merge in a
process that has opened the vault before, as in a vault that is in use; and of the driver, which git
starts for each note, for one of them.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import synthetic_frames
from vaultsync.app.lint import LintOptions, lint
from vaultsync.app.sync.merge import merge_commits
from vaultsync.app.workspace import Workspace

BRANCHES = ("base", "ours", "theirs")
_RENAMED, _DRIVEN = 10, 5


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notes", type=int, default=500, help="how many both sides change")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--renamed", action="store_true", help="ours renames ten of them, too")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        vault = Path(scratch, "vault").resolve()
        make(vault, given.notes, _RENAMED if given.renamed else 0)
        rounds = [merged(vault) for _ in range(given.rounds)]
        median = statistics.median(seconds for seconds, _ in rounds)
        print(f"{given.notes} notes: {median:.2f} s, {rounds[0][1]} conflicts")
        print(f"driver: {driven(vault):.3f} s a note")


def merged(vault: Path) -> tuple[float, int]:
    """Return how long a merge takes, and how many conflicts come of it."""
    workspace = Workspace(str(vault))
    lint(LintOptions(), workspace)
    start = time.perf_counter()
    found = merge_commits(workspace, "ours", "theirs", "host")
    return time.perf_counter() - start, sum(one.count for one in found.conflicts)


def make(vault: Path, count: int, renamed: int) -> None:
    """Make a repository with the branches `base`, `ours`, which is checked out, and `theirs`."""
    # One note in ten is a question.
    synthetic_frames.write(vault, count * 10 // 9 + 1)
    git(vault, "init", "-q", "-b", "base")
    commit(vault)
    frames = sorted((vault / "Frames").glob("*.md"))[:count]
    for branch, old, new in (
        ("theirs", "\n---\n", "\nreviewed: true\n---\n"),
        ("ours", "## Sources\n\n", "## Sources\n\n- discussion: [Ours](https://example.org/our)\n"),
    ):
        git(vault, "checkout", "-q", "-b", branch, "base")
        for frame in frames:
            frame.write_text(frame.read_text().replace(old, new, 1))
        commit(vault)
    for frame in frames[:renamed]:
        name = frame.relative_to(vault)
        command = ["-m", "vaultsync", "mv", str(name), str(name.with_stem(f"new-{name.stem}"))]
        subprocess.run([sys.executable, *command], cwd=vault, check=True, capture_output=True)
    commit(vault)


def driven(vault: Path) -> float:
    """Return how long the driver takes for a note."""
    name = git(vault, "diff", "--name-only", "base", "theirs").split()[-1]
    texts = {vault / f"{one}.txt": git(vault, "show", f"{one}:{name}") for one in BRANCHES}
    times = []
    for _ in range(_DRIVEN):
        for file, text in texts.items():
            file.write_text(text)
        command = [sys.executable, "-m", "vaultsync", "merge-driver", *map(str, texts), name]
        start = time.perf_counter()
        subprocess.run(command, cwd=vault, check=True, capture_output=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def commit(vault: Path) -> None:
    """Commit all there is."""
    git(vault, "add", "--all")
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    git(vault, *who, "commit", "-q", "--allow-empty", "-m", "a commit")


def git(folder: Path, *command: str) -> str:
    """Run git and return its output."""
    done = subprocess.run(["git", *command], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    main()

"""How long it takes to rename the most linked note of a vault.

    python -m benchmarks.renaming FOLDER [--rounds N] [--scratch FOLDER]

The vault is copied and is itself not touched. Each time is that
of a whole process, there and back again, after a `lint` that fills the cache. Beside it is the time
that the disk takes to create and flush as many files.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from vaultsync.app.workspace import Workspace
from vaultsync.notes.link_index import index_of


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("vault", help="a folder with notes")
    parser.add_argument("--rounds", type=int, default=3, help="how often there and back")
    parser.add_argument("--scratch", help="a folder on the disk to measure")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.scratch) as scratch:
        vault = Path(scratch, "vault").resolve()
        shutil.copytree(given.vault, vault, symlinks=True)
        note, count = most_linked(vault)
        print(f"{note}: links in {count} notes")
        other = str(Path(note).with_name("Another name.md"))
        times = []
        for old, new in [(note, other), (other, note)] * given.rounds:
            subprocess.run(["vaultsync", "lint"], cwd=vault, check=False, capture_output=True)
            times.append(timed(["vaultsync", "mv", old, new], vault))
        print(f"mv {statistics.median(times):.2f} s, fastest {min(times):.2f} s")
        print(f"{count} files created and flushed {created(Path(scratch), count):.2f} s")


def most_linked(vault: Path) -> tuple[str, int]:
    """Return the note that most other notes link to, and how many these are."""
    workspace = Workspace(str(vault))
    index, sources = index_of(workspace.vault.files), defaultdict[str, set[str]](set)
    for path, document in workspace.vault.documents.items():
        for link in document.internal:
            for found in index.resolve(link.target, path)[:1]:
                sources[found] |= {path} - {found}
    note = max(sources, key=lambda path: len(sources[path]))
    return note, len(sources[note])


def timed(command: list[str], folder: Path) -> float:
    """Return how long a command takes, once what came before is on the disk."""
    os.sync()
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def created(folder: Path, count: int) -> float:
    """Return how long the disk takes for so many files alone."""
    os.sync()
    start = time.perf_counter()
    for number in range(count):
        (folder / f"{number}.tmp").write_bytes(b"x" * 1000)
    os.sync()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()

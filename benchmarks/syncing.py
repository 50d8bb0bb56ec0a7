"""How long a sync takes that finds nothing to do, with the remote in a folder.

    python -m benchmarks.syncing REPOSITORY [--vault FOLDER] [--rounds N] [--scratch FOLDER]

The repository is cloned twice, and is itself not touched. Each time is that of a whole process.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("repository", help="a repository with a vault")
    parser.add_argument("--vault", default=".", help="the folder of the vault in it")
    parser.add_argument("--rounds", type=int, default=7, help="how often it is measured")
    parser.add_argument("--scratch", help="a folder on the disk to measure")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.scratch) as scratch:
        remote, clone = Path(scratch, "remote.git"), Path(scratch, "clone")
        for source, target, *options in ((given.repository, remote, "--bare"), (remote, clone)):
            subprocess.run(["git", "clone", "-q", *options, source, target], check=True)
        vault = clone / given.vault
        times = [seconds(vault) for _ in range(given.rounds + 1)][1:]
    print(f"nothing to do: median {statistics.median(times):.2f} s, fastest {min(times):.2f} s")


def seconds(vault: Path) -> float:
    """Return how long a sync takes; it must find nothing to do."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "vaultsync", "sync", "-q"]
    done = subprocess.run(command, cwd=vault, check=True, capture_output=True, text=True)
    taken = time.perf_counter() - start
    if done.stdout != "nothing to do\n":
        raise SystemExit(f"there was something to do: {done.stdout}{done.stderr}")
    return taken


if __name__ == "__main__":
    main()

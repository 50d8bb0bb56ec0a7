"""How long reading a vault takes, as a multiple of pyromark's events alone.

    python benchmarks/parse_corpus.py FOLDER_OR_BUNDLE [--rounds 7]

Reads every note of the vault (a folder, or a git bundle that is cloned first), in one process,
in rounds that alternate: pyromark's events alone on texts already in memory, and the whole of our
reading (file, properties, links, headings, block ids, tags). Prints the best CPU time of each and
their ratio.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyromark

from vaultsync.infra.worktree import read, scan
from vaultsync.markdown import kind_of, parse
from vaultsync.markdown.events import OPTIONS


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("vault", help="a folder with notes, or a git bundle of one")
    parser.add_argument("--rounds", type=int, default=7)
    arguments = parser.parse_args()
    # For both sides, as the command line has it.
    gc.disable()
    with tempfile.TemporaryDirectory() as scratch:
        measure(opened(arguments.vault, scratch), arguments.rounds)


def opened(vault: str, scratch: str) -> str:
    """Return the folder of a vault; a bundle is cloned into `scratch`."""
    if Path(vault).is_dir():
        return vault
    clone = str(Path(scratch, "vault"))
    subprocess.run(["git", "clone", "--quiet", vault, clone], check=True)
    return clone


def measure(root: str, rounds: int) -> None:
    """Print the best times over the notes below a folder."""
    paths = [found.path for found in scan(root) if kind_of(found.path) == "note"]
    texts = [read(root, path).decode() for path in paths]

    def alone() -> None:
        for text in texts:
            for _ in pyromark.events_with_range(text, options=OPTIONS):
                pass

    def ours() -> None:
        for path in paths:
            parse(path, read(root, path))

    times = [(cpu(alone), cpu(ours)) for _ in range(rounds)]
    events, whole = (min(column) for column in zip(*times, strict=True))
    print(f"{len(paths)} notes, {sum(map(len, texts)) / 1e6:.1f} million characters")
    print(f"pyromark's events: {events:.3f} s")
    print(f"our reading:       {whole:.3f} s, {whole / events:.2f} times that")


def cpu(work: Callable[[], None]) -> float:
    """Return the CPU seconds that a piece of work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()

"""Edit a vault at random through the language server, and compare with a fresh start.

    python -m fuzz.editing [--vault FOLDER] --edits 10000 --seed 1

The vault is a copy of FOLDER, or a small one that breaks many rules. Notes are opened, changed,
saved, closed and deleted. In the end the findings must be those of `vaultsync lint`. Prints the
memory of the server too.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from tests.app.test_checking import START
from tests.server.test_session import edited
from tests.vaults import make


def main() -> None:
    """Edit, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vault", help="a folder with notes")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        vault = Path(scratch).resolve() / "v"
        if given.vault:
            shutil.copytree(given.vault, vault, symlinks=True)
        else:
            make(vault, START)
        start = time.perf_counter()
        peak = edited(vault, given.edits, given.seed)
        took = time.perf_counter() - start
        print(f"{given.edits} edits in {took:.0f} s, {peak:.0f} MiB: the findings are the same")


if __name__ == "__main__":
    main()

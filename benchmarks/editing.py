"""How much memory the language server takes after many edits of a vault.

    python -m benchmarks.editing FOLDER [--edits N]

The vault is copied and is itself not touched. Every edit but those that take it back has new names:
a link, a tag, a block and a heading.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from pathlib import Path

from tests.server.client import serving
from tests.server.test_memory import PROGRAM, blocks, edit

from vaultsync.app.workspace import Workspace

_OPEN = 50


def main() -> None:
    """Edit, and print what the server holds after each tenth."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("vault", help="a folder with notes")
    parser.add_argument("--edits", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        vault = Path(scratch, "vault").resolve()
        shutil.copytree(given.vault, vault, symlinks=True)
        documents = Workspace(str(vault)).vault.documents
        notes = sorted(path for path in documents if path.endswith(".md"))
        chosen = random.Random(1).sample(notes, min(_OPEN, len(notes)))  # noqa: S311
        texts = [(path, documents[path].text) for path in chosen]
        with serving(vault, program=PROGRAM) as client:
            for path, text in texts:
                client.open(path, text)
            start, tenth = time.perf_counter(), given.edits // 10
            for first in range(0, given.edits, tenth):
                edit(client, texts, range(first, first + tenth))
                took, held = time.perf_counter() - start, blocks(client)
                print(
                    f"{first + tenth:,} edits: {held:,} blocks, "
                    f"{client.memory():.0f} MiB at most, {took:.0f} s",
                    flush=True,
                )


if __name__ == "__main__":
    main()

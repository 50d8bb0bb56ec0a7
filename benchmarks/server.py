"""How fast the language server answers on a vault, with those of rumdl and mdsmith beside it.

    python -m benchmarks.server FOLDER [--edits N]

The vault is copied and is itself not touched. Each time is from the sent change to the published
diagnostics of that version, over standard input and output.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.server.client import Client, serving

from vaultsync.app.workspace import Workspace

# The servers of others, where they are on PATH. Both are packages of Python's registry.
_PEERS = (("rumdl", "server"), ("mdsmith", "lsp"))
# A note of about so many characters is typed in besides the largest.
_LONG = 65_000
_TYPED = "See [[a note that nobody has written yet]] and [[Index#Heading]]. "


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("vault", help="a folder with notes")
    parser.add_argument("--edits", type=int, default=200, help="how many random edits")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        vault = Path(scratch, "vault").resolve()
        shutil.copytree(given.vault, vault, symlinks=True)
        paths = Workspace(str(vault)).vault.documents
        notes = [path for path in paths if path.endswith(".md")]
        # The first start reads every note, the second finds them in the cache.
        for _ in range(2):
            start = time.perf_counter()
            with serving(vault) as client:
                client.open(notes[0])
                awaited(client, notes[0], 0)
                print(f"first diagnostics {time.perf_counter() - start:.2f} s after the start")
                # What is cached for the next start.
                time.sleep(1)
        with serving(vault) as client:
            measured(client, notes, given.edits)
            special(client, vault)
            print(f"memory {client.memory():.0f} MiB")
        for program in filter(lambda peer: shutil.which(peer[0]), _PEERS):
            with serving(vault, program=program) as client:
                print(program[0])
                measured(client, notes, given.edits)


def measured(client: Client, notes: list[str], edits: int) -> None:
    """Type into random notes."""
    chance = random.Random(1)  # noqa: S311 - the same edits in each run
    times = []
    for version in range(1, edits + 1):
        path = chance.choice(notes)
        client.open(path)
        awaited(client, path, 0)
        times.append(typed(client, path, chance.choice(_TYPED), version))
    shown("a random edit", times)


def typed(client: Client, path: str, text: str, version: int) -> float:
    """Put a text at the end of a note, and return the seconds until its diagnostics are there."""
    end = {"line": 10**6, "character": 0}
    start = time.perf_counter()
    client.change(path, {"range": {"start": end, "end": end}, "text": text}, version=version)
    awaited(client, path, version)
    return time.perf_counter() - start


def replaced(client: Client, path: str, text: str, version: int) -> float:
    """Replace the text of a note, and return the seconds until its diagnostics are there."""
    start = time.perf_counter()
    client.change(path, {"text": text}, version=version)
    awaited(client, path, version)
    return time.perf_counter() - start


def awaited(client: Client, path: str, version: int) -> None:
    """Wait for the diagnostics of a version; mdsmith leaves out version 0."""
    while (client.versions.get(client.uri(path), -1) or 0) != version:
        client.take()


def special(client: Client, vault: Path) -> None:
    """Measure what reaches many notes, the largest note, and completion."""
    workspace = Workspace(str(vault))
    index, documents = workspace.context.index, workspace.vault.documents
    counts, wanted = Counter[str](), Counter[str]()
    for path, document in documents.items():
        for link in document.internal:
            found = index.resolve(link.target, path)
            counts.update(found[:1])
            wanted.update([] if found or "/" in link.target else [link.target])
    linked = next(p for p, _ in counts.most_common() if p in documents and documents[p].headings)
    text = documents[linked].text
    client.open(linked)
    awaited(client, linked, 0)
    heading = documents[linked].headings[0]
    changed = f"{text[: heading.end].rstrip()} x\n{text[heading.end :]}"
    texts = [changed, text] * 10
    times = [replaced(client, linked, one, at) for at, one in enumerate(texts, 1)]
    shown("a heading of the most linked note", times)
    name = f"{wanted.most_common(1)[0][0]}.md"
    start = time.perf_counter()
    client.open(name, "# New\n", 1)
    awaited(client, name, 1)
    shown("a new note that many links name", [time.perf_counter() - start])
    for size in (_LONG, 10**9):
        path = min(documents, key=lambda path: abs(len(documents[path].text) - size))
        client.open(path)
        awaited(client, path, 0)
        length = len(documents[path].text)
        shown(f"typing in a note of {length:,} characters", paced(client, path))
    completed(client, path)


def paced(client: Client, path: str) -> list[float]:
    """Type ten keys a second."""
    times = []
    for version, key in enumerate(_TYPED, 1):
        times.append(typed(client, path, key, version))
        time.sleep(max(0.0, 0.1 - times[-1]))
    return times


def completed(client: Client, path: str) -> None:
    """Ask for names while one is typed."""
    times = []
    for version, typed_ in enumerate(("[[", "[[o", "[[ob", "[[obs"), 1000):
        client.change(path, {"text": typed_}, version=version)
        awaited(client, path, version)
        start = time.perf_counter()
        client.at("completion", path, 0, len(typed_))
        times.append(time.perf_counter() - start)
    shown("completion", times)


def shown(name: str, times: list[float]) -> None:
    """Print the median, the 95th percentile and the longest of some times."""
    ordered = sorted(times)
    late = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    middle = statistics.median(ordered)
    milliseconds = " / ".join(f"{1000 * one:.1f}" for one in (middle, late, ordered[-1]))
    print(f"{name}: {milliseconds} ms (median / p95 / longest of {len(times)})")


if __name__ == "__main__":
    main()

"""Synthetic vaults: the same everywhere, of the promised shape, with the broken links told."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from benchmarks.synthetic import vault, write
from tests.vaults import run

from vaultsync.markdown import parse
from vaultsync.notes.link_index import resolvable_links

NOTES = 1500
# Of the first notes of a vault with the seed 1, on every machine and under every Python.
DIGEST = "bd4b481a42f3be9e347a2fdb75305b1c9798f8b66f56488b1108357acb104578"


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for file in sorted(folder.rglob("*.md")):
        found.update(f"{file.relative_to(folder).as_posix()}\n".encode())
        found.update(file.read_bytes())
    return found.hexdigest()


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path / "here", 200)
    assert digest(tmp_path / "here") == DIGEST
    write(tmp_path / "other", 200, seed=2)
    assert digest(tmp_path / "other") != DIGEST


def test_a_vault_lints_with_the_broken_links_that_it_was_given(tmp_path: Path) -> None:
    broken = write(tmp_path, NOTES)
    _, out, _ = run(tmp_path, "--vault", ".", "lint", "--output-format", "json")
    codes = Counter(finding["code"] for finding in json.loads(out)["findings"])
    assert codes.pop("LNK017") == broken > 0
    # Of two notes of one name a bare link may mean either.
    assert set(codes) <= {"LNK005"}


def test_a_vault_has_the_promised_shape() -> None:
    notes = list(vault(NOTES))
    sizes = sorted(len(note.text.encode()) for note in notes)
    assert (sizes[0] >= 300, sizes[-1] < 3200, 800 < sizes[NOTES // 2] < 1200) == (True,) * 3
    paths = [note.path for note in notes]
    assert len(set(paths)) == NOTES
    names = [path.rpartition("/")[2] for path in paths]
    assert 1 < NOTES - len(set(names)) < NOTES // 20
    assert 5 < max(path.count("/") for path in paths) <= 8
    assert NOTES // 50 < sum(not path.isascii() for path in paths) < NOTES // 10


def test_few_notes_are_linked_to_by_many() -> None:
    documents = [parse(note.path, note.text) for note in vault(NOTES)]
    targets = Counter(link.target for document in documents for link in resolvable_links(document))
    counts = sorted(targets.values(), reverse=True)
    assert counts[0] > 20 * counts[len(counts) // 2]
    kinds = Counter(link.kind for document in documents for link in document.links)
    assert set(kinds) == {"wiki", "embed", "markdown"}


def test_the_command_writes_a_vault(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.synthetic", str(tmp_path), "--notes", "200"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{sum(note.broken for note in vault(200))} of the links are broken\n"
    assert digest(tmp_path) == DIGEST

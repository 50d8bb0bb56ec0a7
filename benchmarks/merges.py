"""What the merges of a repository become, beside what git makes of them and what people made.

    python benchmarks/merges.py FOLDER_OR_BUNDLE

Replays each merge of two commits: every note that both sides changed since they parted is merged
by vaultsync and by `git merge-file`, and each result is compared with the text in the merge itself.

- equal: to the byte what people made of it;
- conflict: it is left to a person: in callouts by vaultsync, between marks by git;
- other: a merge without a conflict, but people then changed something that neither side had.

A word that one side added and that is not in the merged text is lost: each is printed. Notes that
one side deleted are counted alone. Exit code 1 if a word is lost.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from vaultsync.core.config import Config
from vaultsync.sync.merge_note import merge_note

_WORD = re.compile(r"\w+")
_SIDES = 2


class Note(NamedTuple):
    """A note that both sides changed: the base, ours, theirs, and what people made of it."""

    name: str
    base: str
    ours: str
    theirs: str
    people: str


def main() -> None:
    """Replay and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", help="a repository or a bundle of one")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "vault")
        source = parser.parse_args().source
        subprocess.run(["git", "clone", "--quiet", "--bare", source, folder], check=True)
        found = Counter[tuple[str, str]]()
        losses = 0
        for note in notes(folder, found):
            text, is_clean = ours(note)
            found["vaultsync", outcome(note, text, is_clean=is_clean)] += 1
            found["git", outcome(note, *of_git(note, Path(scratch)))] += 1
            for word in lost(note, text):
                losses += 1
                print(f"{note.name}: lost {word}")
    _show(found)
    sys.exit(losses > 0)


def notes(folder: Path, found: Counter[tuple[str, str]]) -> Iterator[Note]:
    """Yield the notes that both sides of a merge changed, and count those that one deleted."""
    for line in _git(folder, "rev-list", "--merges", "--parents", "--all").splitlines():
        merge, *parents = line.split()
        bases = (
            _git(folder, "merge-base", "--all", *parents).split() if len(parents) == _SIDES else []
        )
        if not bases:
            continue
        changed = [_changed(folder, bases[0], parent) for parent in parents]
        for path in sorted(changed[0] & changed[1]):
            versions = [_text(folder, one, path) for one in (bases[0], *parents, merge)]
            base, our, their, people = versions
            if our is None or their is None or people is None:
                found["deleted", ""] += 1
            elif our != their:
                yield Note(f"{merge[:8]} {path}", base or "", our, their, people)


def ours(note: Note) -> tuple[str, bool]:
    """Return what vaultsync makes of a note without a type, and whether without a conflict."""
    merged = merge_note("note.md", (note.base, note.ours, note.theirs), Config())
    return merged.text, not merged.conflicts


def of_git(note: Note, scratch: Path) -> tuple[str, bool]:
    """Return what git makes of a note, and whether without a conflict."""
    files = [scratch / name for name in ("ours", "base", "theirs")]
    for file, text in zip(files, (note.ours, note.base, note.theirs), strict=True):
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
    done = subprocess.run(["git", "merge-file", "-p", *files], capture_output=True, check=False)
    return done.stdout.decode("utf-8", "surrogateescape"), done.returncode == 0


def outcome(note: Note, text: str, is_clean: bool) -> str:  # noqa: FBT001 - of a pair
    """Return which of the outcomes a merged text is."""
    if text == note.people:
        return "equal"
    return "other" if is_clean else "conflict"


def lost(note: Note, text: str) -> list[str]:
    """Return the words that a side added and a merged text lacks."""
    base, our, their, merged = (
        set(_WORD.findall(one)) for one in (note.base, note.ours, note.theirs, text)
    )
    return sorted((our | their) - base - merged)


def _changed(folder: Path, base: str, commit: str) -> set[str]:
    options = ("--name-only", "-z", "--no-renames")
    return set(_git(folder, "diff", *options, base, commit, "--", "*.md").split("\0")) - {""}


def _text(folder: Path, commit: str, path: str) -> str | None:
    done = subprocess.run(
        ["git", "show", f"{commit}:{path}"], cwd=folder, capture_output=True, check=False
    )
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else None


def _git(folder: Path, *command: str) -> str:
    done = subprocess.run(["git", *command], cwd=folder, capture_output=True, check=False)
    return done.stdout.decode("utf-8", "surrogateescape")


def _show(found: Counter[tuple[str, str]]) -> None:
    print("| | equal | conflict | other |\n| --- | --: | --: | --: |")
    for tool in ("vaultsync", "git"):
        counts = " | ".join(str(found[tool, one]) for one in ("equal", "conflict", "other"))
        print(f"| {tool} | {counts} |")
    print(f"deleted by one side: {found['deleted', '']}")


if __name__ == "__main__":
    main()

"""What the merges of a repository become, beside what git makes of them and what people made.

    python benchmarks/merges.py FOLDER_OR_BUNDLE

Replays each merge of two commits as `vaultsync sync` merges them. Every note that both sides
changed since they parted is compared with its text in the merge itself, and so is what
`git merge-file` makes of it:

- equal: to the byte what people made of it;
- conflict: it is left to a person: in callouts by vaultsync, between marks by git;
- other: a merge without a conflict, but people then changed something that neither side had.

Of notes that one side deleted, or gave another name, it is counted how many became what people
made of them. A word that one side added and that is nowhere in the notes of the merged tree is
lost: each is printed. Exit code 1 if a word is lost.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from vaultsync.app.sync.merge import merge_commits
from vaultsync.app.workspace import Workspace
from vaultsync.core.errors import VaultsyncError

_WORD = re.compile(r"\w+")
_SIDES = 2
Texts = Mapping[str, str]


class Replayed(NamedTuple):
    """A merge: the notes that a side changed, in the base, ours, theirs, people's and our merge.

    `both` are those that both sides changed, if only the mode; `conflicts` those with conflicts.
    """

    name: str
    base: Texts
    ours: Texts
    theirs: Texts
    people: Texts
    merged: Texts
    both: frozenset[str]
    conflicts: frozenset[str]


class Note(NamedTuple):
    """A note that both sides changed: the base, ours and theirs."""

    base: str
    ours: str
    theirs: str


def main() -> None:
    """Replay and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", help="a repository or a bundle of one")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "vault").resolve()
        source = parser.parse_args().source
        command = ["git", "clone", "--quiet", "--no-checkout", source, folder]
        subprocess.run(command, check=True)
        found, losses = Counter[tuple[str, str]](), 0
        for one in replayed(folder):
            found["merges", ""] += 1
            _count(one, found, Path(scratch))
            for word in lost(one):
                losses += 1
                print(f"{one.name}: lost {word}")
    _show(found)
    sys.exit(losses > 0)


def replayed(folder: Path) -> Iterator[Replayed]:
    """Yield the merges of two commits that have something in common."""
    workspace = Workspace(str(folder))
    for line in _git(folder, "rev-list", "--merges", "--parents", "--all").splitlines():
        merge, *parents = line.split()
        bases = (
            _git(folder, "merge-base", "--all", *parents).split() if len(parents) == _SIDES else []
        )
        if not bases:
            continue
        try:
            merged = merge_commits(workspace, parents[0], parents[1], "host")
        except VaultsyncError as error:
            print(f"{merge[:8]}: {error}")
            continue
        revisions = (bases[0], *parents, merge, merged.tree)
        changed = [_changed(folder, bases[0], one) for one in revisions[1:]]
        paths = sorted(set[str]().union(*changed))
        base, ours, theirs, people, text = (_texts(folder, one, paths) for one in revisions)
        conflicts = frozenset(one.path for one in merged.conflicts)
        both = frozenset(changed[0] & changed[1])
        yield Replayed(merge[:8], base, ours, theirs, people, text, both, conflicts)


def _count(one: Replayed, found: Counter[tuple[str, str]], scratch: Path) -> None:
    """Count what became of the notes that both sides changed."""
    for path in one.both:
        base, our, their = (side.get(path) for side in (one.base, one.ours, one.theirs))
        if our == their:
            continue
        if our is None or their is None:
            is_equal = one.merged.get(path) == one.people.get(path)
            found["deleted", "equal" if is_equal else "other"] += 1
        elif path in one.people:
            text, is_clean = one.merged.get(path, ""), path not in one.conflicts
            found["vaultsync", outcome(one.people[path], text, is_clean=is_clean)] += 1
            text, is_clean = of_git(Note(base or "", our, their), scratch)
            found["git", outcome(one.people[path], text, is_clean=is_clean)] += 1


def of_git(note: Note, scratch: Path) -> tuple[str, bool]:
    """Return what git makes of a note, and whether without a conflict."""
    files = [scratch / name for name in ("ours", "base", "theirs")]
    for file, text in zip(files, (note.ours, note.base, note.theirs), strict=True):
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
    done = subprocess.run(["git", "merge-file", "-p", *files], capture_output=True, check=False)
    return done.stdout.decode("utf-8", "surrogateescape"), done.returncode == 0


def outcome(people: str, text: str, *, is_clean: bool) -> str:
    """Return which of the outcomes a merged text is."""
    if text == people:
        return "equal"
    return "other" if is_clean else "conflict"


def lost(one: Replayed) -> list[str]:
    """Return the words that a side added and a merge lacks."""
    base, ours, theirs, merged = (
        _words(texts.values()) for texts in (one.base, one.ours, one.theirs, one.merged)
    )
    return sorted((ours | theirs) - base - merged)


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in _WORD.findall(text)}


def _changed(folder: Path, base: str, revision: str) -> set[str]:
    options = ("--name-only", "-z", "--no-renames")
    return set(_git(folder, "diff", *options, base, revision, "--", "*.md").split("\0")) - {""}


def _texts(folder: Path, revision: str, paths: Iterable[str]) -> Texts:
    """Return the texts of those files that there are."""
    names = "".join(f"{revision}:{path}\n" for path in paths)
    done = subprocess.run(
        ["git", "cat-file", "--batch"],
        cwd=folder,
        input=names.encode("utf-8", "surrogateescape"),
        capture_output=True,
        check=True,
    )
    found, rest = dict[str, str](), done.stdout
    for path in paths:
        head, _, rest = rest.partition(b"\n")
        if not head.endswith(b"missing"):
            size = int(head.rpartition(b" ")[2])
            found[path] = rest[:size].decode("utf-8", "surrogateescape")
            rest = rest[size + 1 :]
    return found


def _git(folder: Path, *command: str) -> str:
    done = subprocess.run(["git", *command], cwd=folder, capture_output=True, check=False)
    return done.stdout.decode("utf-8", "surrogateescape")


def _show(found: Counter[tuple[str, str]]) -> None:
    print("| | equal | conflict | other |\n| --- | --: | --: | --: |")
    for tool in ("vaultsync", "git"):
        counts = " | ".join(str(found[tool, one]) for one in ("equal", "conflict", "other"))
        print(f"| {tool} | {counts} |")
    equal, other = (found["deleted", one] for one in ("equal", "other"))
    print(f"merges: {found['merges', '']}")
    print(f"deleted or renamed by one side: {equal} equal, {other} other")


if __name__ == "__main__":
    main()

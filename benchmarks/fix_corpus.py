"""Fix a whole vault in a clone and show that only lines with a finding changed.

    python benchmarks/fix_corpus.py FOLDER_OR_BUNDLE [--select ALL] [--unsafe] [--diff]

The vault must be a git repository, or a bundle of one, and is itself not touched. Compares
`git diff` with the lines of the findings that have a fix, then fixes again. Exit code 1 where
another line changed, or where the second run changes anything.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? ")


def main() -> int:
    """Fix, compare, print the figures and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("vault", help="a repository with notes, or a git bundle of one")
    parser.add_argument("--select", default="ALL", help="the rules, as in `vaultsync lint`")
    parser.add_argument("--unsafe", action="store_true", help="apply the unsafe fixes too")
    parser.add_argument("--diff", action="store_true", help="print what changed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch, "vault")
        git(Path(), "clone", "--quiet", str(Path(given.vault).resolve()), str(clone))
        options = ["--select", given.select, *(["--unsafe-fixes"] if given.unsafe else [])]
        return checked(clone, options, given.select, show=given.diff)


def checked(vault: Path, options: list[str], select: str, *, show: bool) -> int:
    """Fix a vault, print what that did and return the exit code."""
    rounds: list[int] = []
    for _ in range(2):
        allowed, rules = findings(vault, select, unsafe="--unsafe-fixes" in options)
        lint(vault, "--fix", *options, "--output-format", "json")
        lines = changed(vault)
        astray = {path: found - allowed.get(path, set()) for path, found in lines.items()}
        astray = {path: found for path, found in astray.items() if found}
        print(f"{len(lines)} notes changed, {sum(map(len, lines.values()))} lines; {dict(rules)}")
        for path, found in sorted(astray.items()):
            print(f"no finding there: {path}, lines {sorted(found)}")
        if show:
            print(git(vault, "diff", "-U0"))
        git(vault, "commit", "--quiet", "--all", "--allow-empty", "-m", "fixed")
        rounds.append(len(lines))
        if astray:
            return 1
    print(f"a second run changes {'more' if rounds[-1] else 'nothing'}")
    return 1 if rounds[-1] else 0


def findings(vault: Path, select: str, *, unsafe: bool) -> tuple[dict[str, set[int]], Counter[str]]:
    """Return the lines of findings with a fix, by note, and how many each rule has."""
    said = json.loads(lint(vault, "--select", select, "--output-format", "json"))
    lines: dict[str, set[int]] = {}
    rules: Counter[str] = Counter()
    for found in said["findings"]:
        fix = found["fix"]
        if fix and (fix["safe"] or unsafe):
            rules[found["code"]] += 1
            lines.setdefault(found["path"], set()).update(
                range(found["start"]["line"], found["end"]["line"] + 1)
            )
    return lines, rules


def changed(vault: Path) -> dict[str, set[int]]:
    """Return the lines of the notes as they were that git says were changed."""
    lines: dict[str, set[int]] = {}
    for path in filter(None, git(vault, "diff", "--name-only", "-z").split("\0")):
        numbers: set[int] = set()
        for start, count in _HUNK.findall(git(vault, "diff", "-U0", "--", f":(literal){path}")):
            numbers.update(range(int(start), int(start) + int(count or 1)) or [int(start)])
        lines[path] = numbers
    return lines


def lint(vault: Path, *options: str) -> str:
    """Run the linter on a vault and return its standard output."""
    command = [sys.executable, "-m", "vaultsync", "--vault", ".", "lint", *options]
    done = subprocess.run(command, cwd=vault, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return done.stdout


def git(folder: Path, *args: str) -> str:
    """Run git and return what it says."""
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    command = ["git", *identity, *args]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "surrogateescape")


if __name__ == "__main__":
    sys.exit(main())

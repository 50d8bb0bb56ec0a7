"""How long the changelog of a whole history takes, as a multiple of what git alone takes.

    python benchmarks/history.py FOLDER_OR_BUNDLE [--rounds 5]
    python benchmarks/history.py --synthetic [--rounds 5]

Clones the repository, gives it a note that keeps a journal, and runs, in rounds that alternate and
each as a process of its own:

- git: `git log --raw -z -M` and `git cat-file --batch` of every version of a note in it;
- vaultsync: `vaultsync changelog --rebuild`, which writes the journal of all days;
- again: the same, with what the run before kept in the store;
- later: `vaultsync changelog`, when the journal is committed and one more commit changed a note;
- git-cliff, where it is installed: a changelog of commit messages, from no file at all;
- pygit2, where it is installed: a walk with the same diffs and the same versions, and no more.

Prints the best wall and processor times and the most memory of the largest process. `--synthetic`
takes the history of 5,000 commits over 1,000 typed notes of `synthetic_history.py`.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from vaultsync.infra.cache import cache_folder

_HERE = Path(__file__).parent
_JOURNAL = "<!-- vaultsync:changelog -->\n\n<!-- /vaultsync -->\n"
_LOG = ("log", "--raw", "-z", "-M", "--no-abbrev", "--root")
_IDS = re.compile(rb":\d{6} \d{6} ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) [A-Z]\d*\0([^\0]*)")
_PYGIT2 = """
import sys, pygit2
repository = pygit2.Repository(sys.argv[1])
seen = set()
for commit in repository.walk(repository.head.target, pygit2.enums.SortMode.TOPOLOGICAL):
    tree = commit.parents[0].tree if commit.parents else None
    old = [tree] if tree else []
    diff = commit.tree.diff_to_tree(*old, swap=True)
    diff.find_similar()
    for delta in diff.deltas:
        for file in (delta.old_file, delta.new_file):
            if file.path.endswith(".md") and str(file.id).strip("0") and file.id not in seen:
                seen.add(file.id)
                len(repository[file.id].data)
"""


class Cost(NamedTuple):
    """Seconds by the clock, seconds of the processor, and mebibytes."""

    wall: float
    cpu: float
    memory: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", nargs="?", help="a repository or a bundle of one")
    parser.add_argument("--synthetic", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["VAULTSYNC_CACHE_DIR"] = f"{scratch}/cache"
        source = arguments.source
        if arguments.synthetic:
            source = str(Path(scratch, "synthetic"))
            subprocess.run([sys.executable, _HERE / "synthetic_history.py", source], check=True)
        vault = Path(scratch, "vault")
        subprocess.run(["git", "clone", "--quiet", source, vault], check=True)
        (vault / ".obsidian").mkdir(exist_ok=True)
        measure(vault, Path(scratch, "ids"), arguments.rounds)


def measure(vault: Path, ids: Path, rounds: int) -> None:
    """Print what each way costs."""
    ids.write_bytes(versions(vault))
    ways: dict[str, Callable[[], Cost]] = {
        "git": lambda: bare(vault, ids),
        "vaultsync": lambda: ours(vault),
        "again": lambda: cost(changelog(vault, "--rebuild")),
        "later": lambda: later(vault),
    }
    if shutil.which("git-cliff"):
        config = ids.with_name("cliff.toml")
        config.write_text("[git]\nconventional_commits = false\nfilter_unconventional = false\n")
        command = ["git-cliff", "--config", str(config), "--repository", str(vault)]
        ways["git-cliff"] = lambda: cost(command)
    if importlib.util.find_spec("pygit2"):
        ways["pygit2"] = lambda: cost([sys.executable, "-c", _PYGIT2, str(vault)])
    runs = [{name: way() for name, way in ways.items()} for _ in range(rounds)]
    count = subprocess.check_output(["git", "-C", vault, "rev-list", "--count", "HEAD"])
    print(f"{int(count)} commits, {len(ids.read_text().splitlines())} versions of notes")
    best = {
        name: Cost(*(min(column) for column in zip(*(run[name] for run in runs), strict=True)))
        for name in ways
    }
    for name, one in best.items():
        clock, work = one.wall / best["git"].wall, one.cpu / best["git"].cpu
        print(f"{name:10} {one.wall:6.2f} s ({clock:4.1f} x), processor {one.cpu:6.2f} s", end="")
        print(f" ({work:4.1f} x), {one.memory:4.0f} MiB")


def versions(vault: Path) -> bytes:
    """Return the ids of all versions of notes in the history, a line each."""
    log = subprocess.check_output(["git", "-C", vault, *_LOG])
    found = {name for *pair, path in _IDS.findall(log) if path.endswith(b".md") for name in pair}
    return b"".join(sorted(name + b"\n" for name in found if name.strip(b"0")))


def bare(vault: Path, ids: Path) -> Cost:
    """Return what it costs git to tell which files changed, and to hand out their contents."""
    with ids.open() as wanted:
        log = cost(["git", "-C", str(vault), *_LOG])
        contents = cost(["git", "-C", str(vault), "cat-file", "--batch", "--buffer"], wanted)
    return Cost(log.wall + contents.wall, log.cpu + contents.cpu, max(log.memory, contents.memory))


def ours(vault: Path) -> Cost:
    """Return what our journal of the whole history costs, with nothing kept from a run before."""
    if cache := cache_folder(str(vault)):
        shutil.rmtree(cache, ignore_errors=True)
    (vault / "Changelog.md").write_text(_JOURNAL)
    return cost(changelog(vault, "--rebuild"))


def later(vault: Path) -> Cost:
    """Return what it costs to record one more commit; the repository is then as it was before."""
    git = ["git", "-C", str(vault), "-c", "user.name=Bench", "-c", "user.email=bench@example.org"]
    head = subprocess.check_output([*git, "rev-parse", "HEAD"], text=True).strip()
    subprocess.run([*git, "add", "--all"], check=True)
    subprocess.run([*git, "commit", "--quiet", "--message", "Write the journal"], check=True)
    names = subprocess.check_output([*git, "ls-files", "-z", "*.md"], text=True).split("\0")
    note = next(path for name in names if (path := vault / name).read_bytes().startswith(b"---\n"))
    note.write_bytes(note.read_bytes().replace(b"---\n", b"---\nseen: today\n", 1))
    subprocess.run([*git, "commit", "--quiet", "--all", "--message", "Change a note"], check=True)
    try:
        return cost(changelog(vault))
    finally:
        subprocess.run([*git, "reset", "--quiet", "--hard", head], check=True)


def changelog(vault: Path, *options: str) -> list[str]:
    """Return the command that writes the journal."""
    return [sys.executable, "-m", "vaultsync", "--vault", str(vault), "changelog", *options]


def cost(command: list[str], stdin: object = subprocess.DEVNULL) -> Cost:
    """Return what a command costs, its own child processes included."""
    start = time.monotonic()
    with subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE) as process:  # type: ignore[call-overload]
        while process.stdout.read(1 << 20):
            pass
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    wall = time.monotonic() - start
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    main()

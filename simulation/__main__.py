"""Play rounds of machines that share a vault; see docs/reliability.md.

python -m simulation rounds --count 500 --seed 0 --record FILE    what is recorded is not repeated
python -m simulation rounds --count 1 --seed 17 --keep FOLDER     a round again, with its files
python -m simulation planted --count 100                          each planted fault is found
python -m simulation compare --count 100                          plain git, by the same seeds
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import pkgutil
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import vaultsync
from simulation import planted
from simulation.checks import DAMAGE
from simulation.rounds import MODES, Result, make_template, play

_SHOWN = 12
_WORD = re.compile(r"[\w./-]+\w")
_PROGRAMS = ("sync", "obsidian-git", "phone", "person")


def main() -> int:
    """Run the command line and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m simulation")
    parser.add_argument("command", choices=["rounds", "planted", "compare"])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0, help="of the first round")
    parser.add_argument("--record", type=Path, help="a file of the rounds that are done")
    parser.add_argument("--keep", type=Path, help="where the files of rounds are")
    parser.add_argument("--only", help="a planted fault, or a way to sync")
    given = parser.parse_args()
    import_all()
    seeds = range(given.seed, given.seed + given.count)
    with tempfile.TemporaryDirectory(prefix="simulation-", dir=_memory()) as scratch:
        run = {"rounds": rounds, "planted": plants, "compare": compare}[given.command]
        return run(given, seeds, Path(scratch))


def import_all() -> None:
    """Load the whole of vaultsync once: the processes of the rounds are forked from this one."""
    for module in pkgutil.walk_packages(vaultsync.__path__, "vaultsync."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    importlib.import_module("git")
    gc.freeze()


def _memory() -> str | None:
    """Return a folder in memory, where there is one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a folder is made in it


def each(
    seeds: range, scratch: Path, mode: str = "vaultsync", plant: str = "", keep: Path | None = None
) -> Iterator[Result]:
    """Play rounds; the folder of one that fails is kept."""
    template = scratch / f"template-{mode}"
    if not template.exists():
        template.mkdir()
        make_template(template, mode)
    for seed in seeds:
        folder = (keep or scratch) / f"round-{seed}"
        result = play(seed, template, folder, mode, plant)
        if not keep and (plant or not result.problems):
            shutil.rmtree(folder)
        yield result


def rounds(given: argparse.Namespace, seeds: range, scratch: Path) -> int:
    """Play rounds that are not recorded yet, and print those that fail with their account."""
    done = read_record(given.record)
    failed = sum(bool(one["problems"]) for seed, one in done.items() if seed in seeds)
    todo = [seed for seed in seeds if seed not in done]
    seconds = [0.0]
    for seed in todo:
        (result,) = each(range(seed, seed + 1), scratch, plant=given.only or "", keep=given.keep)
        seconds.append(result.seconds)
        if given.record:
            with given.record.open("a") as file:
                print(json.dumps(result._asdict() | {"story": []}), file=file)
        if result.problems:
            failed += 1
            show(result, scratch, given.keep)
    played = f"{len(todo)} played, {max(seconds):.1f} s at most, {sum(seconds):.0f} s in all"
    print(f"{len(seeds)} rounds, seeds {seeds[0]} to {seeds[-1]}: {failed} failed ({played})")
    return 1 if failed else 0


def show(result: Result, scratch: Path, keep: Path | None) -> None:
    """Print why a round failed, the shortest account of it, and where its files are."""
    folder = (keep or scratch) / f"round-{result.seed}"
    if not keep:
        kept = Path(tempfile.gettempdir(), f"simulation-{result.seed}")
        shutil.rmtree(kept, ignore_errors=True)
        shutil.move(folder, kept)
        folder = kept
    print(f"seed {result.seed} ({folder}):")
    for problem in result.problems[:_SHOWN]:
        print(f"  {problem}")
    for line in account(result):
        print(f"    {line}")
    sys.stdout.flush()


def account(result: Result) -> list[str]:
    """Return the lines of the story that have to do with what is wrong, and all syncs."""
    wrong = {Path(word).stem for problem in result.problems for word in _WORD.findall(problem)}
    return [
        line
        for line in result.story
        if any(word in line for word in _PROGRAMS)
        or wrong & {*_WORD.findall(line.partition(" ")[2])}
    ]


def read_record(record: Path | None) -> dict[int, dict[str, object]]:
    """Return the rounds that are done, by seed."""
    if not record or not record.exists():
        return {}
    return {one["seed"]: one for one in map(json.loads, record.read_text().splitlines())}


def plants(given: argparse.Namespace, seeds: range, scratch: Path) -> int:
    """Plant each fault, and play until a round fails that does not fail without it."""
    missed = 0
    print("| planted | seed | what the round found |")
    print("| --- | --: | --- |")
    for name in [given.only] if given.only else planted.FAULTS:
        found = next(
            (one for one in each(seeds, scratch, plant=name) if _is_found(one, scratch)), None
        )
        missed += found is None
        print(
            f"| {name} | {found.seed} | {found.problems[0]} |"
            if found
            else f"| {name} | | NOT FOUND |"
        )
        sys.stdout.flush()
    return 1 if missed else 0


def _is_found(result: Result, scratch: Path) -> bool:
    """Whether a round fails with a fault, and does not without it."""
    if not result.problems:
        return False
    (plain,) = each(range(result.seed, result.seed + 1), scratch, keep=scratch / "plain")
    return not plain.problems


def compare(given: argparse.Namespace, seeds: range, scratch: Path) -> int:
    """Print what becomes of the same seeds by each way to sync."""
    print("| | conflicts for a person | unreadable | markers | something twice | words lost |")
    print("| --- | --: | --: | --: | --: | --: |")
    for mode in [given.only] if given.only else MODES:
        found = [*each(seeds, scratch, mode)]
        damage = [sum(one.damage.get(kind, 0) for one in found) for kind in DAMAGE]
        figures = [sum(one.conflicts for one in found), *damage, sum(one.lost for one in found)]
        words = sum(one.words for one in found)
        print(f"| {mode} | {' | '.join(map(str, figures))} of {words:,} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

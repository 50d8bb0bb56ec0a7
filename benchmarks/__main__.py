"""Measure vaultsync and its peers side by side, and write down what came of it.

    benchmarks/run CORPUS [--rounds 10] [--growth] [--slow]

CORPUS is a git bundle of a vault, or a folder with one; it is cloned and not changed. The peers,
and this checkout, are installed into a temporary folder. Prints tables, and writes
benchmarks/results.json, docs/performance.md and its plot. Needs Linux, Python 3.11, git, and the
Debian packages hyperfine, time, pandoc and hugo. Exit: 0 measured, whatever came of it; 2 cannot
run.
"""

from __future__ import annotations

import argparse
import datetime
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import page, results
from benchmarks.cases import corpus_cases, growth_cases
from benchmarks.goals import LARGE, SMALL
from benchmarks.measure import measure, with_memory
from benchmarks.publishing import about as publishing_about
from benchmarks.publishing import missing as publishing_missing
from benchmarks.publishing import publishing_runs
from benchmarks.tools import Tool, install, missing, tools, version

_SIZES = (1_000, 3_000, SMALL)
_LARGE_SIZES = (30_000, LARGE)
_GROWTH_ROUNDS = 3


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="benchmarks/run", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("corpus", type=Path, help="a git bundle of a vault, or a folder with one")
    parser.add_argument("--rounds", type=int, default=10, help="on the corpus")
    parser.add_argument("--growth", action="store_true", help=f"up to {LARGE:,} notes (minutes)")
    parser.add_argument("--slow", action="store_true", help="the slow peers too, once each")
    given = parser.parse_args()
    lacking = [*missing(slow=given.slow), *publishing_missing()]
    if not given.corpus.exists():
        lacking.append(f"{given.corpus}: there is no such bundle or folder")
    if lacking:
        sys.stderr.write("".join(f"{line}\n" for line in lacking))
        return 2
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as scratch:
        os.environ["VAULTSYNC_CACHE_DIR"] = f"{scratch}/cache"
        for found in _measured(given, Path(scratch)):
            results.FILE.write_text(results.dump(found), encoding="utf-8")
            page.write(found)
    print(f"\n{page.summary(found)}\nwrote {results.FILE.name}, {page.PAGE.name} and its plot")
    return 0


def _measured(given: argparse.Namespace, folder: Path) -> Iterator[results.Results]:
    """Yield what is measured so far, behind each stage, since a stage takes minutes."""
    chosen = tools(slow=given.slow)
    for tool in chosen:
        print(f"installing {tool.name}", flush=True)
        install(tool, folder)
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    about = {tool.name: _about(tool, version(tool)) for tool in chosen} | publishing_about()
    runs: list[results.Run] = []
    for stage in _stages(given, chosen, folder):
        runs += stage
        yield results.Results(today, results.machine(), about, runs)


def _stages(
    given: argparse.Namespace, chosen: list[Tool], folder: Path
) -> Iterator[list[results.Run]]:
    cases = list(corpus_cases(chosen, given.corpus.resolve(), folder / "corpus"))
    yield with_memory(cases, measure(cases, given.rounds))
    shutil.rmtree(folder / "corpus")
    yield publishing_runs(folder / "publishing", given.rounds)
    quick = [tool for tool in chosen if not tool.slow]
    for notes in (*_SIZES, *(_LARGE_SIZES if given.growth else ())):
        print(f"writing vaults of {notes:,} notes", flush=True)
        cases = list(growth_cases(quick, notes, folder / "growth"))
        yield measure(cases, min(given.rounds, _GROWTH_ROUNDS))
        shutil.rmtree(folder / "growth")


def _about(tool: Tool, found: str) -> dict[str, str]:
    return {"version": found, "command": tool.lint, "checks": tool.rules_on}


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"cannot run: {error}\n")
        sys.exit(2)

"""Read hostile notes for a while and report what does not hold.

    python -m fuzz --minutes 10            all checks, then stop; exit 1 where one failed
    python -m fuzz patterns                how the time to read each known pattern grows
    python -m fuzz facts --seed 3 --show   one round again, with each text before it is read

Each round is a process of its own, so that a crash or a hang is a failure and not the end.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import time

from fuzz.growth import SIZES, all_patterns
from fuzz.run import CHECKS, run

EXAMPLES = {"growth": 60}
MANY = 500
HANG = 300


def main() -> int:
    """Run the command line and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("check", nargs="?", choices=["patterns", *CHECKS], help="one round of it")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0, help="of the first round")
    parser.add_argument("--show", action="store_true", help="print each text before it is read")
    given = parser.parse_args()
    if given.check == "patterns":
        return patterns()
    if given.check:
        examples = EXAMPLES.get(given.check, MANY)
        print(run(given.check, given.seed, examples, show=given.show), "texts")
        return 0
    return everything(given.minutes, given.seed)


def patterns() -> int:
    """Print what grows faster than its text, and the slowest of the others."""
    found = sorted(all_patterns(), key=lambda growth: -growth.seconds[-1])
    steep = [growth for growth in found if growth.is_steep]
    print(f"CPU seconds for {', '.join(f'{size:,}' for size in SIZES)} characters, and exponent")
    for growth in [*steep, *[one for one in found if not one.is_steep][:10]]:
        times = " ".join(f"{taken:6.3f}" for taken in growth.seconds)
        mark = "STEEP" if growth.is_steep else "     "
        print(f"{mark} {times}  {growth.exponent:.2f}  {growth.name[:60]!a}")
    print(f"{len(found)} patterns, {len(steep)} of them steep")
    return 1 if steep else 0


def everything(minutes: float, first: int) -> int:
    """Measure the patterns, then run rounds of all checks until the time is up."""
    end = time.monotonic() + 60 * minutes
    failures = 0 if child("patterns", show=True) is not None else 1
    texts = rounds = 0
    for number in itertools.count(first):
        for name in CHECKS:
            count = child(name, "--seed", str(number))
            failures += count is None
            texts += count or 0
            rounds += 1
        if time.monotonic() > end:
            break
    print(f"{texts:,} texts in {rounds} rounds, seeds {first} to {number}: {failures} failures")
    return 1 if failures else 0


def child(*arguments: str, show: bool = False) -> int | None:
    """Run this program again; return how many texts it read, None where it failed."""
    command = [sys.executable, "-m", "fuzz", *arguments]
    started = time.monotonic()
    code: int | str = "hang"
    output = f"stopped after {HANG} s"
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=HANG, check=False)
    except subprocess.TimeoutExpired:
        pass
    else:
        code, output = done.returncode, done.stdout + done.stderr
    count = int(output.split()[0]) if code == 0 and not show else 0
    verdict = f"FAILED ({code})" if code else f"{count} texts" if count else "ok"
    print(f"{' '.join(arguments)}: {verdict} in {time.monotonic() - started:.0f} s", flush=True)
    if code or show:
        print(output, flush=True)
    return None if code else count


if __name__ == "__main__":
    sys.exit(main())

"""Ask tools what the links of small vaults mean, and compare with what Obsidian makes of them.

    python conformance/run.py --tool vaultsync
    python conformance/run.py --command 'my-checker {vault}' --broken 'not found'
    python conformance/run.py --scoreboard

The situations are in vectors.json, the known tools in tools.toml; README.md describes both.
Needs Python 3.11 and the standard library. Exit: 0 all right, 1 something wrong, 2 cannot run.
"""

# ruff: noqa: INP001
from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

# It is started by its path, from any folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conformance.asking import Kind, Result, Tool, run, settings, tools, version
from conformance.situations import NOT_ASKED, is_certain, vectors

Counts = dict[str, tuple[int, int]]
WRONG: tuple[Kind, ...] = ("false alarm", "missed", "other target", "no answer")


def counts(results: Iterable[Result]) -> Counts:
    """Return right and asked for each group and for `all`; uncertain vectors are not counted."""
    right, of = Counter[str](), Counter[str]()
    for vector, kind, _ in results:
        for group in (vector["group"], "all") if is_certain(vector) else ():
            of[group] += 1
            right[group] += kind == "right"
    return {group: (right[group], of[group]) for group in sorted(of, key="all".__eq__)}


def report(results: list[Result]) -> str:
    """Return the wrong answers, then the counts, as text."""
    lines = []
    for vector, kind, why in results:
        if kind != "right":
            what = next(vector[key] for key in ("link", "subpath", "body") if key in vector)
            mark = vector["confidence"] + ("" if is_certain(vector) else ", not counted")
            lines.append(f"{vector['id']} ({vector['group']}, {mark}) {what!r}")
            lines.append(f"    {kind}: {why} ({vector['note']})")
    lines += [f"{group}: {right} of {of}" for group, (right, of) in counts(results).items()]
    return "\n".join(lines) + "\n"


def wrong_ids(results: Iterable[Result]) -> str:
    """Return the ids of the vectors that count and were answered wrongly."""
    wrong = [r.vector["id"] for r in results if r.kind != "right" and is_certain(r.vector)]
    return ", ".join(wrong) or "none"


def table(answers: list[list[Result]]) -> list[list[str]]:
    """Return the rows of the scoreboard: right and asked by group, then what was wrong by kind."""
    tallies = [counts(results) for results in answers]
    groups = dict.fromkeys(v["group"] for v in vectors() if v["group"] not in NOT_ASKED)
    kinds = [Counter(r.kind for r in results if is_certain(r.vector)) for results in answers]
    return [
        *([group, *(_cell(tally, group) for tally in tallies)] for group in (*groups, "all")),
        *([kind, *(str(found[kind]) for found in kinds)] for kind in WRONG),
    ]


def _cell(tally: Counts, group: str) -> str:
    return "{} of {}".format(*tally[group]) if group in tally else "–"


def scoreboard(found: list[tuple[Tool, list[Result]]]) -> str:
    """Return SCOREBOARD.md."""
    everything = vectors()
    certain = sum(map(is_certain, everything))
    rows = [
        ["group", *(f"{tool.name} {version(tool)}".strip() for tool, _ in found)],
        ["---"] * (len(found) + 1),
        *table([results for _, results in found]),
        ["read from", *("targets" if tool.targets else "verdicts" for tool, _ in found)],
    ]
    lines = [
        "# Scoreboard",
        "",
        "Right answers of those asked, written by `python conformance/run.py --scoreboard`.",
        f"Of {len(everything)} vectors {certain} are certain enough to count.",
        "",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
        *settings()["reading"].strip().splitlines(),
        "",
        "## How each was asked, and what it got wrong",
        *(line for tool, results in found for line in _described(tool, results)),
    ]
    return "\n".join(lines) + "\n"


def _described(tool: Tool, results: list[Result]) -> Iterator[str]:
    yield ""
    yield f"- **{tool.name}**: `{tool.command}`"
    yield f"  - Settings: {tool.settings}"
    yield f"  - Left out: {tool.left_out}"
    yield f"  - Wrong: {wrong_ids(results)}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--tool", choices=tools(), help="a tool of tools.toml")
    what.add_argument("--command", help="any other, with {vault}, {source} and {python}")
    what.add_argument("--scoreboard", action="store_true", help="ask all, write SCOREBOARD.md")
    parser.add_argument("--broken", default="", help="pattern of a complaint; else exit code 1 is")
    parser.add_argument("--forms", default="wikilink,embed,markdown,image", help="what it checks")
    parser.add_argument("--only", default="", help="ids or groups of vectors, with commas")
    return parser.parse_args()


def main() -> int:
    """Run the command line."""
    args = _arguments()
    only = set(filter(None, args.only.split(",")))
    chosen = [v for v in vectors() if not only or only & {v["id"], v["group"]}]
    if args.scoreboard:
        text = scoreboard([(tool, run(tool, vectors())) for tool in tools().values()])
        Path(__file__).with_name("SCOREBOARD.md").write_text(text, encoding="utf-8")
        return 0
    given = Tool("command", args.command or "", tuple(args.forms.split(",")), broken=args.broken)
    results = run(given if args.command else tools()[args.tool], chosen)
    sys.stdout.write(report(results))
    return int(wrong_ids(results) != "none")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"cannot run: {error}\n")
        sys.exit(2)

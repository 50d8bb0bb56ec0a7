"""Write docs/performance.md and its plot from the results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.cases import COLD, CORPUS, OWN, PREVIEW, PUBLISH, SYNTHETIC, WARM, WHAT
from benchmarks.goals import GOALS
from benchmarks.plot import plot
from benchmarks.results import Results, Run
from benchmarks.tools import CHECKOUT, OURS

PAGE = CHECKOUT / "docs" / "performance.md"
PLOT = CHECKOUT / "docs" / "images" / "performance.svg"
_MIB = 2**20
_PUBLISHING = """
## Publishing

Every target that the settings of `vault/` name, from a checkout of it and from 1,000 synthetic
notes with its settings. pandoc and markdown-it-py make one HTML file of the Markdown that
`vaultsync` composed of the same notes with all that they hold; Hugo makes a bare site of the notes.
The preview is a running `vaultsync preview` of these notes. In each round another frame is saved,
at another moment of the pause between two looks at the files, and the time ends when a client that
was told of the change has read a page with the new text. Its CPU time is that of the server.
"""

_METHOD = """
**How it was measured.** Each command is a whole process, timed by hyperfine; what it prints goes to
`/dev/null`. In each round every command has one turn, so that noise hits all alike; what one leaves
to be written to the disk is written before the next (`sync`). The table gives the median of the
rounds and the fastest. CPU time is that of all processes of a command.

- *Cold* means that the tool's own store or cache was removed before. The files themselves were in
  the system's memory.
- *Warm* means that the same command was run just before, and nothing changed since. For the hook
  three notes were changed and staged after that run.
- *Memory* was taken in runs of its own, the highest of three. Every few milliseconds the resident
  memory of all processes of the command is added up. What processes share counts twice in the
  first figure, which is therefore too high for those that fork; in the second it counts once.
- *Findings* differ because the tools check different things, as the table of the tools shows.

The corpus is a public vault, the notes of the Obsidian Hub. Synthetic vaults come from
`benchmarks/synthetic.py` and are the same everywhere.
"""


def write(results: Results) -> None:
    """Write the page, and its plot where there is something to draw."""
    PAGE.write_text(page(results), encoding="utf-8")
    if _of(results, SYNTHETIC):
        PLOT.write_text(picture(results), encoding="utf-8")


def page(results: Results) -> str:
    """Return the page."""
    return "\n".join([*_parts(results)]) + "\n"


def picture(results: Results) -> str:
    """Return the plot of time against notes."""
    lines = {
        f"{run.tool}, {run.case.removeprefix('lint, ')}": [
            (other.notes, other.seconds)
            for other in _of(results, SYNTHETIC)
            if (other.tool, other.case) == (run.tool, run.case)
        ]
        for run in _of(results, SYNTHETIC)
        if run.case in {COLD, WARM}
    }
    return plot(lines, "Seconds to lint a vault, against its number of notes")


def summary(results: Results) -> str:
    """Return the tables of the goals and of the corpus for a terminal."""
    tables = (_goals(results), _corpus(results))
    return "\n\n".join("\n".join(aligned(rows)) for rows in tables) + "\n"


def aligned(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the rows of a table with columns of equal width."""
    table = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _parts(results: Results) -> Iterator[str]:
    machine = ", ".join(f"{name} {value}" for name, value in results.machine.items())
    yield "# Performance\n"
    yield f"Measured on {results.day} by `benchmarks/run`, which writes this page too."
    yield f"The machine: {machine}.\n"
    yield from _table(_goals(results))
    yield "\n## A vault of other people's\n"
    yield from _table(_corpus(results))
    yield f"\nThe vault has {_of(results, CORPUS)[0].notes:,} notes. The cases:\n"
    yield from (f"- *{case}*: {what}." for case, what in WHAT.items())
    yield "\n## As a vault grows\n"
    yield f"![Time against the number of notes, as in the table below](images/{PLOT.name})\n"
    yield from _table(_growth(results))
    yield _PUBLISHING
    yield from _table(publishing(results))
    yield "\n## The tools\n"
    yield from _table(_tools(results))
    yield _METHOD.rstrip()


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield f"| {' | '.join(row)} |"
        if not number:
            yield "|---" * len(row) + "|"


def _goals(results: Results) -> Iterator[Sequence[str]]:
    yield "goal", "bound", "measured", "verdict"
    for goal in GOALS:
        yield goal.name, *goal.verdict(results)


def _corpus(results: Results) -> Iterator[Sequence[str]]:
    yield (*_TIMES, "memory", "findings")
    for run in sorted(_of(results, CORPUS), key=lambda run: [*WHAT].index(run.case)):
        findings = "" if run.findings is None else f"{run.findings:,}"
        yield (*_times(results, run), _memory(run), findings)


def publishing(results: Results) -> Iterator[Sequence[str]]:
    """Yield the rows of the table of publishing."""
    yield ("notes", *_TIMES)
    for run in results.runs:
        if run.case in {OWN, PUBLISH, PREVIEW}:
            yield (f"{run.notes:,}", *_times(results, run))


_TIMES = ("case", "tool", "median", "fastest", "CPU", "times ours")


def _times(results: Results, run: Run) -> tuple[str, ...]:
    return (
        run.case,
        run.tool,
        f"{run.seconds:.3f} s",
        f"{min(run.wall):.3f} s",
        f"{sorted(run.cpu)[len(run.cpu) // 2]:.3f} s",
        _ratio(results, run),
    )


def _ratio(results: Results, run: Run) -> str:
    ours = results.find(run.case, OURS, run.vault, run.notes)
    return f"{run.seconds / ours.seconds:.2f}" if ours and run.tool != OURS else ""


def _memory(run: Run) -> str:
    if not run.resident or not run.shared_once:
        return ""
    return f"{run.resident / _MIB:.0f} ({run.shared_once / _MIB:.0f}) MiB"


def _growth(results: Results) -> Iterator[Sequence[str]]:
    yield "notes", "case", "tool", "median", "per note", "times ours"
    for run in sorted(_of(results, SYNTHETIC), key=lambda run: (run.notes, run.case)):
        per_note = f"{run.seconds / run.notes * 1e6:.0f} µs"
        seconds = f"{run.seconds:.3f} s"
        yield f"{run.notes:,}", run.case, run.tool, seconds, per_note, _ratio(results, run)


def _tools(results: Results) -> Iterator[Sequence[str]]:
    yield "tool", "version", "command", "what it does"
    for name, about in results.tools.items():
        yield name, about["version"], f"`{about['command']}`", about["checks"]


def _of(results: Results, vault: str) -> list[Run]:
    return [run for run in results.runs if run.vault == vault and run.case in {COLD, WARM, *WHAT}]

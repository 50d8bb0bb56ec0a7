"""What the figures are to be, and whether they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from benchmarks.cases import (
    COLD,
    CORPUS,
    EDIT,
    HOOK,
    INDEX,
    NOTHING_KEPT,
    OWN,
    OWN_LINT,
    OWN_VAULT,
    PREVIEW,
    PUBLISH,
    SYNTHETIC,
    SYNTHETIC_POST,
    VERSION,
    WARM,
)
from benchmarks.results import Results
from benchmarks.tools import OURS

SMALL, LARGE = 10_000, 100_000
_MIB = 2**20


class Goal(NamedTuple):
    """A bound for a figure; `figure` gives None where a run that it needs was not made."""

    name: str
    bound: float
    shown: str
    figure: Callable[[Results], float | None]

    def verdict(self, results: Results) -> tuple[str, str, str]:
        """Return the bound, the figure and whether it is met, as text."""
        value = self.figure(results)
        bound = f"≤ {self.shown.format(self.bound)}"
        if value is None:
            return bound, "–", "not measured"
        return bound, self.shown.format(value), "met" if value <= self.bound else "not met"


def seconds(case: str, vault: str = CORPUS) -> Callable[[Results], float | None]:
    """Return a figure: the time of one of our cases, in seconds."""

    def figure(results: Results) -> float | None:
        run = results.find(case, OURS, vault)
        return run.seconds if run else None

    return figure


def against(case: str, tool: str, other: str = "") -> Callable[[Results], float | None]:
    """Return a figure: how many times what a tool takes for a case we take for it, or for other."""

    def figure(results: Results) -> float | None:
        run, than = results.find(other or case, OURS), results.find(case, tool)
        return run.seconds / than.seconds if run and than else None

    return figure


def publishing(tool: str) -> Callable[[Results], float | None]:
    """Return a figure: how many times what a tool takes for the encyclopedia we take for it."""

    def figure(results: Results) -> float | None:
        ours, theirs = (
            results.find(PUBLISH, name, SYNTHETIC_POST) for name in (NOTHING_KEPT, tool)
        )
        return ours.seconds / theirs.seconds if ours and theirs else None

    return figure


def growth(case: str) -> Callable[[Results], float | None]:
    """Return a figure: time per note in a large vault, as a multiple of that in a smaller one."""

    def figure(results: Results) -> float | None:
        small, large = (results.find(case, OURS, SYNTHETIC, notes) for notes in (SMALL, LARGE))
        return large.seconds / LARGE / (small.seconds / SMALL) if small and large else None

    return figure


def peak_memory(results: Results) -> float | None:
    """Return the peak of a cold run, all processes added up, in MiB."""
    run = results.find(COLD, OURS)
    return run.resident / _MIB if run and run.resident else None


GOALS = (
    Goal("hook: three staged notes, warm", 0.20, "{:.2f} s", seconds(HOOK)),
    Goal("lint, nothing changed: of rumdl's warm run", 0.6, "{:.2f} ×", against(WARM, "rumdl")),
    Goal("lint, one note edited: of rumdl's run", 1.0, "{:.2f} ×", against(EDIT, "rumdl")),
    Goal("lint, our vault, warm", 0.12, "{:.2f} s", seconds(OWN_LINT, OWN_VAULT)),
    Goal(
        "lint, nothing cached: of rumdl's cold run without its cache",
        1.15,
        "{:.2f} ×",
        against(COLD, "rumdl, no cache"),
    ),
    Goal("lint, nothing cached: of rumdl's cold run", 1.0, "{:.2f} ×", against(COLD, "rumdl")),
    Goal("lint, nothing cached: of mdsmith's run", 0.8, "{:.2f} ×", against(COLD, "mdsmith")),
    Goal("`vaultsync --version`", 0.090, "{:.3f} s", seconds(VERSION)),
    Goal("index, nothing to change: of the warm lint", 1.5, "{:.2f} ×", against(WARM, OURS, INDEX)),
    Goal("publish, our vault, all targets", 0.4, "{:.2f} s", seconds(OWN, OWN_VAULT)),
    Goal(
        "publish, 1,000 frames, all targets, nothing kept: of pandoc's run",
        0.6,
        "{:.2f} ×",
        publishing("pandoc"),
    ),
    Goal(
        "preview, 1,000 frames, from save to reload",
        1.0,
        "{:.2f} s",
        seconds(PREVIEW, SYNTHETIC_POST),
    ),
    Goal("peak memory, nothing cached, processes added up", 150, "{:.0f} MiB", peak_memory),
    Goal(f"time per note, {LARGE:,} of {SMALL:,} notes, cold", 1.2, "{:.2f} ×", growth(COLD)),
    Goal(f"time per note, {LARGE:,} of {SMALL:,} notes, warm", 1.2, "{:.2f} ×", growth(WARM)),
)

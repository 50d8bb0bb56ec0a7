"""The page about performance says what the results say."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from benchmarks import page, results
from benchmarks.cases import COLD, HOOK, SYNTHETIC, WARM
from benchmarks.goals import GOALS
from benchmarks.plot import plot
from benchmarks.results import Results, Run

KEPT = results.load(results.FILE.read_text(encoding="utf-8"))


def test_the_page_and_its_plot_are_those_of_the_results(*, update: bool) -> None:
    if update:
        page.write(KEPT)
    assert page.PAGE.read_text(encoding="utf-8") == page.page(KEPT), "`pytest --update` mends it"
    assert page.PLOT.read_text(encoding="utf-8") == page.picture(KEPT), "`pytest --update` mends it"


def test_results_come_back_as_they_were_kept() -> None:
    assert results.dump(KEPT) == results.FILE.read_text(encoding="utf-8")


def run(case: str, tool: str = "vaultsync", notes: int = 9, *wall: float) -> Run:
    vault = SYNTHETIC if notes >= 10_000 else "corpus"
    return Run(case, tool, vault, notes, "", wall, wall, 150 * 2**20, 2**20, 1)


def verdicts(*runs: Run) -> dict[str, str]:
    found = Results("2026-01-01", {}, {}, runs)
    return {goal.name: goal.verdict(found)[2] for goal in GOALS}


def test_without_runs_no_goal_is_met() -> None:
    assert set(verdicts().values()) == {"not measured"}


@pytest.mark.parametrize(
    ("runs", "goal"),
    [
        ([run(HOOK, "vaultsync", 9, 0.2)], "hook"),
        (
            [run(WARM, "vaultsync", 9, 0.1, 0.5, 0.24), run(WARM, "rumdl", 9, 0.4)],
            "lint, nothing changed",
        ),
        (
            [run(COLD, "vaultsync", 9, 0.8), run(COLD, "mdsmith", 9, 1.0)],
            "lint, nothing cached: of mdsmith",
        ),
        ([run(COLD, "vaultsync", 9, 1.0)], "peak memory"),
        (
            [run(COLD, "vaultsync", 10_000, 1.0), run(COLD, "vaultsync", 100_000, 12.0)],
            "time per note, 100,000 of 10,000 notes, cold",
        ),
    ],
)
def test_a_goal_is_met_up_to_its_bound(runs: list[Run], goal: str) -> None:
    assert [met for name, met in verdicts(*runs).items() if name.startswith(goal)] == ["met"]
    more = [
        replace(one, wall=[2 * x for x in one.wall], resident=151 * 2**20)
        if one.tool == "vaultsync" and one.notes != 10_000
        else one
        for one in runs
    ]
    assert [met for name, met in verdicts(*more).items() if name.startswith(goal)] == ["not met"]


def test_a_plot_is_a_picture_with_a_line_for_each_that_has_points() -> None:
    lines = {"ours, cold": [(100, 0.2), (1000, 2.4)], "ours, warm": [(100, 0.1)], "<none>": []}
    drawn = ET.fromstring(plot(lines, "A & B"))  # noqa: S314 - our own
    svg = "{http://www.w3.org/2000/svg}"
    assert drawn.findtext(f"{svg}title") == "A & B"
    # Each line, and its sample beside the name.
    dashes = [x.get("stroke-dasharray") for x in drawn.iter(f"{svg}polyline")]
    assert dashes == [None, None, "6 4", "6 4"]
    said = [x.text for x in drawn.iter(f"{svg}text")]
    assert {"ours, cold", "ours, warm", "1,000", "0.1 s", "5 s"} <= set(said)


def test_names_beside_a_plot_do_not_touch() -> None:
    lines = {f"line {number}, cold": [(1, 1.0), (2, 1.0 + number / 1000)] for number in range(5)}
    drawn = ET.fromstring(plot(lines, "close"))  # noqa: S314 - our own
    texts = drawn.iter("{http://www.w3.org/2000/svg}text")
    heights = sorted(float(x.get("y", 0)) for x in texts if (x.text or "").startswith("line"))
    assert all(after - before >= 15 for before, after in itertools.pairwise(heights))

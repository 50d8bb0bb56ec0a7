"""The checks of `python -m fuzz`, on few texts that are the same each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fuzz.growth import SIZES, Growth, calls_are_steep, events_alone, exponent, read
from fuzz.patterns import MARKDOWN, YAML, Make
from fuzz.run import CHECKS, run
from fuzz.texts import NOTES

from vaultsync.markdown.document import nesting_error

# To measure their coverage, which other tests have too, would double their time.
pytestmark = pytest.mark.no_cover
MANY = 50
# Reading takes another way for the shortest texts, so a line through them is not a measure.
SMALL = (2_000, 8_000)
# What measures time is run by `python -m fuzz` alone.
UNTIMED = sorted(CHECKS.keys() - {"growth"})


@pytest.mark.parametrize("name", UNTIMED)
def test_what_holds_of_every_note_holds_of_a_few(name: str) -> None:
    assert run(name, 0, MANY) == MANY


def test_a_check_that_fails_on_a_text_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(text: str) -> None:
        assert "[[" not in text

    monkeypatch.setitem(CHECKS, "facts", (NOTES, check))
    with pytest.raises(AssertionError):
        run("facts", 0, MANY)


@pytest.mark.parametrize("patterns", [MARKDOWN, YAML], ids=["Markdown", "YAML"])
def test_calls_grow_as_the_text_does(patterns: dict[str, Make]) -> None:
    # What is refused at its full size need not grow in proportion below it.
    accepted = {name: make for name, make in patterns.items() if not nesting_error(make(SIZES[-1]))}
    assert [name for name, make in accepted.items() if calls_are_steep(make, read, SMALL)] == []


def test_calls_that_grow_as_the_square_are_reported() -> None:
    def squares(text: str) -> None:
        for _ in range(len(text) ** 2 // 64):
            len(text)

    assert calls_are_steep("a".__mul__, squares, SMALL)
    assert not calls_are_steep("a".__mul__, events_alone, SMALL)
    assert not calls_are_steep("a".__mul__, read, SMALL)


def test_time_that_grows_as_the_square_is_steep() -> None:
    square, line = ([size**power * 1e-10 for size in SIZES] for power in (2, 1))
    assert Growth("square", tuple(square), exponent(SIZES, square)).is_steep
    assert not Growth("line", tuple(line), exponent(SIZES, line)).is_steep


def test_one_round_has_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fuzz", "canvas", "--seed", "1"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "500 texts\n", "")

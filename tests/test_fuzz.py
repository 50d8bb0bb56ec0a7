"""The checks of `python -m fuzz`, on few texts that are the same each time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from fuzz.growth import SIZES, Growth, events_alone, measure
from fuzz.patterns import MARKDOWN, YAML, Make
from fuzz.run import CHECKS, run
from fuzz.texts import NOTES

from vaultsync.markdown.document import nesting_error

# To measure their coverage, which other tests have too, would double their time.
pytestmark = pytest.mark.no_cover
EXAMPLES = {"growth": 25}
MANY = 100
# Reading takes another way for the shortest texts, so a line through them is no measure.
SMALL = (4_000, 32_000)


@pytest.mark.parametrize("name", CHECKS)
def test_what_holds_of_every_note_holds_of_a_few(name: str) -> None:
    examples = EXAMPLES.get(name, MANY)
    assert run(name, 0, examples) == examples


def test_a_check_that_fails_on_a_text_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def check(text: str) -> None:
        assert "[[" not in text

    monkeypatch.setitem(CHECKS, "facts", (NOTES, check))
    with pytest.raises(AssertionError):
        run("facts", 0, MANY)


def steep(patterns: dict[str, Make]) -> list[Growth]:
    """Return what grows faster than its text.

    What is refused at its full size need not grow in proportion below it.
    """
    read = {name: make for name, make in patterns.items() if not nesting_error(make(SIZES[-1]))}
    found = [measure(name, make, sizes=SMALL) for name, make in read.items()]
    return [growth for growth in found if growth.is_steep]


@pytest.mark.parametrize("patterns", [MARKDOWN, YAML], ids=["Markdown", "YAML"])
def test_time_grows_as_the_text_does(patterns: dict[str, Make]) -> None:
    assert steep(patterns) == []


def test_time_that_grows_as_the_square_is_told() -> None:
    def squares(text: str) -> None:
        for _ in range(len(text) ** 2 // 64):
            pass

    assert measure("squares", "a".__mul__, squares, sizes=SMALL).is_steep
    assert not measure("letters", "a".__mul__, events_alone, sizes=SMALL).is_steep


def test_one_round_has_a_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "fuzz", "canvas", "--seed", "1"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "500 texts\n", "")

"""The measurement of suggestions: what is hidden, and how ranks are counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.related import Notes, ask, figures, fit, rank
from tests.vaults import make

TOML = """
[types.claim]
match = ["*.md"]

[types.claim.body.sections.Related]
items = "relation"

[types.claim.body.sections.Questions]
items = "question"
"""
ONE = """---
up: "[[two]]"
other: x
---
Granite bridges sway. See [[two]].

Ropes hold.

## Related

- [[two]]: LEAK / LEAK
- [[three]]: stays

## Questions

- LEAK [[two|LEAK]]?
- Stays?
"""
FILES = {
    "vaultsync.toml": TOML,
    "one.md": ONE,
    "two.md": "Granite bridges stand.\n",
    "three.md": "Cats purr.\n",
    "four.md": "Dogs bark at [[three]].\n",
}
PAIR = ("one.md", "two.md")


def test_all_that_names_a_pair_is_hidden(tmp_path: Path) -> None:
    notes = Notes(make(tmp_path, FILES))
    assert notes.pairs == [("four.md", "three.md"), ("one.md", "three.md"), PAIR]
    hidden, model = notes.without(PAIR)
    text = hidden["one.md"].text
    assert "two" not in text
    assert "LEAK" not in text
    assert "Ropes hold." in text
    assert "- [[three]]: stays" in text
    assert "- Stays?" in text
    assert "sway" not in model.facts["one.md"].text.forms
    assert model.links["one.md"] == {"three.md"}
    assert model.links["two.md"] == frozenset()


def test_other_linked_notes_are_no_candidates(tmp_path: Path) -> None:
    first, second = ask(Notes(make(tmp_path, FILES)), [PAIR])
    assert {len(scores) for scores in first.scores.values()} == {2}
    assert {len(scores) for scores in second.scores.values()} == {3}
    assert figures([first, second], [1, 3]).ranks == {PAIR: [1, 3]}


@pytest.mark.parametrize(("scores", "place"), [([3, 1], 1), ([3, 4], 2), ([3, 3, 3], 2)])
def test_a_tie_is_in_the_middle(scores: list[float], place: float) -> None:
    assert rank(scores, 0) == place


def test_weights_are_found(tmp_path: Path) -> None:
    notes = Notes(make(tmp_path, {**FILES, "one.md": ONE.replace("Granite bridges sway. See", "")}))
    weights = fit(list(ask(notes, [("four.md", "three.md")])))
    assert min(weights.values()) >= 0

"""States read from what authors, archives and publishers wrote."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.notes.source_lock import State
from vaultsync.notes.source_wording import Status, read_comment, read_title

COMMENTS = tomllib.loads((Path(__file__).parents[1] / "data/arxiv_comments.toml").read_text())
MADE = COMMENTS["made"]
STANDING = COMMENTS["standing"] + MADE["standing"]
GONE: list[tuple[State, str]] = [
    (state, text)
    for state in ("withdrawn", "retracted", "superseded")
    for text in COMMENTS[state] + MADE[state]
]


def test_real_comments_are_many() -> None:
    assert len(COMMENTS["withdrawn"] + COMMENTS["retracted"]) >= 40
    assert len(COMMENTS["standing"]) >= 200


@pytest.mark.parametrize(("state", "text"), GONE)
def test_a_comment_about_the_work_is_read(state: State, text: str) -> None:
    found = read_comment(text)
    assert found is not None
    assert found.state == state
    assert found.words in " ".join(text.split())


@pytest.mark.parametrize("text", STANDING)
def test_a_comment_about_something_else_is_left(text: str) -> None:
    assert read_comment(text) is None


@pytest.mark.parametrize(
    ("title", "state"),
    [
        ("RETRACTED: On Cats", "retracted"),
        ("[RETRACTED] On Cats", "retracted"),
        ("Retraction Note: On Cats", "retracted"),
        ("Retracted article: on cats", "retracted"),
        ("WITHDRAWN: On Cats", "withdrawn"),
        ("Withdrawal notice: on cats", "withdrawn"),
        ("Retracted Papers and Language Models", None),
        ("Withdrawn Behaviour of Cats", None),
        ("Removed", None),
    ],
)
def test_the_title_of_a_work_that_was_taken_back(title: str, state: State | None) -> None:
    assert read_title(title) == (Status(state, title) if state else None)


@given(st.text(st.sampled_from("withdrawn by the .;,()v2: arXiv retracted"), max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    found = read_comment(text)
    assert found is None or found.words


def test_a_long_hostile_text_is_read_quickly() -> None:
    assert read_comment("this paper " * 10_000 + "theorem " * 10_000) is None

"""Which of many names was probably meant."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from vaultsync.similar import Names

NAMES = ["refusal-direction", "truth-directions", "Attention sinks", "a", "ab", "猫の絵"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("refusal-directon", ["refusal-direction"]),
        ("REFUSAL-DIRECTION", ["refusal-direction"]),
        ("refusal direction", ["refusal-direction"]),
        ("attention-sink", ["Attention sinks"]),
        ("猫の絵本", ["猫の絵"]),
        ("zzz", []),
        ("", []),
        ("x", []),
    ],
)
def test_the_nearest_name_is_found(name: str, found: list[str]) -> None:
    assert Names(NAMES).nearest(name) == found


def test_several_come_nearest_first() -> None:
    names = Names(["note-1", "note-12", "note-123", "other"])
    assert names.nearest("note-12", 3) == ["note-12", "note-123", "note-1"]
    assert names.nearest("note-12", 2) == ["note-12", "note-123"]


def test_no_names_no_answer() -> None:
    assert Names([]).nearest("x") == []


def test_the_names_are_read_at_the_first_search_and_once() -> None:
    asked: list[str] = []

    def listing() -> Iterator[str]:
        for name in ("one", "two"):
            asked.append(name)
            yield name

    names = Names(listing())
    assert asked == []
    assert names.nearest("on") == ["one"]
    assert names.nearest("tw") == ["two"]
    assert asked == ["one", "two"]


def test_equal_names_are_one() -> None:
    assert Names(["note", "note"]).nearest("nota", 5) == ["note"]


def test_ten_thousand_names_are_searched_at_once() -> None:
    names = Names(f"note {number:05} on {number * 7919 % 10007}" for number in range(10_000))
    names.nearest("warm")
    started = time.perf_counter()
    assert names.nearest("NOTE 00001 on 7919") == ["note 00001 on 7919"]
    assert time.perf_counter() - started < 10

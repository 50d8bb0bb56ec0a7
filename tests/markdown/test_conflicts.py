"""Conflicts of a merge in a text."""

from __future__ import annotations

import pytest

from vaultsync.markdown import parse
from vaultsync.markdown.conflicts import sides

TWO = "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other"
DIFF3 = "<<<<<<< HEAD\na\n||||||| 1a2b\nold\n=======\nb\n>>>>>>> other"


def conflicts(text: str) -> list[str]:
    return [found.span.of(text) for found in parse("n.md", text).conflicts]


@pytest.mark.parametrize("text", [TWO, DIFF3, f"One.\n\n{TWO}\n\nTwo.\n", f"- x\n{TWO}\n- y\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_conflict_is_found_whole(text: str, end: str) -> None:
    text = text.replace("\n", end)
    conflict = DIFF3 if "|" in text else TWO
    assert conflicts(text) == [conflict.replace("\n", end)]


def test_it_may_begin_in_the_properties_or_be_all_of_the_note() -> None:
    text = "---\n<<<<<<< HEAD\na: 1\n---\n\nText.\n=======\na: 2\n---\n\n>>>>>>> x\n"
    assert conflicts(text) == [text[4:-1]]
    text = "<<<<<<< HEAD\n---\na: 1\n---\n=======\n---\na: 2\n---\n>>>>>>> x"
    assert conflicts(text) == [text]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\n<<<<<<< HEAD\nb\n", ["<<<<<<< HEAD"]),
        ("a\n<<<<<<<\nb\n", ["<<<<<<<"]),
        ("a\n>>>>>>> x\nb\n", [">>>>>>> x"]),
        (f"<<<<<<< one\n{TWO}\nc\n>>>>>>> x\n", ["<<<<<<< one", TWO, ">>>>>>> x"]),
    ],
)
def test_a_mark_that_is_left_counts_too(text: str, left: list[str]) -> None:
    assert conflicts(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Title\n=======\n",
        "|||||||\n",
        "a <<<<<<< HEAD\n",
        " <<<<<<< HEAD\n",
        "<<<<<<<< HEAD\n",
        "<<<<<<<HEAD\n",
        ">>>>>>>> x\n",
        ">>>>>> a\n>>>>>>> x\n\nb\n",
        ">>>>>>> a\n>>>>>>>> b\n",
        ">>>>>>> a\r\n> b\r\n",
        f"```\n{TWO}\n```\n",
        f"Text.\n\n~~~ diff\n{TWO}\n\n{DIFF3}\n",
    ],
)
def test_what_only_looks_like_one_is_text(text: str) -> None:
    assert conflicts(text) == []


def test_code_before_it_hides_nothing() -> None:
    assert conflicts(f"```\n{TWO}\n```\n\n{TWO}\n\n    <<<<<<< x\n") == [TWO]


def test_each_side_has_what_both_have() -> None:
    text = f"One\n=======\n{DIFF3}\nTwo\n{TWO}\n||||||| end"
    before, after = "One\n=======\n{0}\nTwo\n{0}\n||||||| end".format, sides(text)
    assert after == (before("a"), before("b"))

"""Word by word: what changed, and whether it touches the claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.changelog.wording import Claim, Meaning, last_reworded, meanings, rewordings


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("It holds.", "It holds.", []),
        ("It\nholds.", "It  holds.", []),
        ("It holds.", "It may hold.", [("holds.", "may hold.")]),
        ("It holds.", "It holds. Always.", [("holds.", "holds. Always.")]),
        ("It always holds.", "It holds.", [("It always", "It")]),
        ("So it holds.", "it holds.", [("So it", "it")]),
        ("it holds.", "So it holds.", [("it", "So it")]),
        ("a b c d e", "a x c y e", [("b c d", "x c y")]),
        ("a b c d e f", "a x c d y f", [("b c d e", "x c d y")]),
        ("a b c d e f", "x b c d y f", [("a", "x"), ("e", "y")]),
        ("", "It holds.", [("", "It holds.")]),
        ("It holds.", "", [("It holds.", "")]),
    ],
)
def test_what_changed(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.before, one.after) for one in rewordings(before, after)] == expected


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_the_changes_lead_from_one_text_to_the_other(before: list[str], after: list[str]) -> None:
    found = rewordings(" ".join(before), " ".join(after))
    assert bool(found) == (before != after)
    for one in found:
        assert one.before in " ".join(before)
        assert one.after in " ".join(after)
        assert one.before != one.after


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("It holds.", "It may hold.", []),
        ("In 12 models.", "In 13 models.", ["number"]),
        ("By 5%, or 1.5.", "By 5%, or 1.5", []),
        ("By 5%.", "By 5.", ["number"]),
        ("In two models.", "In three models.", ["number"]),
        ("It holds.", "It does not hold.", ["negation"]),
        ("It does hold.", "It doesn\u2019t hold.", ["negation"]),
        ("All models do.", "Most models do.", ["quantifier"]),
        ("Not all 3 do.", "All four do.", ["number", "negation"]),
        ("All do, some say.", "Some do, all say.", []),
    ],
)
def test_what_it_touches(before: str, after: str, expected: list[Meaning]) -> None:
    assert list(meanings(rewordings(before, after))) == expected


@pytest.mark.parametrize(
    ("versions", "day"),
    [
        ([], None),
        ([("3", "a", "1")], None),
        ([("3", "a", None)], "3"),
        ([("3", "b", "1"), ("2", "a", "1")], "3"),
        ([("3", "b", "2"), ("2", "a", "1")], None),
        ([("4", "b", "2"), ("3", "b", "1"), ("2", "a", "1")], "3"),
        ([("4", "a", "1"), ("3", "b", "1"), ("2", "a", "1")], "4"),
        ([("4", "a", "1"), ("3", "a", None), ("2", None, None)], "3"),
    ],
)
def test_when_a_claim_last_changed_unchecked(
    versions: list[tuple[str, str | None, str | None]], day: str | None
) -> None:
    assert last_reworded([Claim(*version) for version in versions]) == day

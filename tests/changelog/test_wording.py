"""Word by word: what changed, and whether it touches the claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.changelog.wording import (
    Meaning,
    folded,
    meanings,
    plain,
    rewordings,
)


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
    ("text", "expected"),
    [
        ("*It* `holds` **here**, ==so== _far_.", "It holds here, so far."),
        ("[[a/b-c]] [[b|c d]] [e](f.md) <https://x.org>", "b-c c d e https://x.org"),
        ("It does ~~not~~ hold: 2 * 3 = 6 == 6.", "It does ~~not~~ hold: 2 * 3 = 6 == 6."),
        ("# 2. - x", "# 2. - x"),
        ("A &amp; B \\* $x$ <em>y</em>", "A & B * x <em>y</em>"),
    ],
)
def test_what_readers_see(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_words_are_equal_if_their_keys_are() -> None:
    (found,) = rewordings("\u201cit\u201d holds here", '"It" fails here', folded)
    assert (found.before, found.after) == ("holds", "fails")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("In 12 models.", "In 13 models.", ["number"]),
        ("By 5%, or 1.5.", "By 5%, or 1.5", []),
        ("By 5%.", "By 5.", ["number"]),
        ("By 5 %.", "By 5 percent.", []),
        ("By -5%.", "By 5%.", ["number"]),
        ("By \u22125%.", "By -5%.", []),
        ("In 10 ms.", "In 10 s.", ["number"]),
        ("In 10 ms.", "In 10ms.", []),
        ("In 1,000 models.", "In 1000 models.", []),
        ("In 3\u20134 models.", "In 3-4 models.", []),
        ("In GPT-2.", "In GPT-3.", ["number"]),
        ("In two models.", "In three models.", ["number"]),
        ("In two models.", "In 2 models.", []),
        ("In 12 million.", "In 12 billion.", ["number"]),
        ("It holds.", "It does not hold.", ["negation"]),
        ("It does hold.", "It doesn\u2019t hold.", ["negation"]),
        ("It does not hold.", "It doesn't hold.", []),
        ("It cannot hold.", "It can't hold.", []),
        ("It will not hold.", "It won't hold.", []),
        ("It can hold.", "It cannot hold.", ["negation"]),
        ("It rarely holds.", "It never holds.", ["negation", "hedge"]),
        ("All models do.", "Most models do.", ["quantifier"]),
        ("Some models do.", "All models do.", ["quantifier"]),
        ("Not all 3 do.", "All four do.", ["number", "negation"]),
        ("All do, some say.", "Some do, all say.", []),
        ("It comes much later.", "It comes later.", []),
        ("It has many more parts.", "It has more parts.", []),
        ("It uses much data.", "It uses data.", ["quantifier"]),
        ("They help each other.", "They help one another.", []),
        ("It does not hold at all.", "It does not hold.", []),
        ("An all-purpose model.", "A model.", []),
        ("It holds.", "It may hold.", ["hedge"]),
        ("It can hold.", "It will hold.", ["hedge"]),
        ("It might hold.", "It could hold.", ["hedge"]),
        ("Perhaps it holds.", "It holds.", ["hedge"]),
        ("It probably holds.", "It holds.", ["hedge"]),
        ("It often holds.", "It holds.", ["hedge"]),
        ("It seems to hold.", "It holds.", ["hedge"]),
        ("About 5 models.", "5 models.", ["hedge"]),
        ("Talk about models.", "Talk of models.", []),
        ("In May 2024.", "In 2024.", []),
        ("", "It may not hold for all 5.", []),
        ("It may not hold for all 5.", "", []),
    ],
)
def test_what_it_touches(before: str, after: str, expected: list[Meaning]) -> None:
    assert list(meanings(before, after)) == expected

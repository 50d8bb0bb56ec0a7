"""Names of places, and the anchors that GitHub and LessWrong give to headings."""

from __future__ import annotations

import pytest

from vaultsync.publish.compose.anchors import (
    free_name,
    github_anchors,
    lesswrong_anchors,
    linked_names,
    relinked,
    renamed,
    without_heading_anchors,
)


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Open questions", "Open_questions"),
        ("What's new? (2024)", "What_s_new___2024_"),
        ("A–B: C/D", "A_B__C_D"),
        ("snake_case stays", "snake_case_stays"),
        ("Über", "_ber"),
        ("日本", "__"),
        ("🚀", "__"),
        ("🚀 up", "___up"),
        (" blanks ", "_blanks_"),
        ("x" * 300, "x" * 300),
        ("x" * 301, "x" * 300 + "___"),
        ("top", "top1"),
        ("comments", "comments1"),
        ("", ""),
    ],
)
def test_lesswrong_anchors(heading: str, anchor: str) -> None:
    assert lesswrong_anchors([heading]) == [anchor]


def test_lesswrong_counts_what_stands_twice() -> None:
    headings = ["A", "A", "A!", "A?", "A", "A1", "comments", "comments", "top"]
    assert lesswrong_anchors(headings) == [
        *("A", "A1", "A_", "A_1", "A2", "A11"),
        *("comments1", "comments2", "top1"),
    ]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Open questions", "open-questions"),
        ("What's new? (2024)", "whats-new-2024"),
        ("A–B: C/D", "ab-cd"),
        ("🚀 up", "-up"),
        ("Über 日本", "über-日本"),
        ("The post", "the-post-1"),
    ],
)
def test_github_anchors_beside_the_title(heading: str, anchor: str) -> None:
    assert github_anchors("The post", [heading]) == [anchor]


def test_github_counts_what_stands_twice() -> None:
    assert github_anchors("A", ["A", "B", "A", "A 1"]) == ["a-1", "b", "a-2", "a-1-1"]


def test_free_names() -> None:
    assert free_name("Some *text*!", ()) == "some-text"
    assert free_name("A", {"a", "a-1"}) == "a-2"
    assert free_name("!", ()) == "part"


TEXT = """\
## <a id="one"></a><a id="note"></a>One

- <a id="two"></a>[to one](#one), [*to* two](#two), [out](https://example.org#one), `[c](#one)`

<a id="three"></a>Three
=====

#### Four
"""


def test_headings_tell_their_names() -> None:
    text, names = without_heading_anchors(TEXT)
    assert names == [("one", "note"), ("three",), ()]
    assert text.startswith("## One\n")
    assert "\nThree\n=====\n" in text
    assert '<a id="two"></a>[to one]' in text


def test_places_get_new_names() -> None:
    assert '<a id="2"></a>' in renamed(TEXT, {"two": "2"})
    assert "<a id" not in renamed(TEXT, dict.fromkeys(["one", "two", "three", "note"], ""))
    assert renamed(TEXT, {}) == TEXT


def test_links_lead_elsewhere_or_become_text() -> None:
    assert linked_names(TEXT) == {"one", "two"}
    found = relinked(TEXT, {"one": "https://example.org/#one"})
    assert "[to one](https://example.org/#one), *to* two, [out](https://example.org#one)" in found
    assert "`[c](#one)`" in found

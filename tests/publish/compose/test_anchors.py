"""Names of places, the anchors that GitHub and LessWrong give to headings, and footnotes."""

from __future__ import annotations

import pytest
from tests.blocks.sample import block, note
from tests.publish.pages import composed, problems

from vaultsync.markdown import parse
from vaultsync.markdown.footnotes import REFERENCE
from vaultsync.publish.compose.anchors import (
    Footnotes,
    definition,
    free_name,
    github_anchors,
    lesswrong_anchors,
    linked_names,
    relinked,
    renamed,
    uses,
    without_heading_anchors,
    without_shared_footnotes,
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


A = """A[^1] and A again[^x] and again[^1]. `[^1]` \\[^1]

[^1]: First *of* A.

    With a second paragraph.

        and code

[^X]: Second of A, see [[B]].
[^1]: Not this one.
"""
FILES = {"A.md": A, "B.md": "B[^1].\n\n[^1]: First of B[^2].\n\n[^2]: Within B.\n"}


def test_they_are_numbered_once_in_reading_order() -> None:
    found = composed("Post[^1]. ![[B]]\n\n![[A]]\n\nEnd[^z].\n\n[^z]: Z.\n[^1]: P.\n", FILES)
    assert found == (
        'Post[^1]. <a id="b"></a>B[^2].\n\n'
        "A[^3] and A again[^4] and again[^3]. `[^1]` \\[^1]\n\n"
        "End[^5].\n\n"
        "[^1]: P.\n\n"
        "[^2]: First of B[^6].\n\n"
        "[^3]: First *of* A.\n\n    With a second paragraph.\n\n        and code\n\n"
        "[^4]: Second of A, see [B](#b).\n\n"
        "[^5]: Z.\n\n"
        "[^6]: Within B.\n"
    )


def test_a_footnote_of_another_section_comes_along() -> None:
    files = {"A.md": "# One\n\nText[^a].\n\n# Two\n\n[^a]: Note.\n"}
    assert composed("![[A#One]]", files) == "## One\n\nText[^1].\n\n[^1]: Note.\n"


def test_inline_footnotes() -> None:
    files = {"A.md": "A^[see [[B|b]], [c](https://example.org) and *d*], a\\^[b] `^[c]`."}
    assert composed("![[A]]", files) == (
        "A[^1], a\\^[b] `^[c]`.\n\n[^1]: see b, [c](https://example.org) and *d*\n"
    )


def test_a_footnote_that_names_itself() -> None:
    assert composed("A[^1].\n\n[^1]: See[^1].\n", {}) == "A[^1].\n\n[^1]: See[^1].\n"


def test_footnotes_of_claims() -> None:
    files = {
        "Claims/a.md": note("A claim[^1].\n\n[^1]: Of a, `x`.\n", status="x"),
        "Claims/b.md": note("B claim[^1] and [^1].\n\n[^1]: Of b, see [[a]].\n", status="x"),
    }
    assert composed(f"Post[^1].\n\n{block('notes')}\n\n[^1]: Of the post.\n", files) == (
        'Post[^1].\n\n- <a id="a"></a>A claim[^2].\n- B claim[^3] and [^3].\n\n'
        "[^1]: Of the post.\n\n[^2]: Of a, `x`.\n\n[^3]: Of b, see [a](#a).\n"
    )


def test_one_that_is_not_there_is_a_problem() -> None:
    files = {
        "Claims/a.md": note("A claim[^1].", status="x"),
        "B.md": "One.\n\nTwo[^two].\n",
        "Post.md": f"![[B]]\n\nPost[^3].\n\n{block('notes')}",
    }
    assert problems(files) == [
        "B.md:3: there is no footnote `two`",
        "Claims/a.md:5: there is no footnote `1`",
        "Post.md:3: there is no footnote `3`",
    ]


def test_marks_of_ours_that_an_author_wrote_are_none() -> None:
    assert composed("a[^\ufdd20]b[^\ufdd299]c[^1]\n\n[^1]: N\n", {}) == "a[^1]bc[^1]\n\n[^1]: N\n"


def test_where_they_stand() -> None:
    found = parse("a.md", A)
    assert [label for _, label in uses(found, REFERENCE)] == ["1", "x", "1"]
    assert len(found.footnotes) == 3
    assert definition(parse("a.md", A), "nothing") is None


def test_readers_that_take_a_footnote_once() -> None:
    text = "A[^1] b[^2] c[^1] d[^1].\n\n[^1]: One.\n\n    More.\n\n[^2]: Two[^1].\n"
    assert without_shared_footnotes(text) == (
        "A[^1] b[^2] c[^3] d[^4].\n\n[^1]: One.\n\n    More.\n\n[^2]: Two[^5].\n"
        "\n[^3]: One.\n\n    More.\n\n[^4]: One.\n\n    More.\n\n[^5]: One.\n\n    More.\n"
    )
    assert without_shared_footnotes("A[^x] b[^x].\n") == "A[^x] b[^x].\n"


def test_merging_nothing() -> None:
    assert Footnotes().merged("Text.\n\n") == "Text.\n"

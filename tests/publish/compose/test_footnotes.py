"""Footnotes of many notes become those of one text."""

from __future__ import annotations

from tests.blocks.sample import block, note
from tests.publish.pages import composed, problems

from vaultsync.markdown import parse
from vaultsync.publish.compose.footnotes import (
    REFERENCE,
    Footnotes,
    definition,
    uses,
    without_shared_footnotes,
)

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
    note = parse("a.md", A)
    assert [label for _, label in uses(note, REFERENCE)] == ["1", "x", "1"]
    assert len(note.footnotes) == 3
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

"""What edits to a note leave alone."""

from __future__ import annotations

import pytest

from vaultsync.core.text import Edit, Span
from vaultsync.markdown.frontmatter import keeps_the_rest

NOTE = "---\na: 1\nb:\n  - x\nc: true\n---\nText.\n"


def kept(text: str, *changes: tuple[str, str]) -> bool:
    edits = [Edit(Span(at, at + len(old)), new) for old, new in changes for at in [text.index(old)]]
    return keeps_the_rest(text, edits)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a: 1", "a: 2"),
        ("a: 1", "A: 'x # y'"),
        ("a: 1\n", ""),
        ("b:", "n: 1\nb:"),
        ("- x", "- w\n  - x"),
        ("  - x\n", "  - x\n  - y\n"),
        ("true\n", "true\nd: 1\n"),
        ("---\nText", "d: 1\n---\nText"),
        ("---\na", "---\nd: 1\na"),
        ("Text", "---\n---\n"),
        ("Text.\n", ""),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_edits_to_one_property_or_beside_them(mark: str, newline: str, old: str, new: str) -> None:
    text, *change = (part.replace("\n", newline) for part in (mark + NOTE, old, new))
    assert kept(text, (change[0], change[1]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a: 1", "a: [1"),
        ("a: 1", "a: 1\nc: 1"),
        ("a: 1\n", "a: |\n "),
        ("a: 1\n", "a: 1 # "),
        ("1\nb", "1\nc: 0\nb"),
        ("1\n", "1\n---\n"),
        ("true\n---", "true\n--- a"),
        ("true\n---\n", "true\n---\n---\n"),
        ("---\na", "a"),
        ("---\na", "\n---\na"),
    ],
)
def test_edits_that_reach_further(old: str, new: str) -> None:
    assert not kept(NOTE, (old, new))


def test_what_an_alias_repeats_is_another_property() -> None:
    assert not kept("---\na: &x 1\nb: *x\n---\n", ("1", "2"))
    assert kept("---\na: &x 1\nb: *x\n---\n", ("*x", "2"))


@pytest.mark.parametrize(("old", "new"), [("true", "1"), ("true", "True")])
def test_the_type_of_a_value_counts(old: str, new: str) -> None:
    text = "---\na: &x true\nb: *x\n---\n"
    assert kept(text, (old, new)) is (new == "True")


def test_a_name_that_is_no_text_stays_too() -> None:
    text = "---\na: 1\n? [k]\n: 2\n---\n"
    assert not kept(text, (": 2", ": 3"))


def test_a_note_without_properties() -> None:
    assert kept("Text.\n", ("Text", "More"))
    assert kept("Text.\n", ("Text", "---\na: 1\n---\nText"))
    assert kept("\ufeffText.\n", ("Text", "---\na: 1\n---\nText"))
    assert not kept("Text.\n--\n", ("Text.", "---\na: [\n---\n"))
    assert not keeps_the_rest("--\na: 1\n---\n", [Edit(Span(5, 6), "")] * 2)


def test_edits_far_from_the_start_make_no_properties() -> None:
    assert keeps_the_rest("--\na: 1\n---\n", [Edit(Span(3, 3), "b\n")])
    # The first line is still no fence: nothing is read as one.
    assert keeps_the_rest("---\na: 1\n--\n", [Edit(Span(4, 5), "b")])


def test_an_unreadable_block_may_stay_one_unless_it_is_edited() -> None:
    text = "---\na: [\n---\nText.\n"
    assert kept(text, ("Text", "More"))
    assert not kept(text, ("[", "{"))
    assert kept(text, ("[", "[]"))


def test_edits_that_overlap_are_not_certain() -> None:
    assert not kept("abc", ("ab", "x"), ("bc", "y"))
    assert kept("abc", ("ab", "x"), ("c", "y"))

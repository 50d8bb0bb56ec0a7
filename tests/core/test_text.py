from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaultsync.core.text import (
    Edit,
    Lines,
    Span,
    apply_edits,
    escape_controls,
    line_ending,
    printable,
    printable_lines,
    shortened,
)

TEXTS = st.text(st.sampled_from("ab\r\n\f\u2028\x85é😀"), max_size=12)


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(TEXTS)
    offsets = st.integers(0, len(text))
    spans = st.tuples(offsets, offsets).map(lambda pair: Span(min(pair), max(pair)))
    return text, draw(st.lists(st.builds(Edit, spans, TEXTS), max_size=4))


def test_a_control_character_is_a_space() -> None:
    assert printable("a b é 😀") == "a b é 😀"
    assert printable("a\n\r\t\x1b\x7f\x9b\u2028\u202e\u2066b\u00a0") == "a         b\u00a0"
    assert printable_lines("a\x1b\nb\r\n") == "a \nb \n"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("ten chars.", "ten chars."),
        ("seven and more", "seven and…"),
        ("a seven-and-more", "a seven-a…"),
        ("日本語日本語日本語日本語", "日本語日本語日本語…"),
        ("12345678e\u0301\u0323x", "12345678…"),
        ("1234567👩\u200d💻x", "1234567…"),
        ("1234567👍🏽x", "1234567👍🏽x"),
        ("12345678👍🏽x", "12345678…"),
        ("\u0301" * 12, "…"),
    ],
)
def test_a_text_is_cut_where_a_reader_would(text: str, short: str) -> None:
    assert shortened(text, 10) == short


@given(st.text() | TEXTS)
def test_json_without_control_characters_means_the_same(text: str) -> None:
    written = escape_controls(json.dumps(text, ensure_ascii=False))
    assert printable(written) == written
    assert json.loads(written) == text


def test_a_span_is_half_open() -> None:
    assert Span(1, 3).of("abcd") == "bc"


def test_edits_refer_to_the_text_as_given_in_any_order() -> None:
    edits = [Edit(Span(3, 4), ""), Edit(Span(0, 1), "xyz"), Edit(Span(2, 2), "|")]
    assert apply_edits("abcd", edits) == "xyzb|c"


def test_of_two_edits_that_overlap_the_later_is_left_out() -> None:
    edits = [Edit(Span(1, 3), "-"), Edit(Span(2, 4), "+"), Edit(Span(3, 4), "=")]
    assert apply_edits("abcd", edits) == "a-="


def test_insertions_at_one_place_keep_their_order() -> None:
    assert apply_edits("ab", [Edit(Span(1, 1), "2"), Edit(Span(1, 1), "1")]) == "a21b"


def test_an_insertion_comes_before_what_is_replaced_at_its_place() -> None:
    assert apply_edits("abc", [Edit(Span(1, 2), "-"), Edit(Span(1, 1), "|")]) == "a|-c"


@given(texts_with_edits())
def test_what_stands_outside_the_edits_stays(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    start = min((edit.span.start for edit in edits), default=len(text))
    end = max((edit.span.end for edit in edits), default=len(text))
    result = apply_edits(text, edits)
    assert result.startswith(text[:start])
    assert result.endswith(text[end:])


@given(texts_with_edits())
def test_an_edit_that_changes_nothing_can_be_made_anywhere(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    assert apply_edits(text, [Edit(edit.span, edit.span.of(text)) for edit in edits]) == text


@pytest.mark.parametrize(
    ("text", "newline"), [("a\r\nb\n", "\r\n"), ("a\nb\r\n", "\n"), ("a\rb\n", "\r"), ("a", "\n")]
)
def test_the_first_line_tells_the_line_ending(text: str, newline: str) -> None:
    assert line_ending(text) == newline


def test_lines_end_as_in_markdown() -> None:
    lines = Lines("a\nb\r\nc\rd\fe\u2028f")
    assert [lines.line_text(offset) for offset in (0, 2, 4, 5, 8)] == [
        "a",
        "b",
        "b",
        "c",
        "d\fe\u2028f",
    ]


def test_positions_count_lines_and_code_points_from_one() -> None:
    lines = Lines("é😀x\ny")
    assert [lines.position(offset) for offset in (0, 2, 3, 4, 5)] == [
        (1, 1),
        (1, 3),
        (1, 4),
        (2, 1),
        (2, 2),
    ]


@given(text=TEXTS, data=st.data())
def test_a_position_leads_back_to_its_offset(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, column = Lines(text).position(offset)
    starts = [place for place in range(len(text) + 1) if Lines(text).position(place)[1] == 1]
    assert starts[line - 1] + column - 1 == offset


@given(TEXTS)
def test_lines_with_their_endings_are_the_text(text: str) -> None:
    shown = {Lines(text).position(at)[0]: Lines(text).line_text(at) for at in range(len(text) + 1)}
    bare = text.replace("\r\n", "\n").replace("\r", "\n")
    assert "\n".join(shown.values()) == bare


@given(text=TEXTS, data=st.data())
def test_who_searches_often_finds_the_same(text: str, data: st.DataObject) -> None:
    offsets = data.draw(st.lists(st.integers(0, len(text)), max_size=20))
    lines = Lines(text)
    found = [(lines.position(at), lines.line_text(at)) for at in offsets]
    assert found == [(Lines(text).position(at), Lines(text).line_text(at)) for at in offsets]


@given(TEXTS, st.integers(0, 12), st.integers(0, 12))
@example("ab\n", 1, 3)
@example("a\nb", 0, 1)
def test_a_span_has_the_positions_of_its_ends(text: str, start: int, end: int) -> None:
    lines = Lines(text)
    start, end = min(start, len(text)), min(end, len(text))
    expected = Lines(text).position(start), Lines(text).position(max(start, end))
    assert lines.positions(Span(start, end)) == expected


@pytest.mark.parametrize(
    ("line", "wanted"), [(1, Span(0, 2)), (2, Span(4, 5)), (3, Span(6, 6)), (9, Span(6, 6))]
)
def test_a_line_has_a_place_without_its_ending(line: int, wanted: Span) -> None:
    assert Lines("ab\r\nc\n").line_span(line) == wanted

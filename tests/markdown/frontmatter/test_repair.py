from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.core.text import apply_edits
from vaultsync.markdown.frontmatter import (
    list_items,
    make_list,
    read_properties,
    tabs_to_spaces,
    unquoted_wikilinks,
)

VALUES = st.sampled_from(
    [
        "a",
        "'b, c'",
        '"d"',
        "5",
        "true",
        "~",
        "",
        "[a, b]",
        "[]",
        "{a: b}",
        "|\n  t",
        "a\n  b",
        "&x a",
    ]
)
LINES = st.lists(st.tuples(st.sampled_from(["tag", "tags", "up", '"tag"']), VALUES), max_size=4)
PIECES = st.sampled_from(["\t", " ", "- ", "-\t", "a", ": ", ":", "\n", "\n\t", "[[b]]", "|", "# "])
TEXTS = st.lists(PIECES, max_size=14).map(lambda pieces: f"---\n{''.join(pieces)}\n---\n\tText\n")


@pytest.mark.parametrize(
    ("yaml_text", "items"),
    [
        ("tags: [a, 'b c', 5]", [("a", "a"), ("b c", "'b c'"), (5, "5")]),
        ("tags:\n- é\n-\n- x: y", [("é", "é"), (None, ""), ({"x": "y"}, "x: y")]),
        ("x: [&b c]\ntags: [*b, a]", [("c", "c"), ("a", "a")]),
        ("tags: a", []),
        ("tags:", []),
        ("up: [a]", []),
        ("- tags", []),
        ("tags: [a]\ntags: [b]", []),
    ],
)
def test_items_have_places(yaml_text: str, items: list[tuple[Any, str]]) -> None:
    text = f"\ufeff---\n{yaml_text}\n---\n"
    found = [(value, span.of(text).rstrip()) for value, span in list_items(text, "tags")]
    assert [value for value, _ in found] == [value for value, _ in items]
    if "&" not in yaml_text:
        assert found == items


def test_a_text_without_a_block_has_no_items() -> None:
    assert list_items("tags: [a]\n", "tags") == []


@pytest.mark.parametrize("yaml_text", ["up: a", "tags: {a: b}", "tags: [a", "tag: a\ntags: [b]"])
def test_what_cannot_be_made_a_list_stays(yaml_text: str) -> None:
    text = f"---\n{yaml_text}\n---\n"
    assert make_list(text, "tag", rename="tags") == ()
    if "tag:" not in yaml_text:
        assert make_list(text, "tags") == ()


@pytest.mark.parametrize(
    ("yaml_text", "items", "written"),
    [
        ("tags: a # c", [], "tags:\n  - a # c"),
        ("tags:   'a'", [], "tags:\n  - 'a'"),
        ("tags: a, b # c", ["a", "b"], "tags:\n  - a\n  - b # c"),
        ("tags: x", ["a: b", "- c"], 'tags:\n  - "a: b"\n  - "- c"'),
        ("? tags\n: a", [], "? tags\n:\n  - a"),
        ('{"tags": "a", "b": 1}', [], '{"tags": ["a"], "b": 1}'),
        ('{"tags": "a, b"}', ["a, x", "b"], '{"tags": ["a, x", b]}'),
        ("x: &v a\ntags: *v", [], "x: &v a\ntags:\n  - *v"),
    ],
)
def test_a_value_becomes_a_list(yaml_text: str, items: list[str], written: str) -> None:
    for newline in ("\n", "\r\n"):
        text = f"---\n{yaml_text}\n---\nText.\n".replace("\n", newline)
        after = apply_edits(text, make_list(text, "tags", items))
        assert after == f"---\n{written}\n---\nText.\n".replace("\n", newline)


@given(LINES, st.sampled_from(["", "tags", "up"]), st.sampled_from([(), ("x", "y")]))
def test_whatever_is_changed_nothing_else_says_something_else(
    lines: list[tuple[str, str]], rename: str, items: tuple[str, ...]
) -> None:
    text = "\n".join(["---", *(f"{name}: {value}" for name, value in lines), "---", "tag: a\n"])
    before = read_properties(text)
    after_text = apply_edits(text, make_list(text, "tag", items, rename=rename))
    after = read_properties(after_text)
    assert after_text.endswith("---\ntag: a\n")
    assert bool(after.error) is bool(before.error)
    if after_text != text:
        name = rename or "tag"
        assert isinstance(after.data[name], list | None)
        gone = {"tag", name}
        assert {k: v for k, v in after.data.items() if k not in gone} == {
            k: v for k, v in before.data.items() if k not in gone
        }


@given(TEXTS)
def test_a_block_without_tabs_can_be_read_and_nothing_else_is_changed(text: str) -> None:
    edits = tabs_to_spaces(text)
    after = apply_edits(text, edits)
    assert after.replace("\t", "").replace(" ", "") == text.replace("\t", "").replace(" ", "")
    assert after.endswith("---\n\tText\n")
    if edits:
        assert read_properties(after).error is None


@given(TEXTS)
def test_a_bare_wikilink_is_what_it_is_said_to_be(text: str) -> None:
    for span, certain in unquoted_wikilinks(text):
        assert span.of(text) == "[[b]]"
        assert certain


def test_a_text_without_a_block_needs_no_repair() -> None:
    assert tabs_to_spaces("\ta: b\n") == ()
    assert unquoted_wikilinks("[[a]]\n") == []

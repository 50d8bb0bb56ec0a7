"""Tags that Obsidian does not know."""

from __future__ import annotations

import pytest
from tests.lint.notes import block, found

COMMENT = "this is a comment, no tag: write it without `#`"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("two words", "`two words` is no tag: it holds a blank"),
        ("a\u00a0b", "`a\u00a0b` is no tag: it holds a blank"),
        ("c++", "`c++` is no tag: it holds `+`"),
        ("a, b", "`a, b` is no tag: it holds `,`"),
        ("'#a.b'", "`a.b` is no tag: it holds `.`"),
        ("'##a'", "`#a` is no tag: it holds `#`"),
        ("it’s", "`it’s` is no tag: it holds `’`"),
        ("👨\u200d👩", "`👨\u200d👩` is no tag: it holds `\u200d`"),
        ("true", "the tag `true` is no text: quote it"),
    ],
)
def test_an_entry_that_is_no_tag(entry: str, message: str) -> None:
    assert found("TAG001", block(f"tags:\n  - good\n  - {entry}")) == [(entry, message)]


@pytest.mark.parametrize(
    "properties",
    [
        "tags: [a, a-b_c/d, '#e', 2024年, 标签，后, 😀, ' f ', é]",
        "tags: [2024, '1984', '1/2']",
        "tags: ['{{topic name}}', <% tp.x() %>]",
        "tags: [[a]]",
        "tags: [{{topic}}]",
        "tags: ['', ~]",
        "tags: two words",
        "tags:",
        "tags: # a comment",
        "tags:\n  -",
        "tags:\n  - # a comment",
        "tags:\n# a\n  - b",
        "keywords: [two words]",
        "x:\n  tags: [two words]",
    ],
)
def test_what_is_a_tag_or_no_entry(properties: str) -> None:
    assert found("TAG001", block(properties)) == []


@pytest.mark.parametrize(
    ("properties", "covered"),
    [
        ("tags: #a #b", "#a #b"),
        ("Tags:\n  - #a\n  - b", "#a"),
        ("tags:   #a\nx: y", "#a"),
        ("tags:\n  - #a", "#a"),
        ("tags:\n- b\n- #a # c\nx: y", "#a # c"),
    ],
)
def test_a_tag_that_yaml_takes_for_a_comment(properties: str, covered: str) -> None:
    for newline in ("\n", "\r\n"):
        text = block(properties).replace("\n", newline)
        assert found("TAG001", text) == [(covered, COMMENT)]


def test_the_first_list_in_any_letter_case_is_the_one() -> None:
    assert found("TAG001", block("TAGS: [a b]")) == [("a b", "`a b` is no tag: it holds a blank")]


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        (block("tags: [2024, a, '1984', '#12/3', 1.5]"), ["2024", "'1984'", "'#12/3'", "1.5"]),
        (block("tags: [true, 5]"), ["5"]),
        ("#12 #a\n\nissue #12\n", ["#12"]),
        ("---\nx: 1 #12\n---\n#12\n", ["#12"]),
        (block("tags: 2024"), []),
        ("`#12`\n", []),
    ],
)
def test_numbers_are_no_tags(text: str, covered: list[str]) -> None:
    assert [span for span, _ in found("TAG002", text)] == covered

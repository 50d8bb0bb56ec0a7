"""The block of properties as YAML."""

from __future__ import annotations

import pytest
from tests.lint.notes import block, fixed, found

FORM = "PRP001 PRP007 PRP008"


@pytest.mark.parametrize(
    ("properties", "first", "second", "covered"),
    [
        ("a: 1\nb: 2\na: 3", 2, 4, "a: 3"),
        ("a: 1\n'a': 3  ", 2, 3, "'a': 3"),
        ("x:\n  - é: 1\n    é: 2", 3, 4, "é: 2"),
        ("x: {a: 1, a: 2}", 2, 2, "a: 2}"),
    ],
)
def test_both_lines_of_a_name_are_told(
    properties: str, first: int, second: int, covered: str
) -> None:
    ((span, message),) = found(FORM, block(properties))
    name = covered.partition(":")[0].strip("'")
    assert span == covered
    assert message == (f"the property `{name}` is in line {first} and again in line {second}")


@pytest.mark.parametrize(
    ("properties", "written"),
    [
        ("tags:\n\t- a\n\t- b", "tags:\n  - a\n  - b"),
        ("\ta: 1\n\tb: 2", "  a: 1\n  b: 2"),
        ("a:\n\tb:\n\t\tc: d\ne: f", "a:\n  b:\n    c: d\ne: f"),
        ("a:\n-\tb: c", "a:\n- b: c"),
        ("a:\n\t-\tb: c", "a:\n  - b: c"),
        ("tags:\n\t- a # c\n\n\t# d\n\t- b", "tags:\n  - a # c\n\n  # d\n  - b"),
    ],
)
def test_a_tab_is_replaced_where_its_width_is_no_matter(properties: str, written: str) -> None:
    for newline in ("\n", "\r\n"):
        text = block(properties).replace("\n", newline)
        (item,) = found(FORM, text)
        assert item[1] == "a tab indents the properties, which YAML does not allow: use spaces"
        assert fixed("PRP008", text) == block(written).replace("\n", newline)


@pytest.mark.parametrize(
    "properties",
    [
        "a: b\n\tc: d",
        "a:\n\t- b\n  - c",
        "a:\n  - b\n\t- c",
        "a: |\n\tb\n\t\tc",
        "a:\n\t- b\na: c",
        "a:\n\t- b: c: d",
    ],
)
def test_a_tab_that_may_mean_several_things_stays(properties: str) -> None:
    text = block(properties)
    assert fixed(f"{FORM} PRP009", text, unsafe=True) == text
    assert found("PRP008", text)


@pytest.mark.parametrize(
    ("properties", "links"),
    [
        ("up: [[a]]", ["[[a]]"]),
        ("up: [[a#b|c]] # d", ["[[a#b|c]]"]),
        ("up:\n  - [[a]]\n  - '[[b]]'\n  - [[c]]", ["[[a]]", "[[c]]"]),
        ("up: [[[a]], [[b]]]", ["[[a]]", "[[b]]"]),
        ("x:\n  y: [[2024-01-01]]", ["[[2024-01-01]]"]),
        ("up: [[{{title}}]]", ["[[{{title}}]]"]),
        ("up: [['a']]", ["[['a']]"]),
        ('up: [[a "b"]]', ['[[a "b"]]']),
    ],
)
def test_a_link_without_quotes_is_quoted_and_is_a_link_then(
    properties: str, links: list[str]
) -> None:
    text = block(properties)
    assert [span for span, _ in found("PRP009", text)] == links
    after = fixed("PRP009", text)
    assert found(f"PRP009 {FORM}", after) == []
    for link in links:
        escaped = link.replace('"', '\\"')
        assert f'"{escaped}"' in after
        text = text.replace(link, "")
        after = after.replace(f'"{escaped}"', "")
    assert after == text


def test_a_link_with_a_comma_is_quoted_only_when_asked() -> None:
    text = block("up: [[a, b]]")
    assert fixed("PRP009", text) == text
    assert fixed("PRP009", text, unsafe=True) == block('up: "[[a, b]]"')


@pytest.mark.parametrize(
    "properties",
    [
        "up: '[[a]]'",
        'up: "see [[a]]"',
        "up: see [[a]]",
        "grid: [[1, 2], [3, 4]]",
        "grid: [[a], [b]]",
        "grid:\n  - [a]",
        "up: |\n  [[a]]",
        "# [[a]]",
        "up: [[]]",
    ],
)
def test_what_is_no_bare_link(properties: str) -> None:
    assert found("PRP009", block(properties)) == []


def test_a_note_without_properties_has_none_that_are_wrong() -> None:
    assert found(f"{FORM} PRP009", "[[a]]\n\n---\na: 1\na: 2\n---\n") == []

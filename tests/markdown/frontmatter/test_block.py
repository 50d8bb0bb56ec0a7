from __future__ import annotations

import time

import frontmatter
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.core.text import Span
from vaultsync.markdown.frontmatter.block import find_block, read_properties
from vaultsync.markdown.frontmatter.edit import add_to_list, set_property
from vaultsync.markdown.frontmatter.handler import ObsidianHandler

PIECES = (
    "---\n|---|\n|\r\n|\r|a|b: |: |- |  |[[x]]|'|[|]|{|}|#| |\t|~|true|1|...|&x |*x|!t |<<|,|? |>"
    '|"|😀|\u2028|\x85|\0|\f|\ud800|\ufeff'
)
BLOCKS = st.lists(st.sampled_from(PIECES.split("|")), max_size=20).map(
    lambda pieces: "---\n" + "".join(pieces) + "\n---\nbody"
)
NAMES = st.text(st.sampled_from("b😀é-_ "), max_size=4).map(lambda rest: f"a{rest}".strip())
VALUES = st.sampled_from(
    [
        "x",
        "😀 y",
        "'q: 1'",
        '"\\u0041"',
        "",
        "3",
        "[a, 'b']",
        "{c: d}",
        "|\n  t\n\n",
        "\n  - i\n  - j",
    ]
)


@pytest.mark.parametrize(
    ("text", "yaml_text", "rest"),
    [
        ("---\na: 1\n---\nbody", "a: 1\n", "body"),
        ("---\r\na: 1\r\n---\r\nbody", "a: 1\r\n", "body"),
        ("\ufeff---\na: 1\n---\nbody", "a: 1\n", "body"),
        ("---\na: 1\n---", "a: 1\n", ""),
        ("---\n---\n", "", ""),
        ("---\na: 1\n--- \t\nbody", "a: 1\n", "body"),
        ("---\na: 1\n ---\n---\n", "a: 1\n ---\n", ""),
        ("---\na: 1\n----\n---\n", "a: 1\n----\n", ""),
    ],
)
def test_a_block_stands_between_fences(text: str, yaml_text: str, rest: str) -> None:
    found = find_block(text)
    assert found
    block, source = found
    assert source.of(text) == yaml_text
    assert text[block.end :] == rest


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---",
        "---\n",
        "----\na: 1\n---\n",
        "---\ra: 1\r---\r",
        "---\n\na: 1\n",
        "\n\n---\n\nText: more\n",
        "---\nText\n",
        "---\nhttp://example.org\n",
        "---\n- a: 1\n",
        "---\n**a**: 1\n",
        "\n\n***\na: 1\n",
        "Text\n\n---\na: 1\n---\n",
    ],
)
def test_a_rule_and_what_follows_it_are_text(text: str) -> None:
    assert find_block(text) is None
    properties = read_properties(text)
    assert (properties.span, properties.error, dict(properties.data)) == (None, None, {})


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\na: 1\n", "never closed"),
        ("---\r\na: 1\r\n", "never closed"),
        ("---\na:", "never closed"),
        ("---\na: 1\n...\nbody", "never closed"),
        ("---\na: 1\n---x\n", "never closed"),
        ("\n---\na: 1\n---\n", "first line"),
        ("\r\n \r\n---\r\na: 1\r\n---\r\n", "first line"),
        ("\ufeff\u200b\n---\na: 1\n---\n", "first line"),
        (" ---\na: 1\n---\n", "first line"),
        ("--- \na: 1\n---\n", "first line"),
        ('\n---\n"Ünï 2":\n  - x\n', "first line"),
    ],
)
def test_a_block_that_is_displaced_or_not_closed_is_an_error(
    mark: str, text: str, reason: str
) -> None:
    text = mark + text
    properties = read_properties(text)
    assert find_block(text) is None
    assert (properties.span, dict(properties.data)) == (None, {})
    assert properties.error
    assert (properties.error.cause, reason in properties.error.message) == ("misplaced", True)
    assert text.startswith("---", properties.error.offset)
    assert set_property(text, "b", 1) == add_to_list(text, "b", "x") == ()


@pytest.mark.parametrize("line", ["<<<<<<< HEAD", "<<<<<<<", ">>>>>>> other"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_conflict_in_a_block_is_its_error(line: str, end: str) -> None:
    text = f"---\na: '1\n{line}\n  2'\nb: x: y\n---\n".replace("\n", end)
    found = read_properties(text)
    assert found.error
    assert found.span == Span(0, len(text))
    assert (found.error.cause, found.error.offset) == ("conflict", text.index(line))


def test_many_angle_brackets_are_no_conflict() -> None:
    text = "---\na: |\n  <<<<<<< x\nb: '\n  <<<<<<<<'\n---\n"
    assert read_properties(text).error is None


def test_python_frontmatter_reads_with_this_handler() -> None:
    metadata, content = frontmatter.parse("---\na: yes\n---\nbody\n", handler=ObsidianHandler())
    assert (metadata, content) == ({"a": "yes"}, "body")
    assert frontmatter.parse("body", handler=ObsidianHandler()) == ({}, "body")


def test_the_handler_knows_a_closed_block() -> None:
    handler = ObsidianHandler()
    assert handler.detect("---\na: 1\n---\n")
    assert not handler.detect("---\na: 1\n")


def test_the_handler_reads_what_is_no_mapping_as_nothing() -> None:
    handler = ObsidianHandler()
    assert [handler.load(text) for text in ("", "- a", "a")] == [{}, {}, {}]
    assert handler.split("no block") == ("", "no block")
    with pytest.raises(yaml.YAMLError):
        handler.load("a: [")


@pytest.mark.parametrize("text", ["---\n---\n", "---\n# comment\n---\n", "---\n~\n---\n"])
def test_an_empty_block_has_a_place_and_no_properties(text: str) -> None:
    properties = read_properties(text)
    assert properties.span
    assert properties.span.of(text) == text
    assert properties.error is None


@pytest.mark.parametrize(
    ("yaml_text", "message", "at"),
    [
        ("a: 1\na: 2", "the property `a` is defined twice", "a: 2"),
        ("😀: 1\n'😀': 2", "the property `😀` is defined twice", "'😀': 2"),
        ("- a", "the properties are not a list of `name: value` lines", "- a"),
        ("a", "the properties are not a list of `name: value` lines", "a"),
        ("a: b: c", "mapping values are not allowed in this context", ": c"),
        ("a: @b", "a value cannot begin with `@`", "@b"),
        ("a: b\n- c", "the property above has a value, and a list item follows", "- c"),
        ("a: [b]\n-\nc: d", "the property above has a value, and a list item follows", "-\nc"),
        ('a: "b" c', "did not find expected key", "c"),
        ("\ta: 1", "a value cannot begin with `\t`", "\ta"),
        ("a: 😀\0", "the character U+0000 is not allowed", "\0"),
        ("a: *b", "found undefined alias", "*b"),
        ("a: 1\nb", "could not find expected ':'", "---"),
        ("a:\n  b: 1\n  b: 2", "the property `b` is defined twice", "b: 2"),
        ("a: [{b: 1, b: 2}]", "the property `b` is defined twice", "b: 2"),
        ("&a x: 1\n*a : 2", "the property `x` is defined twice", "&a x: 1"),
        ("a: 'b\nc'", "the value goes on at the start of a line", "c'"),
        ("a: &x [*x]", "nested deeper than 100 levels", "a:"),
        ("a: 1\n--- # more\nb: 2", "expected a single document in the stream", "---"),
    ],
)
def test_what_cannot_be_read_is_an_error_with_its_place(
    yaml_text: str, message: str, at: str
) -> None:
    text = f"---\n{yaml_text}\n---\n"
    properties = read_properties(text)
    assert properties.error
    assert properties.error.message.startswith(message)
    assert text[properties.error.offset :].startswith(at)
    assert (dict(properties.data), dict(properties.keys), properties.links) == ({}, {}, ())


@pytest.mark.parametrize(
    ("yaml_text", "cause", "first"),
    [
        ("a: b: c", "form", None),
        ("😀: 1\nb: 2\n😀: 3", "duplicate", "😀: 1"),
        ("x:\n  - a: 1\n    b: 2\n    a: 3", "duplicate", "a: 1"),
        ("? [x]\n: 1\na: 1\na: 2\na: 3", "duplicate", "a: 1"),
        ("a: b\n\tc: d", "tab", None),
        ("a:\n\t- b", "tab", None),
        ("a: |\n\tb", "tab", None),
    ],
)
def test_the_cause_of_an_error_is_told(yaml_text: str, cause: str, first: str | None) -> None:
    text = f"---\n{yaml_text}\n---\n"
    error = read_properties(text).error
    assert error
    assert error.cause == cause
    assert text[error.first :].startswith(first or "---")


@pytest.mark.parametrize("names", [10_000, 40_000])
def test_a_name_that_stands_twice_is_found_quickly(names: int) -> None:
    lines = "".join(f"a{n}:\n" for n in range(names))
    started = time.monotonic()
    error = read_properties(f"---\n{lines}a0:\n---\n").error
    assert error
    assert error.cause == "duplicate"
    assert time.monotonic() - started < 30


def test_names_and_values_have_places() -> None:
    text = "\ufeff---\r\n😀: é # c\r\n'b c':\r\n  - x\r\n  - y\r\nd:\r\ne: |\r\n  t\r\n\r\n---\r\n"
    properties = read_properties(text)
    spans = {
        name: (properties.keys[name].of(text), properties.values[name].of(text))
        for name in properties.data
    }
    assert spans == {
        "😀": ("😀", "é"),
        "b c": ("'b c'", "- x\r\n  - y"),
        "d": ("d", ""),
        "e": ("e", "|\r\n  t"),
    }


def test_a_value_keeps_its_last_blank_that_yaml_keeps() -> None:
    text = "---\na: x\u00a0\n---\n"
    assert read_properties(text).values["a"].of(text) == "x\u00a0"


@pytest.mark.parametrize(
    ("yaml_text", "names"),
    [("? a\n: b", ["a"]), ("{a: 1, b}", ["a", "b"]), ("{{date}}", []), ("!t\na: 1", ["a"])],
)
def test_odd_mappings_are_read(yaml_text: str, names: list[str]) -> None:
    properties = read_properties(f"---\n{yaml_text}\n---\n")
    assert properties.error is None
    assert list(properties.keys) == names


@given(BLOCKS)
def test_reading_never_raises_and_errors_lie_in_the_block(text: str) -> None:
    properties = read_properties(text)
    block = properties.span
    if properties.error:
        assert block
        assert block.start <= properties.error.offset < block.end
    for link in properties.links:
        assert block
        assert block.start < link.start <= link.target_start <= link.target_end <= link.end
    assert properties.keys.keys() <= properties.data.keys()


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_places_hold_whatever_stands_around_them(values: dict[str, str], newline: str) -> None:
    lines = [f"{name}: {value}" for name, value in values.items()]
    text = "\n".join(["---", *lines, "---", "", "body"]).replace("\n", newline)
    properties = read_properties(text)
    assert list(properties.data) == list(values)
    for name, span in properties.keys.items():
        assert span.of(text) == name
        written = values[name].replace("\n", newline).strip()
        assert properties.values[name].of(text) == written


@given(st.text(max_size=20))
def test_any_text_can_be_read(text: str) -> None:
    assert read_properties(text).error is None or text.lstrip("\ufeff").startswith("---")


@pytest.mark.parametrize(
    "value",
    [
        '"[[ <% tp.file.creation_date("YYYY")%>-W<% tp.date.now("WW") %>]]"',
        "<% tp.user.x({a: 1, b: 'c'}) %>",
        "\"<% a(\n  'b') %>\"",
    ],
)
def test_what_templater_puts_in_is_no_error(value: str) -> None:
    text = f"---\na: é\nx: {value}\ny: 1\n---\n"
    found = read_properties(text)
    assert (found.error, found.data["a"], found.data["y"]) == (None, "é", 1)
    assert found.values["x"].of(text) == value


@pytest.mark.parametrize("lines", ['x: "<% a("b") %>"\ny: [', 'x: "a"b"', 'x: "<% a("b")"'])
def test_other_errors_of_a_template_stay(lines: str) -> None:
    assert read_properties(f"---\n{lines}\n---\n").error is not None

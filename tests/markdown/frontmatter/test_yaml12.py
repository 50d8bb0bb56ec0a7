from __future__ import annotations

import math
import time
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from vaultsync.markdown.frontmatter.block import read_properties
from vaultsync.markdown.frontmatter.yaml12 import (
    MAX_DEPTH,
    MAX_NODES,
    children,
    compose,
    construct,
    obsidian_compatible,
)

PIECES = (
    "a|b: |: |- |? |\n|  |[|]|{|}|,|&x |*x|!!int |!!bool |!!map |!!seq |!!set |!!null |!!str |!t |"
    "'|#| |\t|~|true|1|0x1|1e3|.nan|<<|---|...|%YAML 1.1|>|\\u0041|😀|\u2028|\x85|\0|\ud800|\ufeff|"
    '"'
)
YAML = st.lists(st.sampled_from([*PIECES.split("|"), "|", "|\n  a"]), max_size=15).map("".join)
# https://yaml.org/spec/1.2.2/#103-core-schema
SCALARS: list[tuple[str, Any]] = [
    ("yes", "yes"),
    ("No", "No"),
    ("on", "on"),
    ("OFF", "OFF"),
    ("y", "y"),
    ("true", True),
    ("False", False),
    ("TRUE", True),
    ("tRue", "tRue"),
    ("010", 10),
    ("0o10", 8),
    ("0o18", "0o18"),
    ("0x1f", 31),
    ("0b1", "0b1"),
    ("-12", -12),
    ("+12", 12),
    ("-0x1f", "-0x1f"),
    ("1_000", "1_000"),
    ("12:30:45", "12:30:45"),
    ("2024-01-01", "2024-01-01"),
    ("2020-08-21T10:30:00", "2020-08-21T10:30:00"),
    ("~", None),
    ("null", None),
    ("Null", None),
    ("nULL", "nULL"),
    ("1.0", 1.0),
    ("1.", 1.0),
    (".5", 0.5),
    ("-1e3", -1000.0),
    ("1e+3", 1000.0),
    (".", "."),
    ("1.2.3", "1.2.3"),
    (".inf", math.inf),
    ("-.INF", -math.inf),
    ("+.Inf", math.inf),
    (".iNF", ".iNF"),
    ("=", "="),
    ("<<", "<<"),
    ("'yes'", "yes"),
    ('"1"', "1"),
    ("!!str 1", "1"),
    ("!!int '1'", 1),
    ("!!float 1", 1.0),
    ("!!bool True", True),
    ("!!null x", "x"),
    ("!!int x", "x"),
    ("!!int ''", ""),
    ("!!float x", "x"),
    ("!!bool maybe", "maybe"),
    ("!!seq x", "x"),
    ("!!int [1]", [1]),
    ("!!str {}", {}),
    ("!!timestamp 2024-01-01", "2024-01-01"),
    ("!!binary aGk=", "aGk="),
    ("!t x", "x"),
]
LINES = st.lists(st.sampled_from(["\t", " ", "-", "a", ":", "#", "\n", "\r\n", "'"])).map("".join)

# What npm `yaml` 2.7.0 makes of each text; None: an error.
READ: list[tuple[str, dict[str, Any] | None]] = [
    ("a: 1\n\t\nb: 2", {"a": 1, "b": 2}),
    ("a: 1\r\n \t \r\nb: 2", {"a": 1, "b": 2}),
    ("\t\na: b", {"a": "b"}),
    ("a: b\n\t", {"a": "b"}),
    ("a: b\n\t# c\nc: d", {"a": "b", "c": "d"}),
    ("a:\n  - b\n  \t\n  - c", {"a": ["b", "c"]}),
    ("a:\n-\tb", {"a": ["b"]}),
    ("a:\n  - \tb # c", {"a": ["b"]}),
    ("a:\n-\t'b: c'", {"a": ["b: c"]}),
    ("a:\n-\thttp://x", {"a": ["http://x"]}),
    ("a:\n-\t[[b]]", {"a": [[["b"]]]}),
    ("a:\tb\t# c", {"a": "b"}),
    ("a:\t\n- b", {"a": ["b"]}),
    ('{\n\t"a": 1\n}', {"a": 1}),
    ("a: !!int b", {"a": "b"}),
    ("a: !!seq {b: c}", {"a": {"b": "c"}}),
    ("a: x\x08\x1b\x7fy", {"a": "x\x08\x1b\x7fy"}),
    ("a: 'b\n\n  c'", {"a": "b\nc"}),
    ("a: [\n  b\n]", {"a": ["b"]}),
    ("a: {\n  b: c\n}", {"a": {"b": "c"}}),
    ("a: [\n#c\n b]", {"a": ["b"]}),
    ("a: |\n  b\nc: d", {"a": "b\n", "c": "d"}),
    ("a:\n- b\n# c\n- d", {"a": ["b", "d"]}),
    ("a:\n\t- b", None),
    ("\ta: b", None),
    ("a: b\n\tc: d", None),
    ("a:\n-\tb: c", None),
    ("a:\n-\t- b", None),
    ("a: |\n\tb", None),
    ("a: 'b\nc'", None),
    ('a: "b\nc"', None),
    ("a: 'b\n\tc'", None),
    ("a: 'b\n\n'", None),
    ("a: [\nb]", None),
    ("a: [b,\n\tc]", None),
    ("a: {\nb: c\n}", None),
    ("a:\n  - 'c\nd'", None),
    ("a:\n  - [c,\nd]", None),
]


def load(text: str) -> Any:
    node = compose(text)
    return None if node is None else construct(node)


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_a_scalar_is_what_the_core_schema_says(text: str, value: object) -> None:
    (found,) = load(f"- {text}")
    assert (found, type(found)) == (value, type(value))


def test_nothing_is_null() -> None:
    assert load("a:") == {"a": None}
    assert compose("") is compose("# comment\n") is None


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number(text: str) -> None:
    assert math.isnan(load(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", 2.0**63),
        ("-9223372036854775808", -(2**63)),
        ("0xffffffffffffffff", 2.0**64),
        ("9" * 400, math.inf),
        ("-" + "9" * 5000, -math.inf),
        ("0x" + "f" * 5000, math.inf),
    ],
)
def test_an_integer_beyond_64_bits_is_a_float(text: str, value: float) -> None:
    found = load(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!t {a: 1}", {"a": 1}),
        ("!!map [a]", ["a"]),
        ("!!set {a, b}", {"a": None, "b": None}),
        ("!!omap [a: 1]", [{"a": 1}]),
        ("!t [[x]]", [["x"]]),
    ],
)
def test_a_tag_without_a_meaning_changes_nothing(text: str, value: object) -> None:
    assert load(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1: a", {"1": "a"}),
        ("~: a", {"~": "a"}),
        ("? [a]\n: b", {"[object]": "b"}),
        ("<<: {a: 1}\nb: 2", {"<<": {"a": 1}, "b": 2}),
    ],
)
def test_every_key_is_a_text(text: str, value: object) -> None:
    assert load(text) == value


def test_an_alias_stands_for_its_anchor() -> None:
    assert load("a: &x [1]\nb: *x") == {"a": [1], "b": [1]}


@pytest.mark.parametrize("mark", list("\x85\u2028\u2029\x08\f\x1b\x7f\x9f\ufffe\uffff"))
def test_what_libyaml_refuses_or_takes_for_a_line_break_is_text(mark: str) -> None:
    assert load(f"{mark}a: b{mark}c\nd: ['{mark}', {{e: \"{mark}\"}}]") == {
        f"{mark}a": f"b{mark}c",
        "d": [mark, {"e": mark}],
    }


def test_a_private_character_stays_what_it_is() -> None:
    text = "\U000f0000\x01\U000f0001\U00100001\uffff\U0010ffff"
    assert load(f"a: '{text}'") == {"a": text}


@pytest.mark.parametrize("mark", ["\0", "\ud800"])
def test_a_character_that_no_text_has_is_an_error_with_its_place(mark: str) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as raised:
        compose(f"a: 😀{mark}")
    assert raised.value.problem == f"the character U+{ord(mark):04X} is not allowed"
    assert raised.value.problem_mark
    assert raised.value.problem_mark.index == 4


def bomb(levels: int) -> str:
    lines = ["a0: &a0 x"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        bomb(10),
        "a: &x [*x]",
        f"- &x {'9' * 1_000_000}\n" + "- *x\n" * 50_000,
        "[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2),
        "a: " + "[" * 3_000,
        "a: " + "[" * 500_000,
        "a: " + "{a: " * 500_000,
        "- a\n" * 500_000,
        "- " * 500_000,
        "? " * 500_000,
    ],
    ids=lambda text: str(text[:12]),
)
def test_bombs_and_deep_nesting_are_refused_quickly(text: str) -> None:
    started = time.monotonic()
    with pytest.raises(yaml.YAMLError):
        compose(text)
    assert time.monotonic() - started < 30


def test_what_is_large_but_not_hostile_is_read() -> None:
    assert load("- a\n" * (MAX_NODES // 2)) == ["a"] * (MAX_NODES // 2)
    assert load(f"- {'long ' * 500_000}") == [("long " * 500_000).strip()]
    deep = load("[" * 90 + "]" * 90)
    for _ in range(89):
        (deep,) = deep
    assert deep == []


def test_children_are_keys_and_values_in_order() -> None:
    node = compose("a: b\nc: [d]")
    assert node
    assert [child.value for child in children(node)][:3] == ["a", "b", "c"]
    assert children(children(node)[0]) == []


@given(YAML)
@example("a: !!bool maybe")
@example("!t\na: b")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = load(text)
    except yaml.YAMLError:
        return
    assert value is None or isinstance(value, str | int | float | list | dict)


@pytest.mark.parametrize(("yaml_text", "data"), READ)
def test_a_text_is_read_as_obsidian_reads_it(yaml_text: str, data: dict[str, Any] | None) -> None:
    properties = read_properties(f"---\n{yaml_text}\n---\n")
    assert bool(properties.error) is (data is None)
    assert dict(properties.data) == (data or {})


@pytest.mark.parametrize(
    ("yaml_text", "data"), [("a: -", {"a": None}), ("a: - \nb: 1", {"a": None, "b": 1})]
)
def test_a_lone_dash_says_nothing(yaml_text: str, data: dict[str, Any]) -> None:
    assert read_properties(f"---\n{yaml_text}\n---\n").data == data


def test_what_follows_a_lone_dash_is_not_taken_for_text() -> None:
    assert read_properties("---\na: -\n  b\n---\n").error


def test_places_hold_behind_a_tab_that_indents_nothing() -> None:
    text = "---\na:\n-\tb\n\t\nc: '[[d]]'\n---\n"
    properties = read_properties(text)
    assert properties.keys["c"].of(text) == "c"
    assert [link.span.of(text) for link in properties.links] == ["'[[d]]'"]


@given(LINES)
def test_softening_keeps_every_place(source: str) -> None:
    soft = obsidian_compatible(source)
    assert len(soft) == len(source)
    changed = [(a, b) for a, b in zip(source, soft, strict=True) if a != b]
    assert set(changed) <= {("\t", " "), ("-", "~")}
    assert obsidian_compatible(soft) == soft

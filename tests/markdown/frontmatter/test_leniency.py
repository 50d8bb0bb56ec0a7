from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.markdown.frontmatter import read_properties
from vaultsync.markdown.frontmatter.leniency import softened

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
    soft = softened(source)
    assert len(soft) == len(source)
    changed = [(a, b) for a, b in zip(source, soft, strict=True) if a != b]
    assert set(changed) <= {("\t", " "), ("-", "~")}
    assert softened(soft) == soft

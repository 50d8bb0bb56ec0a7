from __future__ import annotations

import pytest

from vaultsync.core.model import Link
from vaultsync.markdown.frontmatter.block import read_properties


def links(yaml: str) -> list[Link]:
    return list(read_properties(f"---\n{yaml}\n---\n").links)


@pytest.mark.parametrize(
    ("yaml", "target", "subpath", "display"),
    [
        ('"[[a]]"', "a", "", None),
        ("'[[a#b|c]]'", "a", "#b", "c"),
        ("'[[it''s]]'", "it's", "", None),
        ('"[[ a | ]]"', "a", "", None),
        ("'[[#b]]'", "", "#b", None),
        ("'[[a]b]]'", "a]b", "", None),
        ("'[c](a%20b.md#d)'", "a b.md", "#d", "c"),
        ("'[c](<a b.md>)'", "a b.md", "", "c"),
        ("'[](a_(1).md)'", "a_(1).md", "", ""),
    ],
)
def test_a_value_that_is_one_link_counts(
    yaml: str, target: str, subpath: str, display: str | None
) -> None:
    (link,) = links(f"p: {yaml}")
    assert (link.kind, link.target, link.subpath) == ("property", target, subpath)
    assert (link.display, link.external) == (display, False)


def test_an_external_link_is_marked() -> None:
    (link,) = links("p: '[c](https://x.org/#a)'")
    assert (link.target, link.external) == ("https://x.org/#a", True)


@pytest.mark.parametrize(
    "yaml",
    [
        '"see [[x]] here"',
        "[[x]]",
        '"![[x]]"',
        '" [[x]]"',
        '"[[x]] "',
        '"[[x]] [[y]]"',
        '"[[x [[y]]"',
        '"[[x]]]]"',
        "'[c](a b)'",
        "'[c](a) b'",
        "'[c](a(b)'",
        '"[[x\\ny]]"',
        "a  # '[[x]]'",
        "|\n  [[x]]",
        ">-\n  [[x]]",
        "'[[x\n  y]]'",
        '"[]"',
    ],
)
def test_any_other_value_does_not(yaml: str) -> None:
    assert links(f"p: {yaml}") == []


def test_links_are_found_at_any_depth_in_order() -> None:
    found = links("l: [{m: '[[a]]', n: ['[[b]]']}, '[[c]]']\n'[[no]]': '[[d]]'\ne:\n  - '[[e]]'")
    assert [link.target for link in found] == ["a", "b", "c", "d", "e"]


def test_a_link_that_aliases_repeat_is_written_once() -> None:
    found = links("a: &l ['[[a]]', '[[b]]']\nc: *l\nd: [*l]")
    assert [link.target for link in found] == ["a", "b"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("'[[ 😀 a #b|😀 a]]'", "😀 a"),
        ("'[a.md](a.md#a.md)'", "a.md"),
        ("'[x](<a b#c>)'", "a b"),
        ("'[x](https://x.org/#a)'", "https://x.org/#a"),
        ("'[[#b]]'", ""),
        ("'[x](#b)'", ""),
    ],
)
def test_the_place_of_a_target(value: str, written: str) -> None:
    text = f"---\na: 'é'\np: {value}\n---\na.md"
    (link,) = read_properties(text).links
    assert link.span.of(text) == value
    assert link.target_span.of(text) == written


@pytest.mark.parametrize("value", ["'[[it''s]]'", '"\\x5b[a]]"', '"[[\\x61]]"'])
def test_the_place_of_a_target_behind_escapes_is_the_whole_value(value: str) -> None:
    text = f"---\np: {value}\n---\n"
    (link,) = read_properties(text).links
    assert link.target_span.of(text) == value

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaultsync.markdown import parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["file", "a.md", 'é"\\', "#h"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["nodes", "type", "file", "subpath"]), inner, max_size=4)
    ),
    max_leaves=12,
)


def file_node(file: object, **more: object) -> dict[str, object]:
    return {"id": "1", "type": "file", "file": file, **more}


def test_each_file_node_is_a_link_with_its_own_place() -> None:
    nodes = [file_node("a.md"), file_node("b/é 😀.md", subpath="#h"), file_node("a.md", subpath=3)]
    text = json.dumps({"nodes": nodes}, ensure_ascii=False, indent=1)
    links = parse("n.canvas", text).links
    assert [(link.kind, link.target, link.subpath) for link in links] == [
        ("canvas", "a.md", ""),
        ("canvas", "b/é 😀.md", "#h"),
        ("canvas", "a.md", ""),
    ]
    assert [link.target_span.of(text) for link in links] == ["a.md", "b/é 😀.md", "a.md"]
    assert links[0].start < links[1].start < links[2].start


def test_a_name_written_in_escapes_has_its_place() -> None:
    text = json.dumps({"nodes": [file_node("é.md")]})
    (link,) = parse("n.canvas", text).links
    assert (link.target, link.target_span.of(text)) == ("é.md", "\\u00e9.md")


def test_the_text_of_a_card_is_no_file_node() -> None:
    card = {"type": "text", "text": '"file": "a.md" [[b]]'}
    text = json.dumps({"nodes": [card, file_node("a.md")]})
    (link,) = parse("n.canvas", text).links
    assert link.start == text.rindex("a.md")


def test_a_key_written_in_escapes_has_the_whole_file_for_a_place() -> None:
    text = '{"nodes": [{"type": "file", "fil\\u0065": "a.md"}]}'
    (link,) = parse("n.canvas", text).links
    assert (link.target, link.span.of(text)) == ("a.md", text)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '{"nodes": 3}', '{"nodes": {"file": "a"}}', "\ud800", "[" * 100_000],
)
def test_a_canvas_that_cannot_be_read_has_no_links(text: str) -> None:
    assert parse("n.canvas", text).links == ()


@given(JSON)
@example({"nodes": [None, {"type": "file"}, {"type": "file", "file": 3}, {"type": ["file"]}]})
def test_any_json_can_be_read(value: Any) -> None:
    text = json.dumps(value)
    for link in parse("n.canvas", text).links:
        assert json.loads(f'"{link.target_span.of(text)}"') == link.target


@given(st.lists(st.builds(file_node, st.text(st.characters(exclude_categories=["Cs"])))))
def test_every_file_node_is_found(nodes: list[dict[str, Any]]) -> None:
    links = parse("n.canvas", json.dumps({"nodes": nodes})).links
    assert [link.target for link in links] == [node["file"] for node in nodes]

"""A file read whole: what is recorded, that nothing raises, that every place holds."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.markdown import elements, parse
from vaultsync.markdown.document import MAX_BYTES, from_bytes, kind_of, nesting_error, to_bytes
from vaultsync.markdown.links import decode_uri

# A body, the targets of its links, the names of its tags: as Obsidian records them.
EXTRACTION = [
    ("%% [[c]] #t %%", ["c"], ["t"]),
    ("%%\n\n[[c]]\n\n#t\n%%", ["c"], ["t"]),
    ("`[[a]]` [[b]]", ["b"], []),
    ("```\n[[a]] #t\n```\n~~~\n[b](b.md)\n~~~", [], []),
    ("text\n\n    [[a]] #t\n", [], []),
    ("$[[a]]$ [[b]]", ["b"], []),
    ("$$\n[[a]] #t\n$$", [], []),
    ("<div>\n[[no]] #t\n</div>", [], []),
    ("<!-- [[no]] #t -->", [], []),
    ("<span>[[yes]]</span><b>#t</b>", ["yes"], ["t"]),
    ("x^[note [[fn]] #t]", ["fn"], ["t"]),
    ("[^1]: note [[fn]] #t", ["fn"], ["t"]),
    ("[#t see](a.md) [[b|#no]] [[b| #no]]", ["a.md", "b", "b"], ["t"]),
    ("[t][r] [r]\n\n[r]: target.md", [], []),
    ("| a | b |\n|---|---|\n| [[p|q]] | c |\n", [], []),
    ("| a | b |\n|---|---|\n| [[p\\|q]] #t | #u |\n", ["p"], ["t", "u"]),
    ("[[ ]]", [""], []),
    ("[[a\nb]]", [], []),
    ("[[a\r\nb]]", [], []),
    ("[[a\rb]]", [], []),
    ("#123 a#b ##d #1a #2024年 #a/b/", [], ["1a", "2024年", "a/b"]),
    ("#标签，后面 #emoji😀tag", [], ["标签，后面", "emoji😀tag"]),
    ("[see [[x]]](y.md)", ["y.md", "x"], []),
    ('[see [[x]] and ![[z]] #t](<y z.md> "title")', ["y z.md", "x", "z"], ["t"]),
    ("[![[x.png]]](y.md)", ["y.md", "x.png"], []),
    ("[![alt](x.png)](y.md)", ["y.md", "x.png"], []),
    ("![alt [t](no.md) #no](x.png)", ["x.png"], []),
    ("![alt [[no]] x](x.png)", ["x.png"], []),
    ("[[Sq]uare]] [[a] [b]] [[a [[b]] c]]", ["Sq]uare", "a] [b", "b"], []),
    ("[[a `b` c]] [[a $b]] and [[c$ d]]", ["a `b` c", "a $b", "c$ d"], []),
    ("\\[[a]] \\![[b]] [[c]](d) ![[e]](f)", ["b", "c", "e"], []),
    ("[t](a b.md) [t](<a b.md>) [t](c.md 'd')", ["a b.md", "c.md"], []),
    ("<https://x.org/#a> https://x.org/#b [c](https://x.org/#d)", ["https://x.org/#d"], []),
    ("> [!note] [[a]] #t\n> [[b]]\n\n- [ ] [[c]]\n\n# [[d]] #u", ["a", "b", "c", "d"], ["t", "u"]),
    ("==[[a]] #t== **[[b]]** ~~#u~~ ==#v==", ["a", "b"], ["t", "u", "v"]),
]
PIECES = (
    "---\n|a: b|[[|]]|![[|[|]|](|)|x.md|<|>|%20|#|##|#t|^id| |\n|\r\n|\r|\t|```|`|$|$$|%%|||-|"
    "- [x] |> |<div>|<!--|-->|\\|\f|\0|\u2028|\ufeff|😀|é|\ud800|&amp;|*|==|~~|1. |[^1]|[^1]: |"
    "===|    "
)
TEXTS = st.lists(st.sampled_from(PIECES.split("|")), max_size=25).map("".join) | st.text(
    st.characters(), max_size=20
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["file", "a.md", 'é"\\', "#h"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["nodes", "type", "file", "subpath"]), inner, max_size=4)
    ),
    max_leaves=12,
)
SIZE = 40_000
REFUSED = {
    "quotes": ">" * SIZE + "a\n" + "a\n" * SIZE,
    "lists": "- " * SIZE + "```\n" + "\n" * SIZE,
    "numbers": "1. " * SIZE + "\n" + "a\r" * SIZE,
    "lists by indentation": "".join(f"{'  ' * n}- a\n" for n in range(900)) + "\n" * 3 * SIZE,
    "a line ended by CR": "\r" + ">" * SIZE + "a\r" + "a\r" * SIZE,
    "embeds": "![[a" * SIZE + "]]" * SIZE,
}
READ = {
    "quotes alone": ">" * 2 * SIZE,
    "lists alone": "- " * 2 * SIZE,
    "a rule": "-" * 2 * SIZE + "\n" * 2 * SIZE,
    "digits": "7" * 2 * SIZE + "\n" * 2 * SIZE,
    "columns": "| - | > | 1. |\n" * SIZE,
    "code": f"```\n{' ' * 300}a\n" + "a\n" * SIZE,
    "embeds in a row": "![[a]] " * SIZE,
    "embeds in many paragraphs": ("![[" * 300 + "]]" * 300 + "\n \r\n") * 60,
    "embeds never closed": "![[" * SIZE,
    "ends of embeds": "]]" * SIZE,
}


@pytest.mark.parametrize(("body", "targets", "tags"), EXTRACTION)
def test_links_and_tags_are_those_that_obsidian_records(
    body: str, targets: list[str], tags: list[str]
) -> None:
    document = parse("n.md", body)
    assert [link.target for link in document.links] == targets
    assert [tag.name for tag in document.tags] == tags


def places_hold(document: Document) -> None:
    text = document.text
    assert len({(link.start, link.end) for link in document.links}) == len(document.links)
    for link in document.links:
        assert link.span.of(text).startswith(("[[", "![[", "[", "![", '"', "'"))
        written = link.target_span.of(text)
        assert link.span.start <= link.target_span.start <= link.target_span.end <= link.span.end
        decoded = written if link.kind in {"wiki", "embed"} else decode_uri(written)
        assert link.external or link.kind == "property" or decoded == link.target
    for tag in document.tags:
        assert tag.span.of(text) == f"#{tag.name}"
    for block in document.blocks:
        assert block.span.of(text) == f"^{block.id}"


def lines_hold(document: Document) -> None:
    text = document.text
    for heading in document.headings:
        assert heading.text in heading.span.of(text)
        assert 1 <= heading.level <= 6
    for task in document.tasks:
        assert f"[{task.mark}]" in task.span.of(text)
        assert task.span.of(text).endswith(task.text)
    for footnote in document.footnotes:
        assert footnote.span.of(text).startswith(f"[^{footnote.label}]:")
    ends = [element.end for element in elements(text, document.body)]
    assert all(document.body <= end <= len(text) for end in ends)


@given(TEXTS)
@example("- [x] done")
@example("😀 [é](x%20y.md#z) [[é]] #é ^é\n\n# é\n")
@example("\ud800 [[a]] #t")
@example("[](<>)![]( 'a')")
@example("[a](\n> <b>)")
def test_reading_never_raises_and_every_place_holds(text: str) -> None:
    document = parse("n.md", text)
    places_hold(document)
    lines_hold(document)


@given(TEXTS)
def test_properties_before_a_body_shift_it_and_change_nothing_else(text: str) -> None:
    head = "---\ntitle: 😀\n---\n"
    alone, below = parse("n.md", f"\n{text}"), parse("n.md", f"{head}\n{text}")
    moved = [(link.start + len(head), link.end + len(head)) for link in alone.links]
    assert [(link.start, link.end) for link in below.links] == moved
    assert [heading.text for heading in below.headings] == [head.text for head in alone.headings]


@given(st.binary(max_size=20))
def test_any_bytes_are_a_document(data: bytes) -> None:
    for name in ("n.md", "n.canvas", "n.base"):
        assert parse(name, data).path == name


def test_what_is_not_utf8_is_an_error_without_facts() -> None:
    document = parse("n.md", b"[[a]] \xff")
    assert (document.error, document.text, document.links) == ("not UTF-8 at byte 6", "", ())


def test_a_file_too_large_is_an_error() -> None:
    assert parse("n.md", b"a" * (MAX_BYTES + 1)).error == (
        "5.0 MB is more than the 5 MB that a note may have"
    )
    assert parse("n.md", b"a" * MAX_BYTES).error is None


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.md", "note"),
        ("d/a.MD", "note"),
        ("a.canvas", "canvas"),
        ("a.base", "base"),
        ("a.png", None),
        ("md", None),
        ("a.md/b", None),
    ],
)
def test_the_suffix_tells_the_kind(path: str, kind: str | None) -> None:
    assert kind_of(path) == kind


def test_a_byte_order_mark_is_no_text() -> None:
    document = parse("n.md", "\ufeff# H\n\n#t\n".encode())
    assert document.body == 1
    assert [heading.text for heading in document.headings] == ["H"]
    assert [tag.start for tag in document.tags] == [6]


def test_the_body_starts_behind_the_properties() -> None:
    document = parse("n.md", b"---\r\ntags: ['#no']\r\nup: '[[a]]'\r\n---\r\n[[b]] #t\r\n")
    assert document.text[document.body :] == "[[b]] #t\r\n"
    assert [(link.kind, link.target) for link in document.links] == [
        ("property", "a"),
        ("wiki", "b"),
    ]
    assert [tag.name for tag in document.tags] == ["t"]


def test_a_base_has_no_facts() -> None:
    document = parse("n.base", "filters: [[a]] #t")
    assert (document.kind, document.links, document.tags) == ("base", (), ())


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_endings_change_no_fact(newline: str) -> None:
    text = "# H\n\n- [x] task\n- b ^id\n\ntext\n===\n\n[^1]: note\n".replace("\n", newline)
    document = parse("n.md", text)
    assert [(heading.level, heading.text) for heading in document.headings] == [
        (1, "H"),
        (1, "text"),
    ]
    assert [(task.mark, task.text) for task in document.tasks] == [("x", "task")]
    assert [block.id for block in document.blocks] == ["id"]
    assert [footnote.label for footnote in document.footnotes] == ["1"]


@pytest.mark.parametrize(
    "text",
    [
        "[[" * 20_000,
        "*a_" * 20_000,
        "> " * 20_000,
        "1. " * 20_000,
        "[a [[b]] " * 10_000,
        "[" + "![[b]] " * 10_000 + "](",
        "![" * 10_000 + "](a)" * 10_000,
        "# a" + " " * 100_000 + "#b",
        "a <!-- " * 20_000,
    ],
    ids=lambda text: str(text[:10]),
)
def test_a_long_hostile_note_is_read_quickly(text: str) -> None:
    started = time.monotonic()
    document = parse("n.md", text)
    elements(text, document.body)
    assert time.monotonic() - started < 30


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
    link = parse("n.canvas", text).internal[-1]
    assert (link.kind, link.start) == ("canvas", text.rindex("a.md"))


def test_a_text_card_and_a_background_hold_links() -> None:
    card = {
        "type": "text",
        "text": '# A\n[[b#c|d]] ![e](f.png) [[b]] "[[g]]" [h](https://i.j) [[é]]',
    }
    group = {"type": "group", "background": "k/l.png", "file": "m.md"}
    odd = [{"type": "text", "text": 3}, {"type": "text", "file": "n.md"}, {"type": "group"}]
    text = json.dumps({"nodes": [card, group, *odd]})
    document = parse("n.canvas", text)
    assert [(link.kind, link.target, link.span.of(text)) for link in document.internal] == [
        ("wiki", "b", "[[b#c|d]]"),
        ("image", "f.png", "![e](f.png)"),
        ("wiki", "b", "[[b]]"),
        ("wiki", "g", "[[g]]"),
        ("wiki", "é", r"[[\u00e9]]"),
        ("canvas", "k/l.png", "k/l.png"),
    ]
    written = [link.target_span.of(text) for link in document.internal]
    assert written == ["b", "f.png", "b", "g", r"\u00e9", "k/l.png"]


def test_a_character_beyond_the_basic_plane_is_one() -> None:
    nodes = {"nodes": [{"type": "text", "text": 'x "😀" [[é😀|y]]'}]}
    for text in (json.dumps(nodes), json.dumps(nodes, ensure_ascii=False)):
        (link,) = parse("n.canvas", text).internal
        assert json.loads(f'"{link.target_span.of(text)}"') == link.target == "é😀"


def test_a_card_under_an_escaped_key_has_no_place() -> None:
    text = '{"nodes": [{"type": "text", "t\\u0065xt": "[[a]]"}]}'
    (link,) = parse("n.canvas", text).internal
    assert link.span == link.target_span == Span(0, len(text))


def test_a_card_that_would_take_too_long_has_no_links() -> None:
    card = {"type": "text", "text": "> " * 30_000 + "[[a]]\n" * 10_000}
    assert parse("n.canvas", json.dumps({"nodes": [card]})).links == ()


def test_the_views_of_a_base_are_its_headings() -> None:
    text = "views:\n  - type: table\n    name: All books\n  - type: cards\n  - x\nfilters: a\n"
    found = parse("n.base", text)
    assert [heading.text for heading in found.headings] == ["All books", "cards"]
    assert from_bytes("n.base", "base", text, to_bytes(found) or b"") is not None
    for other in ("", "views:\n", "views: 3\n", "views: [", "- a\n"):
        assert parse("n.base", other).headings == ()


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


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_nests_too_deep_is_refused_quickly(text: str) -> None:
    started = time.monotonic()
    document = parse("n.md", text)
    assert document.error
    assert (document.text, document.links) == ("", ())
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_what_is_only_long_is_read_quickly(text: str) -> None:
    started = time.monotonic()
    assert parse("n.md", text).error is None
    assert time.monotonic() - started < 30


def test_the_error_says_where() -> None:
    text = f"a\n  {'> ' * SIZE}\n" + "a\n" * SIZE
    assert nesting_error(text) == (
        f"line 2 starts with {2 * SIZE + 2} characters of quote and list marks, "
        f"too many for a note of {SIZE + 3} lines"
    )


def test_a_line_of_marks_below_several_lines_leaves_a_paragraph() -> None:
    kinds = [part.kind for part in elements("A\n---\n\nb\nc\n---\n\nd\n- \n\n# E\n", 0)]
    assert kinds == ["heading", "paragraph", "paragraph", "heading"]

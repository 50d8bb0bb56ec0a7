from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown.frontmatter.block import read_properties
from vaultsync.markdown.frontmatter.edit import (
    Scalar,
    add_to_list,
    list_items,
    make_list,
    preserves_other_properties,
    set_property,
    tabs_to_spaces,
    unquoted_wikilinks,
    write_scalar,
)
from vaultsync.markdown.frontmatter.yaml12 import compose, construct

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.text(
    st.sampled_from("ab: #'\"[]{},&*!|>%@`-?~\n\t1.0"), max_size=8
)
SCALARS: st.SearchStrategy[Scalar] = (
    TEXTS
    | st.sampled_from(["true", "null", "~", "2024-01-01", "0x1f", "---", "a: b", "[[a]]", "é"])
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
)
LINES = (
    "a: x|a: 'x' # c|a:|a: # c|a: [x, y] # c|a: []|a: {x: y}|a: null|a: \"x: y\"|a: &n x|a: .nan|"
    "a:\n  - x\n  # c\n  - y|a:\n- x|a:\n  x|a: # c\n  x|a: >-\n  x\n  y|? a\n: x|? a|a: |\n  x\n"
)
BLOCKS = st.builds(
    lambda first, lines, last, newline: "\n".join([f"{first}---", *lines, "---", last]).replace(
        "\n", newline
    ),
    st.sampled_from(["", "\ufeff"]),
    st.lists(
        st.sampled_from(["b: 1", "# comment", "c:\n  - 😀", "", *LINES.split("|")]), max_size=4
    ),
    st.sampled_from(["", "body\n", "\nname: no property\n---\n"]),
    st.sampled_from(["\n", "\r\n"]),
) | st.sampled_from(["", "body", "\ufeff", "---\n", "---\nnot closed\n", "{a: 1}", "\r\n"])
NOTE = "---\na: 1\nb:\n  - x\nc: true\n---\nText.\n"
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
PROPERTIES = st.lists(
    st.tuples(st.sampled_from(["tag", "tags", "up", '"tag"']), VALUES), max_size=4
)
PIECES = st.sampled_from(["\t", " ", "- ", "-\t", "a", ": ", ":", "\n", "\n\t", "[[b]]", "|", "# "])
TABBED = st.lists(PIECES, max_size=14).map(lambda pieces: f"---\n{''.join(pieces)}\n---\n\tText\n")


def after_set(text: str, name: str, value: Scalar, *order: str) -> str:
    return apply_edits(text, set_property(text, name, value, order=order))


def after_add(text: str, value: str, *order: str) -> str:
    return apply_edits(text, add_to_list(text, "a", value, order=order))


def block(yaml: str) -> str:
    return f"---\n{yaml}\n---\nbody\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: x", "a: new"),
        ("a: 'x' # c", "a: new # c"),
        ("a:   x", "a:   new"),
        ("a:", "a: new"),
        ("a: # c", "a: new # c"),
        ("b: 1\na: [x,\n y] # c\nc: 2", "b: 1\na: new # c\nc: 2"),
        ("a:\n  - x\n  - y\nc: 2", "a: new\nc: 2"),
        ("a:\n- x", "a: new"),
        ("a: # c\n  - x", "a: # c\n  new"),
        ("a:\n  - x # c\n\n# on b\nb: 1", "a: new # c\n\n# on b\nb: 1"),
        ("a:\n  x:\n    - y\n  z:\n# on b\nb: 1", "a: new\n# on b\nb: 1"),
        ("a: |\n  x\n\n  y\n\nc: 2", "a: new\n\nc: 2"),
        ("'a': x", "'a': new"),
        ("? a\n: x", "? a\n: new"),
        ("{a: x, b: y}", "{a: new, b: y}"),
        ("b: 1", "b: 1\na: new"),
        ("b: 1 # c\n# end", "b: 1 # c\na: new\n# end"),
        ("b:\n  - x\n\n# end", "b:\n  - x\na: new\n\n# end"),
        ("# c", "a: new\n# c"),
    ],
)
def test_a_property_gets_a_value_and_all_else_stays(before: str, after: str) -> None:
    assert after_set(block(before), "a", "new") == block(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "---\na: new\n---\n"),
        ("body\n", "---\na: new\n---\nbody\n"),
        ("\ufeffbody\r\n", "\ufeff---\r\na: new\r\n---\r\nbody\r\n"),
        ("---\n---\nbody", "---\na: new\n---\nbody"),
        ("---\r\nb: 1\r\n---", "---\r\nb: 1\r\na: new\r\n---"),
        ("---\nnot closed", "---\na: new\n---\n---\nnot closed"),
    ],
)
def test_a_note_without_the_property_gets_it(before: str, after: str) -> None:
    assert after_set(before, "a", "new") == after


@pytest.mark.parametrize(
    ("yaml", "order", "after"),
    [
        ("b: 1\nc: 2", "bac", "b: 1\na: new\nc: 2"),
        ("b: 1\nc: 2", "bca", "b: 1\nc: 2\na: new"),
        ("c: 2\nb: 1", "bca", "c: 2\na: new\nb: 1"),
        ("b: 1\nc: 2", "abc", "a: new\nb: 1\nc: 2"),
        ("b: 1\nc: 2", "bc", "b: 1\nc: 2\na: new"),
        ("x: 1", "zay", "a: new\nx: 1"),
    ],
)
def test_a_new_property_stands_behind_the_nearest_before_it(
    yaml: str, order: str, after: str
) -> None:
    assert after_set(block(yaml), "a", "new", *order) == block(after)


@pytest.mark.parametrize(
    "text",
    [
        block("a: [broken"),
        block("a: x\na: y"),
        block("- a"),
        block("{b: 1}"),
        block("? a"),
        block("{a}"),
        block("b: |+\n  x\n\n"),
        "body\rline",
    ],
)
def test_what_cannot_be_done_safely_is_not_done(text: str) -> None:
    assert set_property(text, "a", "new") == ()
    assert add_to_list(text, "a", "new") == ()


def test_an_anchor_that_is_used_is_not_lost() -> None:
    assert set_property(block("a: &n x\nb: *n"), "a", "new") == ()
    assert after_add(block("a: &n x\nb: *n"), "new") == block("a:\n  - new\n  - &n x\nb: *n")


def test_an_alias_is_what_stands_where_its_property_is() -> None:
    text = block("b: &n [1]\na: *n # *c")
    assert after_set(text, "a", "new") == block("b: &n [1]\na: new # *c")
    assert add_to_list(text, "a", "new") == ()


@pytest.mark.parametrize(
    ("yaml", "written"),
    [
        ("a: &n x\nb: *n # *c", "*n"),
        ("a:\n- &n x\nb:\n- *n\n", "- *n"),
        ("b:\n- &n x\n- y\n- *n  # *c\n# *d\nc: 1\n", "- &n x\n- y\n- *n"),
        ("a: &n {x: 1}\nb:\n  c: *n\n\nd: 3", "c: *n"),
    ],
)
def test_the_place_of_a_value_ends_with_its_last_alias(yaml: str, written: str) -> None:
    text = block(yaml)
    assert read_properties(text).values["b"].of(text) == written


def test_a_name_that_is_no_plain_yaml_is_refused() -> None:
    assert set_property(block("b: 1"), "a: c", "x") == ()


@pytest.mark.parametrize(
    ("yaml", "value"),
    [
        ("a: 'x'", "x"),
        ("b: 1\na: 'x'", "x"),
        ("a: 0x1f", 31),
        ("a: TRUE", True),
        ("a: .inf", math.inf),
    ],
)
def test_a_property_that_has_the_value_is_left_alone(yaml: str, value: Scalar) -> None:
    assert set_property(block(yaml), "a", value) == ()


@pytest.mark.parametrize(
    ("yaml", "value", "after"),
    [("a: 1", True, "a: true"), ("a: 1", 1.0, "a: 1.0"), ("a: 1", "1", 'a: "1"')],
)
def test_a_value_of_another_type_is_another_value(yaml: str, value: Scalar, after: str) -> None:
    assert after_set(block(yaml), "a", value) == block(after)


def test_not_a_number_elsewhere_is_no_hindrance() -> None:
    assert after_set(block("b: .nan"), "a", "new") == block("b: .nan\na: new")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("b: 1", "b: 1\na:\n  - new"),
        ("a:", "a:\n  - new"),
        ("a: null # c", "a:\n  - new # c"),
        ("a: # c", "a:\n  - new # c"),
        ("a: x # c", "a:\n  - new\n  - x # c"),
        ("a: 'x, y'", "a:\n  - new\n  - 'x, y'"),
        ("a:\tx", "a:\n  - new\n  - x"),
        ("a: 0", "a:\n  - new\n  - 0"),
        ("a: ''", "a:\n  - new\n  - ''"),
        ("a:\n  x", "a:\n  - new\n  - x"),
        ("a: # c\n  x", "a: # c\n  - new\n  - x"),
        ("a: []", "a: [new]"),
        ("a: [ ]", "a: [new ]"),
        ("a: [x, 'y'] # c", "a: [new, x, 'y'] # c"),
        ("a:\n  - x # c\n  - y", "a:\n  - new\n  - x # c\n  - y"),
        ("a:\n- x\nb: 1", "a:\n- new\n- x\nb: 1"),
        ("a: # c\n    - x", "a: # c\n    - new\n    - x"),
    ],
)
def test_a_value_is_put_first_in_a_list(before: str, after: str) -> None:
    assert after_add(block(before), "new") == block(after)


def test_a_list_may_be_the_first_property() -> None:
    assert after_add("body\r\n", "new") == "---\r\na:\r\n  - new\r\n---\r\nbody\r\n"
    assert after_add(block("b: 1"), "new", "a", "b") == block("a:\n  - new\nb: 1")


@pytest.mark.parametrize("yaml", ["a: [x]", "a: x", "a:\n  - y\n  - x"])
def test_a_value_is_put_in_a_list_once(yaml: str) -> None:
    assert add_to_list(block(yaml), "a", "x") == ()


def test_a_value_is_quoted_where_a_flow_list_would_break_it() -> None:
    assert after_add(block("a: [x]"), "b, c") == block('a: ["b, c", x]')
    assert after_add(block("a:\n  - x"), "b, c") == block("a:\n  - b, c\n  - x")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain words, [b]", "plain words, [b]"),
        ("é 😀", "é 😀"),
        ("yes", "yes"),
        ("a:b", "a:b"),
        ("2501.11120", '"2501.11120"'),
        ("2024", '"2024"'),
        ("true", '"true"'),
        ("a: b", '"a: b"'),
        ("a: b: c", '"a: b: c"'),
        ("a #b", '"a #b"'),
        ("[[a]]", '"[[a]]"'),
        ("", '""'),
        (" a", '" a"'),
        ("a\nb", '"a\\nb"'),
        ("\x7f\u2028\ufeff", '"\\u007f\\u2028\\ufeff"'),
        (True, "true"),
        (1.0, "1.0"),
        (1e300, "1e+300"),
        (math.nan, ".nan"),
        (-math.inf, "-.inf"),
    ],
)
def test_a_scalar_is_plain_where_that_reads_back(value: Scalar, written: str) -> None:
    assert write_scalar(value) == written


@given(value=SCALARS, flow=st.booleans())
@example(value="a, b", flow=True)
@example(value="\x85", flow=False)
def test_a_scalar_reads_back_as_itself(value: Scalar, *, flow: bool) -> None:
    written = write_scalar(value, flow=flow)
    node = compose(f"[{written}]" if flow else f"a: {written}")
    assert node
    (found,) = construct(node) if flow else construct(node).values()
    assert (found, type(found)) == (value, type(value))


@given(TEXTS)
def test_a_text_in_json_is_yaml(text: str) -> None:
    written = write_scalar(text)
    assert written == text or json.loads(written) == text


def test_a_lone_surrogate_cannot_be_written() -> None:
    assert set_property(block("b: 1"), "a", "\ud800") == ()


@given(text=BLOCKS, value=SCALARS, order=st.sampled_from(["", "abc", "cba"]))
def test_a_property_set_reads_back_and_nothing_else_changes(
    text: str, value: Scalar, order: str
) -> None:
    before, changed = read_properties(text), after_set(text, "a", value, *order)
    assume(changed != text)
    after = read_properties(changed)
    assert repr(after.data["a"]) == repr(value)
    others = {name: repr(item) for name, item in before.data.items() if name != "a"}
    assert {name: repr(item) for name, item in after.data.items() if name != "a"} == others
    assert after_set(changed, "a", value, *order) == changed
    old_end, new_end = (found.span.end if found.span else 0 for found in (before, after))
    assert changed[new_end:].endswith(text[old_end:].removeprefix("\ufeff"))


@given(text=BLOCKS, value=TEXTS)
def test_a_list_added_to_reads_back_with_its_items_and_comments(text: str, value: str) -> None:
    before, changed = read_properties(text).data, after_add(text, value)
    assume(changed != text)
    old = before.get("a")
    items = old if isinstance(old, list) else [] if old is None else [old]
    assert repr(read_properties(changed).data["a"]) == repr([value, *items])
    assert after_add(changed, value) == changed
    assert changed.count("# c") == text.count("# c")


@pytest.mark.parametrize("value", ["[[a]]", "[[a, b]]", "[[a], b]"])
def test_a_list_that_may_be_a_wikilink_gets_no_item(value: str) -> None:
    assert add_to_list(f"---\naliases: {value}\n---\n", "aliases", "b") == ()


def kept(text: str, *changes: tuple[str, str]) -> bool:
    edits = [Edit(Span(at, at + len(old)), new) for old, new in changes for at in [text.index(old)]]
    return preserves_other_properties(text, edits)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a: 1", "a: 2"),
        ("a: 1", "A: 'x # y'"),
        ("a: 1\n", ""),
        ("b:", "n: 1\nb:"),
        ("- x", "- w\n  - x"),
        ("  - x\n", "  - x\n  - y\n"),
        ("true\n", "true\nd: 1\n"),
        ("---\nText", "d: 1\n---\nText"),
        ("---\na", "---\nd: 1\na"),
        ("Text", "---\n---\n"),
        ("Text.\n", ""),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_edits_to_one_property_or_beside_them(mark: str, newline: str, old: str, new: str) -> None:
    text, *change = (part.replace("\n", newline) for part in (mark + NOTE, old, new))
    assert kept(text, (change[0], change[1]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a: 1", "a: [1"),
        ("a: 1", "a: 1\nc: 1"),
        ("a: 1\n", "a: |\n "),
        ("a: 1\n", "a: 1 # "),
        ("1\nb", "1\nc: 0\nb"),
        ("1\n", "1\n---\n"),
        ("true\n---", "true\n--- a"),
        ("true\n---\n", "true\n---\n---\n"),
        ("---\na", "a"),
        ("---\na", "\n---\na"),
    ],
)
def test_edits_that_reach_further(old: str, new: str) -> None:
    assert not kept(NOTE, (old, new))


def test_what_an_alias_repeats_is_another_property() -> None:
    assert not kept("---\na: &x 1\nb: *x\n---\n", ("1", "2"))
    assert kept("---\na: &x 1\nb: *x\n---\n", ("*x", "2"))


@pytest.mark.parametrize(("old", "new"), [("true", "1"), ("true", "True")])
def test_the_type_of_a_value_counts(old: str, new: str) -> None:
    text = "---\na: &x true\nb: *x\n---\n"
    assert kept(text, (old, new)) is (new == "True")


def test_a_name_that_is_no_text_stays_too() -> None:
    text = "---\na: 1\n? [k]\n: 2\n---\n"
    assert not kept(text, (": 2", ": 3"))


def test_a_note_without_properties() -> None:
    assert kept("Text.\n", ("Text", "More"))
    assert kept("Text.\n", ("Text", "---\na: 1\n---\nText"))
    assert kept("\ufeffText.\n", ("Text", "---\na: 1\n---\nText"))
    assert not kept("Text.\n--\n", ("Text.", "---\na: [\n---\n"))
    assert not preserves_other_properties("--\na: 1\n---\n", [Edit(Span(5, 6), "")] * 2)


def test_edits_far_from_the_start_make_no_properties() -> None:
    assert preserves_other_properties("--\na: 1\n---\n", [Edit(Span(3, 3), "b\n")])
    # The first line is still no fence: nothing is read as one.
    assert preserves_other_properties("---\na: 1\n--\n", [Edit(Span(4, 5), "b")])


def test_an_unreadable_block_may_stay_one_unless_it_is_edited() -> None:
    text = "---\na: [\n---\nText.\n"
    assert kept(text, ("Text", "More"))
    assert not kept(text, ("[", "{"))
    assert kept(text, ("[", "[]"))


def test_edits_that_overlap_are_not_certain() -> None:
    assert not kept("abc", ("ab", "x"), ("bc", "y"))
    assert kept("abc", ("ab", "x"), ("c", "y"))


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


@given(PROPERTIES, st.sampled_from(["", "tags", "up"]), st.sampled_from([(), ("x", "y")]))
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


@given(TABBED)
def test_a_block_without_tabs_can_be_read_and_nothing_else_is_changed(text: str) -> None:
    edits = tabs_to_spaces(text)
    after = apply_edits(text, edits)
    assert after.replace("\t", "").replace(" ", "") == text.replace("\t", "").replace(" ", "")
    assert after.endswith("---\n\tText\n")
    if edits:
        assert read_properties(after).error is None


@given(TABBED)
def test_a_bare_wikilink_is_what_it_is_said_to_be(text: str) -> None:
    for span, certain in unquoted_wikilinks(text):
        assert span.of(text) == "[[b]]"
        assert certain


def test_a_text_without_a_block_needs_no_repair() -> None:
    assert tabs_to_spaces("\ta: b\n") == ()
    assert unquoted_wikilinks("[[a]]\n") == []


def test_a_value_that_another_property_repeats_stays_as_it_is() -> None:
    text = "---\ntags: &a one two\nmore: *a\n---\n"
    assert make_list(text, "tags", ["one", "two"]) == ()

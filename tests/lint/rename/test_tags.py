"""Tags get other names in texts and properties, with those below them."""

from __future__ import annotations

import pytest
from tests.lint.rename.renamed import Texts, tag

from vaultsync.core.errors import VaultError
from vaultsync.lint.rename.tags import property_tags
from vaultsync.markdown import parse


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("#old #Old/x, #older #x/old `#old`\n", "#new #new/x, #older #x/old `#old`\n"),
        ("#old#old/y\n\n# H #old\n", "#new#new/y\n\n# H #new\n"),
        (
            '---\ntags: [old, "#OLD/x", other, 5]\n---\n',
            '---\ntags: [new, "#new/x", other, 5]\n---\n',
        ),
        ("---\nTags:\n- old # c\n- 'old'\n---\n", "---\nTags:\n- new # c\n- 'new'\n---\n"),
        ("---\ntags: old\ntag: old\n---\n", "---\ntags: new\ntag: old\n---\n"),
        ('---\ntags: "\\u006fld"\n---\n', "---\ntags: new\n---\n"),
        ('---\ntags: ["\\u006fld"]\n---\n', "---\ntags: [new]\n---\n"),
    ],
)
def test_a_tag_is_renamed_wherever_it_is_one(before: str, expected: str) -> None:
    files = {"s.md": before, "c.canvas": '{"nodes": []}'}
    assert tag(files, "old", "new") == {**files, "s.md": expected}


def test_tags_in_the_text_cards_of_a_canvas() -> None:
    card = r'{"type": "text", "text": "%s \"x\" %s\n[[s]]"}'
    canvas = f'{{"nodes": [{card}, {card}, {{"type": "file", "file": "#old.md"}}]}}'
    files = {"s.md": "#old\n", "c.canvas": canvas % ("#old", "#Old/y", "#other", "`#old`")}
    assert tag(files, "old", "new") == {
        "s.md": "#new\n",
        "c.canvas": canvas % ("#new", "#new/y", "#other", "`#old`"),
    }


def test_cards_whose_places_are_unknown_stay() -> None:
    # A key with an escape is not searched for.
    odd = r'{"nodes": [{"type": "text", "te\u0078t": "#old"}]}'
    deep = '{"nodes": [{"type": "text", "text": "%s #old"}]}' % (">" * 20_000 + r"\n>" * 20_000)
    files = {"s.md": "#old\n", "c.canvas": odd, "d.canvas": deep, "e.canvas": "#"}
    assert tag(files, "old", "new") == {**files, "s.md": "#new\n"}


def test_a_tag_that_yaml_would_read_otherwise_is_quoted() -> None:
    assert tag({"s.md": "---\ntags: [old]\n---\n"}, "old", "true")["s.md"] == (
        '---\ntags: ["true"]\n---\n'
    )


def test_a_tag_below_another_and_in_itself() -> None:
    assert tag({"s.md": "#a/b #a/b/c #a"}, "A/b", "x")["s.md"] == "#x #x/c #a"
    assert tag({"s.md": "#a #a/b"}, "a", "a/b")["s.md"] == "#a/b #a/b/b"
    assert tag({"s.md": "#a"}, "a", "A")["s.md"] == "#A"


def test_a_tag_with_marks_of_emphasis_changes_no_link() -> None:
    assert tag({"s.md": "#a [[b]]_"}, "a", "_x")["s.md"] == "#_x [[b]]_"


@pytest.mark.parametrize(
    ("files", "old", "new", "message"),
    [
        ({"s.md": "#old"}, "old", "a b", "#a b: this is not a tag of Obsidian"),
        ({"s.md": "#old"}, "old", "19", "#19: this is not a tag"),
        ({"s.md": "#old"}, "old", "a//b", "#a//b: this is not a tag"),
        ({"s.md": "#old"}, "older", "x", "#older: no note has this tag"),
        ({"s.md": "#old", "t.md": "#New/x"}, "old", "new", r"t\.md: there is a tag #New/x"),
        (
            {"s.md": "#old", "t.md": "---\ntags: [' #New/x ']\n---\n"},
            "old",
            "new",
            r"t\.md: there is a tag #New/x",
        ),
        (
            {"s.md": "---\na: &x [old]\ntags: *x\n---\n"},
            "old",
            "new",
            r"s\.md:3: the tag cannot be renamed in `tags`: mend its value",
        ),
    ],
)
def test_what_cannot_be_is_refused(files: Texts, old: str, new: str, message: str) -> None:
    with pytest.raises(VaultError, match=message):
        tag(files, old, new)


def test_the_tags_of_properties_have_places() -> None:
    text = '---\nTags: ["#old/x", 5, "\\u006fld", a]\n---\n'
    found = list(property_tags(parse("s.md", text)))
    assert [(name, span.of(text)) for name, span in found] == [("old/x", "old/x"), ("a", "a")]
    one = parse("s.md", "---\ntags: ' #b '\n---\n")
    assert [span.of(one.text) for _, span in property_tags(one)] == ["b"]
    assert list(property_tags(parse("s.md", "#b"))) == []

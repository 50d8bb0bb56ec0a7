from __future__ import annotations

from pathlib import Path

import pytest
from fuzz.checks import plain
from fuzz.texts import PLAIN
from hypothesis import given, seed
from tests.conftest import examples

from vaultsync.core.text import POSSESSIVE_WORKS
from vaultsync.markdown.document import parse
from vaultsync.markdown.fast_path import read_fast
from vaultsync.markdown.frontmatter.block import read_properties

pytestmark = pytest.mark.skipif(
    not POSSESSIVE_WORKS, reason="this Python reads all bodies by events"
)
NOTES = sorted((Path(__file__).parents[2] / "vault").rglob("*.md"))
MANY = 300


@examples(MANY)
@given(PLAIN)
def test_what_is_read_plainly_is_what_the_reader_of_all_bodies_reads(text: str) -> None:
    plain(text)


def test_most_texts_of_this_test_are_read_plainly() -> None:
    read = []

    @seed(0)
    @examples(MANY)
    @given(PLAIN)
    def note(text: str) -> None:
        read.append(read_fast(f"\n{text}", 1) is not None)

    note()
    assert sum(read) > len(read) / 2


def test_most_notes_are_read_plainly() -> None:
    read = 0
    for note in NOTES:
        text = note.read_text("utf-8")
        block = read_properties(text).span
        read += read_fast(text, block.end if block else 0) is not None
    assert read > 0.8 * len(NOTES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# A b  \n\n## C [[d]]\n#t",
        "## [[x]] `y`",
        "a #t #1 #t/ é#no “#no \\#no #a#b\n#t",
        "a ^x\n- b ^y\n<!-- c -->\n\nd ^z\n\n# e ^w\n\n^v  ",
        "[[a]] ![[b#c|d]] [[e|f]][[#g]] [[h|\\i]] [[j|]]",
        "[a](http://b) ![c d](https://e/(f)?g&h \"i 'j'\") [k](l%20m.md#n) [](o) [p]()",
        "[`a` <b>c</b> #12](obsidian://d)",
        "![a](b c.png) [x] a [b]: c [d]",
        "`a [[b]]` ``c #d`` ```e``` <b class='x' y=z>[[f]]</b> <br/> < <a.b> <c@d.e> <http://f#g>",
        "- a\n  - b\n\t- [[c]]\n\t\td\n1. e\n   f\n* **g**\n- #t",
        "a\n    - b\n        c",
        "> a [[b]]\n>c\n>\n> #t\nd",
        "<div>\n[[a]] #t\n</div>\n\n[[b]]\n\n<p>c",
        "a\n<!-- [[b]]\n#t\n--> [[c]]\n[[d]]",
        '<span class="a">[b](http://c)</span>',
        "a\n\n---\n\nb\n\n***\nc",
        "```x\n[[a]]\n\n    ``` y\n```\n[[b]]",
        "it costs $5, not $6",
        "50$",
        "a$ b\n\n$c\n- $d\n- e$",
        "a ``b c",
        "##\n\n# \n a",
        "~~a~~ ##t",
        "\\[a\\] \\*b \\a",
    ],
)
def test_what_is_whole_on_its_line_is_read_plainly(text: str) -> None:
    assert read_fast(f"\n{text}", 1) is not None
    plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "a\r\nb",
        "a\fb",
        "# a #",
        "a\n===",
        "a\n---",
        "a\n-",
        " # a",
        "- # a",
        "- - a",
        "-     a",
        "-\ta",
        "- [ ] a",
        "- <!-- a -->",
        "> - a",
        "a | b\n--|--",
        "\n    a",
        "# a\n    b",
        "---\n    a",
        "___\n    a",
        "<!-- a -->\n    b",
        "<!-- a",
        "<!--> a -->",
        "<b>",
        "<div/a",
        "<pre>a\n\n[[b]]</pre>",
        "<!A>",
        "<a b",
        " <div>",
        "~~~\n[[a]]\n~~~",
        "```\n[[a]]",
        "````\n```\n````",
        "`a\nb`",
        "[a\nb](c)",
        "[a][b]",
        "[a]: b",
        "[^1]",
        "[^1](b)",
        "[a](<b>)",
        "[a](b 'c')",
        "[a](b&amp;c;)",
        "[a](b\ud800)",
        "[a [b](c)](d)",
        "[![a](b)](c)",
        "[[a]](b)",
        "![[a]]b](c)",
        "[a [[b]]](c)",
        "[[a `b]] c`",
        "[[a\nb]]",
        "[[|]]",
        "[[ ]]",
        "[ #t](a)",
        "*#t*",
        "==#t==",
        "##t",
        "a ^x\nb",
        "$a$",
        "a$ b$",
        "$a\nb$",
        "$a $b$",
        "a ``b\n``",
        "a\\\nb",
        "\\![[a]]",
    ],
)
def test_what_is_in_doubt_is_left(text: str) -> None:
    assert read_fast(f"\n{text}", 1) is None


# Each of them was once read otherwise than by the reader of all bodies.
@pytest.mark.parametrize(
    "text",
    [
        "![[a]]`c`]([[a]])",
        "\n#",
        "^a\n- b",
        "y[[|]]",
        "<div/x\n[[a]]",
        "\n    - d[[a]]",
    ],
)
def test_what_once_was_read_wrongly_is_not(text: str) -> None:
    plain(text)


@pytest.mark.parametrize(("text", "read"), [("# a", True), ("a #t", True), ("#t", False)])
def test_the_first_line_may_be_that_of_the_file(text: str, *, read: bool) -> None:
    assert (read_fast(text, 0) is not None) is read
    plain(text)


@pytest.mark.parametrize("text", ["\ufeff---\na: b\n---\nc", "a\0b"])
def test_a_text_with_a_rare_character_is_not_plain(text: str) -> None:
    block = read_properties(text).span
    assert read_fast(text, block.end if block else 0) is None


@pytest.mark.parametrize(("link", "plainly"), [("[b](c d)", False), ("[b](c%20d)", True)])
def test_a_body_with_a_link_that_a_space_breaks_is_not_plain(link: str, *, plainly: bool) -> None:
    found = read_fast(f"\na {link}\n", 1)
    assert found
    assert found.plain is plainly
    assert parse("a.md", f"a {link}\n", fast=True).plain is plainly
    assert not parse("a.md", f"a {link}\n").plain


def test_links_out_of_the_vault_are_left_out() -> None:
    facts = read_fast('\n[a](https://b "c") ![d](http://e) [f](mailto:g@h) [i](j)\n', 1)
    assert facts
    assert ([link.target for link in facts.internal], facts.external) == (["j"], [])

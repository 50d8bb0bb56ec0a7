"""Pieces of a text: read alone, they are what they are in the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import examples

from vaultsync.core.memo import Memo
from vaultsync.core.model import Document
from vaultsync.markdown import parse
from vaultsync.publish.compose.catalogue import Catalogue
from vaultsync.publish.compose.pieces import parsed, pieces
from vaultsync.publish.targets.html import page
from vaultsync.publish.targets.items import Apart, Markup, apart
from vaultsync.publish.targets.shell import Head

ITEM = """- an *item* with [[a|link]]

  - nested

  <details>
  <summary>s</summary>

  more

  </details>
"""
# What may begin or end something that reaches over a blank line, among what does not.
LINES = (
    *("- item", "- a [[b]] [c](https://d.org)", "- a\n\n  b #tag", "- a\n  - b", "-  a", "- - -"),
    *(
        "- [ ] task",
        "- ```\n  code\n  ```",
        "- # heading",
        "- > quote",
        "- $x$ ==m==",
        "-",
        "- \ta",
    ),
    *(
        "- <b>x",
        "- a\n\n  | t |\n  |:-:|\n  | u |",
        "- a\n\n      code",
        "* star",
        "1. one",
        "+ plus",
    ),
    *("text", "text [x] [y][x]", "## Heading", "===", "---", "```", "~~~", "```\n\n- x\n\n```"),
    *("<div>", "</div>", "<pre>", "</pre>", "<!--", "-->", "<details>", "</details>", "<b>"),
    *("  two", " one", "    four", "\ttab", "> quote", "| a |\n|---|\n| b |", "$$", "^id"),
    *("[^1]", "- note[^1]", "[^1]: a note", "[x]: https://e.org", "- ![p](q.png)", "- ^[inline]"),
    *(
        '- <a id="n"></a>named',
        '- a\n\n  <a id="m"></a>b',
        "- a\n\n  ### h",
        ITEM,
        "",
        "\r",
        "\x0c",
    ),
)
TEXTS = st.lists(
    st.tuples(st.sampled_from(LINES), st.sampled_from(["\n", "\n\n", "\n\n"])), max_size=12
).map(lambda lines: "".join(map("".join, lines)))


def facts(document: Document) -> dict[str, object]:
    names = ("text", "internal", "external", "headings", "blocks", "tags", "tasks", "body")
    return {name: getattr(document, name) for name in (*names, "footnotes", "conflicts")}


@given(text=TEXTS)
@examples(200)
def test_facts_of_pieces_are_those_of_the_text(text: str) -> None:
    assert "".join(part for part, _ in pieces(text)) == text
    assert facts(parsed("a.md", text, Memo())) == facts(parse("a.md", f"\n{text}"))


@given(text=TEXTS)
@examples(200)
def test_the_page_of_pieces_is_that_of_the_text(text: str) -> None:
    whole, in_pieces = Markup(), Markup()
    expected = page(Head("T"), Apart(whole.translated(text)), {}, whole, Catalogue())
    assert page(Head("T"), apart(text, Memo(), in_pieces), {}, in_pieces, Catalogue()) == expected
    assert in_pieces.html == whole.html
    assert set(in_pieces.refused) == set(whole.refused)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("text\n\n- a\n- b\n\nmore\n", ["- a\n", "- b\n\n"]),
        ("text\n\n- a\n\n  more\n\n- b\n", ["- a\n\n  more\n\n", "- b\n"]),
        # Where it may continue or be continued, it is not read alone.
        ("text\n- a\n", []),
        ("text\n\n- a\nlazy\n", []),
        ("text\n\n- - -\n", []),
        # Code that is open holds it.
        ("```\n\n- a\n", []),
        ("[x]: https://example.org\n\n- [x]\n", []),
        ("text\r\n\n\n- a\n", []),
    ],
)
def test_an_item_stands_alone_behind_a_blank_line(text: str, items: list[str]) -> None:
    assert [part for part, is_item in pieces(text) if is_item] == items


def test_what_is_known_of_a_piece_is_used_again() -> None:
    memo = Memo()
    text = f"text\n\n{ITEM}"
    parsed("a.md", text, memo)
    memo.end_round()
    again = parsed("a.md", text.replace("text", "other"), memo)
    assert again.text == "\n" + text.replace("text", "other")
    assert len(memo.known) == 3

"""Items of lists that are read by themselves for the page."""

from __future__ import annotations

import pytest

from vaultsync.core.memo import Memo
from vaultsync.publish.targets.dialect import Dialect, gfm_parser, translated
from vaultsync.publish.targets.items import Apart, Markup, apart, page_parser, read_item


def html(text: Apart) -> str:
    parser = page_parser()
    return str(parser.renderer.render(text.tokens(parser, {}), parser.options, {}))


def in_items(text: str) -> tuple[str, int]:
    """Return the HTML of a text, and how many of its items were read by themselves."""
    found = apart(text, Memo(), Markup())
    return html(found), sum(map(len, found.runs))


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("T\n\n- a\n- b\n", 2),
        ("T\n\n- a\n\n  <details>\n  x\n  </details>\n- b\n", 2),
        ("T\n\n- a\n\n- b\n", 2),
        ("T\n\n- a\n\n  | t |\n  |:-:|\n  | u |\n- b\n", 2),
        # In a list whose items are not apart, it is not known what is between their parts.
        ("T\n\n- a\n  - b\n- c\n", 1),
        ("T\n\n- [ ] a\n- b\n", 1),
        ("T\n\n- # a\n- b\n", 1),
        ("T\n\n- a\n\n  ## b\n- c\n", 1),
        ('T\n\n- a\n\n  <a id="x"></a>b\n- c\n', 1),
        ("T\n\n- a[^1]\n- b\n\n[^1]: c\n", 1),
        ("T\n\n- ![a](b.png)\n- b\n", 1),
    ],
)
def test_items_are_read_alone_where_nothing_ties_them(text: str, alone: int) -> None:
    parser = page_parser()
    tokens = Apart(Markup().translated(text)).tokens(parser, {})
    whole = parser.renderer.render(tokens, parser.options, {})
    assert in_items(text) == (whole, alone)


def test_a_mark_of_items_that_an_author_wrote_is_text() -> None:
    assert in_items("T \ufdd80\ufdd8\n\n\ufdd87\ufdd8\n") == (
        "<p>T \ufdd80\ufdd8</p>\n<p>\ufdd87\ufdd8</p>\n",
        0,
    )
    assert in_items("T\n\n\ufdd87\ufdd8\n\n- a\n")[1] == 1


@pytest.mark.parametrize(
    "words",
    [
        'plain *words* <b>x</b> <dd class="a">',
        *('</dd class="a">', "<x y", "a < b", "<B>", "`<b>` <!-- c -->", "\\<b>"),
        *("==a==", "$x$", "> [!tip] T", "```\na\n```", "- [/] half", "a == b == c"),
    ],
)
def test_only_what_is_written_otherwise_is_looked_for(words: str) -> None:
    markup = Markup()
    expected = translated(words, Dialect("the page", math=markup._math), markup)
    assert Markup().translated(words) == expected


def test_what_an_item_holds_comes_with_it() -> None:
    item = read_item("- $x$ and $\\frac$\n")
    ((name, formula),) = item.html.items()
    assert formula.startswith("<math")
    assert name in item.tokens[2].content
    assert [source for _, source in item.refused] == ["\\frac"]
    markup = Markup()
    apart("T\n\n- $x$ and $\\frac$\n", Memo(), markup)
    assert (markup.html, markup.refused) == (item.html, item.refused)


@pytest.mark.parametrize(
    "url",
    [
        *("https://arxiv.org/abs/2401.00001", "http://a.b/c_d~e/", "#a-b", "https://a..b/-"),
        *("https://example.org/ä b", "https://EXAMPLE.org/%zz", "https://a.b/c?d=e", "x:y"),
    ],
)
def test_a_plain_address_stays_as_the_parser_would_write_it(url: str) -> None:
    assert page_parser().normalizeLink(url) == gfm_parser().normalizeLink(url)


def test_an_item_can_be_changed_in_each_round() -> None:
    memo = Memo()
    for _ in range(2):
        tokens = apart("T\n\n- a\n", memo, Markup()).tokens(page_parser(), {})
        opening = next(token for token in tokens if token.type == "list_item_open")
        assert opening.attrs == {}
        opening.attrSet("id", "a")
        memo.end_round()
    assert len(memo.known) == 1

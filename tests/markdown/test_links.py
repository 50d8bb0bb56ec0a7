from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.core.model import Link
from vaultsync.markdown import parse
from vaultsync.markdown.events import events
from vaultsync.markdown.links import MOST_ROUNDS, prefer_wikilinks


def only(text: str) -> Link:
    (link,) = parse("n.md", text).links
    return link


@pytest.mark.parametrize(
    ("text", "kind", "display"),
    [
        ("[[a]]", "wiki", None),
        ("![[a|300]]", "embed", "300"),
        ("[t *u*](a)", "markdown", "t *u*"),
        ("![t|300](a)", "image", "t|300"),
        ("[](a)", "markdown", ""),
        ("![](a)", "image", ""),
        ("[![t](http://a.b/)](a)"[1:-4], "image", "t"),
    ],
)
def test_kinds_of_links(text: str, kind: str, display: str | None) -> None:
    link = only(f"😀 {text}.")
    assert (link.kind, link.display) == (kind, display)
    assert link.span.of(f"😀 {text}.") == text


@pytest.mark.parametrize(
    ("text", "target", "subpath", "written"),
    [
        ("[[ a b #c#d | e]]", "a b", "#c#d", "a b"),
        ("[[#c]]", "", "#c", ""),
        ("[t](a%20b.md#c%20d)", "a b.md", "#c d", "a%20b.md"),
        ("[t](<a b.md#c> 'title')", "a b.md", "#c", "a b.md"),
        ("[t]( a.md\n'x](y' )", "a.md", "", "a.md"),
        ("[t](#c)", "", "#c", ""),
        ("[t](a\\(1\\).md)", "a(1).md", "", "a\\(1\\).md"),
        ("[t](<a\\>.md#b\\>>)", "a>.md", "#b>", "a\\>.md"),
        ("[t](a\\b.md)", "a\\b.md", "", "a\\b.md"),
        ("[t](a_(b).md)", "a_(b).md", "", "a_(b).md"),
        ("[a\\](b](c.md)", "c.md", "", "c.md"),
        ("[`](`](c.md)", "c.md", "", "c.md"),
        ("> [a\n> ](c.md)", "c.md", "", "c.md"),
    ],
)
def test_the_target_of_a_link_and_its_place(
    text: str, target: str, subpath: str, written: str
) -> None:
    link = only(f"é😀 {text}" if text[0] != ">" else text)
    assert (link.target, link.subpath, link.external) == (target, subpath, False)
    assert link.target_span.of(f"é😀 {text}" if text[0] != ">" else text) == written


@pytest.mark.parametrize(
    ("text", "target", "written"),
    [
        ("[t](https://x.org/?a&amp;b#c)", "https://x.org/?a&b#c", "https://x.org/?a&amp;b#c"),
        ("[t](<//x.org> (u))", "//x.org", "//x.org"),
        ("![t](data:image/png,x)", "data:image/png,x", "data:image/png,x"),
        ("[t](obsidian&colon;a)", "obsidian:a", "obsidian&colon;a"),
    ],
)
def test_an_external_link_leads_where_commonmark_reads(
    text: str, target: str, written: str
) -> None:
    link = only(text)
    assert (link.target, link.external) == (target, True)
    assert link.target_span.of(text) == written


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("[a [[b]] c](d.md)", ["[a [[b]] c](d.md)", "[[b]]"]),
        ("x [![[b]]](<d e>)", ["[![[b]]](<d e>)", "![[b]]"]),
        ("[![b](c)](d)", ["[![b](c)](d)", "![b](c)"]),
        ("\\[a [[b]]](d.md)", ["[[b]]"]),
        ("`[a` [[b]]](d.md)", ["[[b]]"]),
        ("[a [[b]] c] (d.md)", ["[[b]]"]),
        ("[[b]](d.md)", ["[[b]]"]),
        ("[[[b]]](d.md)", ["[[[b]]](d.md)", "[[b]]"]),
        ("[a](b) [[c]]", ["[a](b)", "[[c]]"]),
    ],
)
def test_a_link_around_a_link_gives_both(text: str, spans: list[str]) -> None:
    assert [link.span.of(text) for link in parse("n.md", text).links] == spans


@pytest.mark.parametrize(
    ("text", "target", "display"),
    [
        ('> [a\n> b](<c> "d")', "c", "a\n> b"),
        ("> - [a\n>   b](<c d>)", "c d", "a\n>   b"),
        ("[a\r\nb](<c>)", "c", "a\r\nb"),
        ('[*é* ![x](y "](")](<b> "c")', "b", '*é* ![x](y "](")'),
        ("[](<b>)", "b", ""),
        ("> [](<b>\n> 'c')", "b", ""),
    ],
)
def test_a_destination_written_otherwise_is_found(text: str, target: str, display: str) -> None:
    link = parse("n.md", text).links[0]
    assert (link.target, link.display) == (target, display)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("😀 [[é `b]] `[[no]]` #t", ["[[é `b]]"]),
        ("[[a `b]] #t [[c` d]]", ["[[a `b]]", "[[c` d]]"]),
        ("![[a $b]] #t ![[c$ d]]", ["![[a $b]]", "![[c$ d]]"]),
        ("[[`]] #t `", ["[[`]]"]),
        ("[[a $b]] #t c$", ["[[a $b]]"]),
        ("[[a $$b]] #t $$", ["[[a $$b]]"]),
        ("[[a <http://b]]> #t", ["[[a <http://b]]"]),
        ("[[a <b c=']]'> #t", ["[[a <b c=']]"]),
        ("[x [[a `b]] #t `c`](d)", ["[x [[a `b]] #t `c`](d)", "[[a `b]]"]),
        ("\\\\[[a `b]] #t `", ["[[a `b]]"]),
        ("\\![[a `b]] #t `", ["[[a `b]]"]),
        ("*x* [[a *`b]] #t `*", ["[[a *`b]]"]),
        ("- [[a `b]]\n- [[c `d]] `#no` #t\n  > [[e `f]] `[[no]]`\n", None),
        ("- a\n  > b `c\n\n  [[d `e]] #t `", ["[[d `e]]"]),
        ("[[ as in `[[no]]` #t ]]", []),
        ("é![[ as in `[[no]]` #t ]] [[a]]", ["[[a]]"]),
        ("[[ as\nin $[[no]]$ #t ]]", []),
        ("[[a [[b `c]] `[[no]]` #t ]]", ["[[b `c]]"]),
    ],
)
def test_a_link_wins_over_what_opens_inside_it(text: str, spans: list[str] | None) -> None:
    document = parse("n.md", text)
    wanted = ["[[a `b]]", "[[c `d]]", "[[e `f]]"] if spans is None else spans
    assert [link.span.of(text) for link in document.links] == wanted
    assert [tag.name for tag in document.tags] == ["t"]


@pytest.mark.parametrize(
    "text",
    [
        "`a [[b` #t",
        "`a [[b` `c]] d` #t",
        "$a [[b$ c]] #t",
        "<a b='[['> `c]] d` #t",
        "<http://a[[b> `c]] d` #t",
        "\\[[a `b]] [[c]]` #t",
        "```[[a `b]]\n[[c]]` #t",
        "| a | b |\n|---|---|\n| [[a `b | c` d]] e` #t |",
        "    [[a `b]] `\n\n#t",
    ],
)
def test_what_opens_before_a_link_wins_over_it(text: str) -> None:
    assert prefer_wikilinks(text) is text
    document = parse("n.md", text)
    assert (document.links, [tag.name for tag in document.tags]) == ((), ["t"])


@pytest.mark.parametrize(
    "text", ["[[a]] `b` $c$", "[[a `b` c]] [[d|`e`]] [[$f$]] `", "[[a\n`b]] `", "[[a [b] `c]]"]
)
def test_a_text_in_which_nothing_overlaps_a_link_stays_as_it_is(text: str) -> None:
    assert prefer_wikilinks(text) is text


def test_the_text_that_is_read_has_the_same_blocks() -> None:
    text = "# é [[a `b]] `\n\n- [[c `d]] `\n\n```x\n[[e `f]] `\n```\n\n~~~ [[g `h]]\n`\n"

    def blocks(read: str) -> list[object]:
        return [event for event in events(read) if "Start" in event[0] and "Link" not in str(event)]

    assert prefer_wikilinks(text) != text
    assert blocks(prefer_wikilinks(text)) == blocks(text)


def test_many_links_of_one_paragraph_are_read_as_links() -> None:
    text = "[[a `b]] `[[no]]`\n" * MOST_ROUNDS
    assert len(parse("n.md", text).links) == MOST_ROUNDS


def test_more_of_them_take_no_more_readings() -> None:
    text = "[[a `b]] `[[no]]`\n" * (MOST_ROUNDS + 5)
    assert prefer_wikilinks(text).count("xb") == MOST_ROUNDS


def links_by_hand(text: str) -> list[str]:
    """Return the links of a paragraph that holds nothing else but code, read from left to right."""
    found, at = [], 0
    opener = re.compile(r"(`+)|\[\[(?!\[)(?:(?!\[\[|\]\])[^\n])+\]\]")
    while match := opener.search(text, at):
        at = match.end()
        if match[1]:
            closing = re.compile(f"(?<!`){match[1]}(?!`)").search(text, at)
            at = closing.end() if closing else at
        else:
            found.append(match[0])
    return found


@given(
    st.lists(
        st.sampled_from(["[[", "]]", "`", "``", "é", " b", "\nc", "[[a", "[[a `b]]", "[[a``b]]"]),
        max_size=14,
    )
    .map("".join)
    .filter(lambda text: not re.search(r"```|\[\[(?:\[\[|\]\])", text))
)
def test_code_and_links_are_read_from_left_to_right(text: str) -> None:
    text = f"x {text}"
    assert [link.span.of(text) for link in parse("n.md", text).links] == links_by_hand(text)

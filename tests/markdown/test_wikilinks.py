from __future__ import annotations

import pytest

from vaultsync.core.model import Link
from vaultsync.markdown import parse


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
        ("[t]()", "", "", ""),
        ("[t](<>)", "", "", ""),
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

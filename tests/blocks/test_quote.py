"""A piece of a note that stands in another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.blocks.quote import plain, quote
from vaultsync.markdown import parse
from vaultsync.notes.link_index import Index

FILES = ["a/x.md", "b/x.md", "only.md", "a/here.md", "img.png", "odd [1].md"]
INDEX = Index(FILES)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No link.", "No link."),
        ("[[only]]", "[[only]]"),
        ("[[only|shown]]", "[[only|shown]]"),
        ("[[only#Part|shown]]", "[[only#Part|shown]]"),
        ("[[only#Part]]", "[[only#Part|only]]"),
        ("[[only#^id]]", "[[only#^id|only]]"),
        ("[[Only]]", "[[only|Only]]"),
        # `x` is here the one in the same folder, but from another note it would be ambiguous.
        ("[[x]]", "[[a/x|x]]"),
        ("[[b/x]]", "[[b/x]]"),
        ("[[../b/x|far]]", "[[b/x|far]]"),
        ("[[x#Part|y]]", "[[a/x#Part|y]]"),
        ("[[#Part]]", "[[here#Part|Part]]"),
        ("[[#Part|this]]", "[[here#Part|this]]"),
        ("[t](x.md)", "[[a/x|t]]"),
        ("[t](x.md#Part)", "[[a/x#Part|t]]"),
        ("[](only.md)", "[[only|only.md]]"),
        ("![[only]]", "[[only]]"),
        ("![[img.png]]", "[[img.png]]"),
        ("![an image](img.png)", "[[img.png|an image]]"),
        ("[[nowhere]] and [[nowhere|n]]", "nowhere and n"),
        ("[t](https://example.org/x.md)", "[t](https://example.org/x.md)"),
        ("![t](https://example.org/x.png)", "![t](https://example.org/x.png)"),
        ("`[[x]]` [[x]]", "`[[x]]` [[a/x|x]]"),
        ("[[only|a [b] c]]", "[[only|a [b] c]]"),
        ("[see [[x]]](only.md)", "[[only|see x]]"),
        ("Text %%comment [[x]]%%.", "Text."),
        ("Text <!-- comment -->.", "Text."),
        ("Text[^1], more[^note].", "Text, more."),
        ("The class `[^a-z]`[^1].", "The class `[^a-z]`."),
        ("  blanks  ", "blanks"),
        ("[^1]", ""),
    ],
)
def test_quote(text: str, expected: str) -> None:
    assert quote(text, "a/here.md", INDEX) == expected


LINKS = st.sampled_from(
    ["[[x]]", "[[b/x|t]]", "[t](x.md)", "[[only#A|t]]", "![[x]]", "[t](../b/x.md#A)", "[[#A]]"]
)


@given(st.lists(st.tuples(st.sampled_from(["", "é ", "- ", "a "]), LINKS), max_size=5))
def test_links_lead_to_the_same_place_from_everywhere(parts: list[tuple[str, str]]) -> None:
    text = " ".join(f"{before}{link}" for before, link in parts)
    quoted = quote(text, "a/here.md", INDEX)
    before = [
        (INDEX.resolve(link.target, "a/here.md")[0], link.subpath)
        for link in parse("a/here.md", text).links
    ]
    for place in FILES:
        links = parse(place, quoted).links
        assert [(INDEX.resolve(link.target, place)[0], link.subpath) for link in links] == before
    assert quote(quoted, "b/x.md", INDEX) == quoted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "See [[a|this]], [[b]], [[#Part]] and [t](https://example.org).",
            "See this, b, Part and t.",
        ),
        ("![[image.png]] ![alt](b.png)", "image.png alt"),
        ("`[[a]]`", "`[[a]]`"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![[img.png]]", "![[img.png]]"),
        ("![[img.png|A box|200]]", "![[img.png|A box]]"),
        ("![A box](../img.png)", "![[img.png|A box]]"),
        ("![[only|that]], [[img.png]]", "[[only|that]], [[img.png]]"),
        ("![x](https://example.org/a.png)", "![x](https://example.org/a.png)"),
    ],
)
def test_pictures_stay_where_they_are_wanted(text: str, expected: str) -> None:
    assert quote(text, "a/here.md", INDEX, pictures=True) == expected

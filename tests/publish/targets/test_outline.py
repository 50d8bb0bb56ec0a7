"""The headings of the page, the marks of its notes, and the contents."""

from __future__ import annotations

import re

import pytest
from tests.publish.pages import Page, framed

from vaultsync.publish.compose.catalogue import Catalogue, Entry

MARK = '<abbr title="not checked">○</abbr>'


def entry(name: str, *, unchecked: bool = False) -> Entry:
    return Entry(name, f"The <{name}>", (), {}, "", unchecked=unchecked)


def made(markdown: str, *entries: Entry) -> tuple[str, str]:
    """Return the contents and the text of a page."""
    html = framed("T", markdown, Catalogue(entries))
    Page(html).check_anchors()
    contents = re.search(r'<nav class="page-toc".*?</nav>', html, re.DOTALL)
    text = html.split('tabindex="-1">\n')[1].split("\n</main>")[0].strip()
    return contents[0] if contents else "", text


@pytest.mark.parametrize(
    ("heading", "level"), [("# H", 2), ("## H", 3), ("### H", 4), ("###### H", 6), ("", 2)]
)
def test_a_note_of_a_list_has_a_heading_that_links_to_itself(heading: str, level: int) -> None:
    _, text = made(f'{heading}\n\n- <a id="é"></a>One\n- Two', entry("é"))
    assert (
        f'<li id="é">\n<h{level} dir="auto"><a href="#%C3%A9">The &lt;é&gt;</a></h{level}>\n'
        '<p dir="auto">One</p>\n</li>\n<li>Two</li>'
    ) in text


def test_the_contents_have_each_note_under_its_heading() -> None:
    markdown = """## A

- <a id="li"></a>One

### <a id="sec"></a>Section

Claim.

## B

| <a id="row"></a>One | <a id="other"></a>Two |
|---|---|
"""
    contents, _ = made(markdown, *map(entry, ("li", "sec", "row")))
    assert re.findall(
        r'<li(?: class="([^"]*)")?><a href="#([^"]*)" dir="auto">(.*?)</a>', contents
    ) == [
        ("level-2", "a", "A"),
        ("", "li", "The &lt;li&gt;"),
        ("", "sec", "The &lt;sec&gt;"),
        ("level-2", "b", "B"),
        ("", "row", "The &lt;row&gt;"),
    ]
    assert re.findall(r"<summary>(\d+)<span", contents) == ["2", "1"]


def test_notes_without_a_heading_are_in_the_contents_too() -> None:
    contents, _ = made('- <a id="a"></a>One', entry("a"))
    assert Page(contents).all("a", "href") == ["#page-text", "#a"]


def test_what_is_not_checked_is_marked_and_the_mark_explained_once() -> None:
    markdown = """Words.

- <a id="a"></a>One

Between.

- Two
- <a id="b"></a>Three

### <a id="c"></a>Section

Four.
"""
    found = (entry("a"), entry("b", unchecked=True), entry("c", unchecked=True))
    _, text = made(markdown, *found)
    legend = f'<p class="legend">{MARK} No person has compared this with its sources yet.</p>'
    assert f"<p>Between.</p>\n{legend}\n<ul>\n<li>Two</li>" in text
    assert text.count(legend) == 1
    assert f'<a href="#b">The &lt;b&gt;</a> {MARK}</h2>' in text
    assert f'<h3 id="c" dir="auto"><a href="#c">Section</a> {MARK}</h3>' in text
    assert text.count(MARK) == 3
    assert "legend" not in made(markdown, *map(entry, "abc"))[1]


@pytest.mark.parametrize(
    ("heading", "html"),
    [
        ("A *b* `c`", '<a href="#a-b-c">A <em>b</em> <code>c</code></a>'),
        ("A [b](https://e.org)", 'A <a href="https://e.org">b</a>'),
        (
            "A[^1]\n\n[^1]: B.",
            'A<sup class="footnote-ref"><a href="#fn1" id="fnref1">[1]</a></sup>',
        ),
        ("A <b>b</b>", "A <b>b</b>"),
    ],
)
def test_a_heading_links_to_itself_unless_it_has_markup_of_its_own(heading: str, html: str) -> None:
    assert f">{html}</h2>" in made(f"## {heading}")[1]


def test_an_author_has_none_of_our_classes() -> None:
    html = made('<p class="legend find">a <abbr title="x">b</abbr> <dd class="x">c</dd></p>')[1]
    assert "class" not in html
    assert "title" not in html

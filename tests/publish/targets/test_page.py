"""The post as a page: cleaned, named, and without anything to load."""

from __future__ import annotations

import re

import pytest
from tests.publish.pages import Page, framed

from vaultsync import __version__
from vaultsync.publish.compose.catalogue import Catalogue, Entry

PARTS = (("top-1", "Top"), ("part", "!"))


def made(markdown: str, title: str = "Title") -> str:
    """Return what a page makes of a Markdown text, within its frame."""
    html = framed(title, markdown)
    Page(html).check_anchors()
    return html.split('tabindex="-1">\n')[1].split("\n</main>")[0].strip()


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("Text & *more*.", "<p>Text &amp; <em>more</em>.</p>"),
        ("[a](https://example.org)", '<p><a href="https://example.org">a</a></p>'),
        ("[a](#b)\n\n# B", '<p><a href="#b">a</a></p>\n<h1 id="b"><a href="#b">B</a></h1>'),
        ("~~gone~~ `code`", "<p><s>gone</s> <code>code</code></p>"),
        ('- <a id="x"></a>item', '<ul>\n<li id="x">item</li>\n</ul>'),
        (
            '- <a id="x"></a>item\n\n  more',
            '<ul>\n<li id="x">\n<p>item</p>\n<p>more</p>\n</li>\n</ul>',
        ),
        ('## <a id="x"></a>head', '<h2 id="x"><a href="#x">head</a></h2>'),
        ('text <a id="x"></a>there', '<p>text <a id="x"></a>there</p>'),
        ("- ", "<ul>\n<li></li>\n</ul>"),
        (
            "# A\n\n# A\n\n# A",
            "\n".join(f'<h1 id="{n}"><a href="#{n}">A</a></h1>' for n in ("a", "a-1", "a-2")),
        ),
        (
            '# A\n\n- <a id="a"></a>b',
            '<h1 id="a-1"><a href="#a-1">A</a></h1>\n<ul>\n<li id="a">b</li>\n</ul>',
        ),
        (
            '# A\n\ntext <a id="a"></a>',
            '<h1 id="a-1"><a href="#a-1">A</a></h1>\n<p>text <a id="a"></a></p>',
        ),
        (
            "# Top\n\n# !",
            "\n".join(f'<h1 id="{n}"><a href="#{n}">{t}</a></h1>' for n, t in PARTS),
        ),
        (
            "![alt](//e.org/i)",
            '<p><a href="//e.org/i">alt</a></p>',
        ),
        ("![](i.png)", '<p><a href="i.png">i.png</a></p>'),
        (
            "| a | b |\n|:-:|--:|\n| 1 | 2 |",
            (
                '<table>\n<thead>\n<tr>\n<th align="center">a</th>\n<th align="right">b</th>'
                '\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align="center">1</td>\n'
                '<td align="right">2</td>\n</tr>\n</tbody>\n</table>'
            ),
        ),
        (
            "- [x] done",
            (
                '<ul>\n<li><input class="task-list-item-checkbox" checked="checked" '
                'disabled="disabled" type="checkbox"> done</li>\n</ul>'
            ),
        ),
    ],
)
def test_markup(markdown: str, html: str) -> None:
    assert made(markdown) == html


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "a <script src='https://e.org/x.js'></script> b",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)></svg>",
        "<a href='javascript:alert(1)'>a</a>",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "![a](javascript:alert(1))",
        "[a](vbscript:alert)",
        "<a href='https://e.org' onclick='alert(1)'>a</a>",
        "<p style='background: url(https://e.org)'>a</p>",
        "<style>p { color: red }</style>",
        "<iframe src='https://e.org'></iframe>",
        "<form action='https://e.org'><button>a</button></form>",
        "<meta http-equiv=refresh content='0;url=https://e.org'>",
        "<base href='https://e.org'>",
        "<link rel=stylesheet href='https://e.org/x.css'>",
        "<object data='https://e.org'></object><embed src='https://e.org'>",
        "<details ontoggle=alert(1) open><summary>a</summary></details>",
        "<div><img src='//e.org/i'></div>",
        "<<script>alert(1)//<</script>",
        "</main><script>alert(1)</script>",
    ],
)
def test_nothing_runs_and_nothing_is_loaded(markdown: str) -> None:
    html = framed("T", markdown)
    found = Page(html)
    # The page's own is the first.
    assert [tag for tag, _ in found.elements].count("script") == 1
    assert {tag for tag, _ in found.elements}.isdisjoint(
        {"img", "iframe", "object", "embed", "form", "base", "video"}
    )
    for tag, attributes in found.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        if tag not in {"meta", "link"}:
            assert not re.search(r"(?i)script:|data:", " ".join(attributes.values()))
    assert [tag for tag, _ in found.elements if tag in {"style", "meta", "link"}] == [
        *["meta"] * 10,
        "link",
        "style",
    ]
    assert html.count("</main>") == 1


def test_the_frame_of_the_page() -> None:
    words = " ".join(str(number) for number in range(40))
    html = framed('A "title" & <b>', f"# One\n\n{words}\n\n## Two *2*\n")
    found = Page(html)
    assert "<title>A &#34;title&#34; &amp; &lt;b&gt;</title>" in html
    assert found.all("html", "lang") == ["en"]
    assert description(html).startswith("0 1 2")
    assert '<li class="level-1"><a href="#one" dir="auto">One</a></li>' in html
    assert '<li class="level-2"><a href="#two-2" dir="auto">Two 2</a></li>' in html
    assert f"Made with vaultsync {__version__}." in html


def description(html: str) -> str:
    return next(a["content"] for _, a in Page(html).elements if a.get("name") == "description")


def test_the_description_is_the_beginning_of_the_first_paragraph() -> None:
    words = [str(number) for number in range(40)]
    text = f"# Heading\n\n<a id='x'></a>\n\n*{words[0]}* {' '.join(words[1:])}\n\nMore."
    assert description(framed("T", text)) == " ".join(words[:30])
    assert not description(framed("T", "***"))


def test_a_page_without_headings_has_no_contents() -> None:
    assert "<nav" not in framed("T", "Text.")


def test_footnotes() -> None:
    html = made("Text[^1].\n\n[^1]: A note.")
    assert '<sup class="footnote-ref"><a href="#fn1" id="fnref1">[1]</a></sup>' in html
    assert '<section class="footnotes">' in html


def test_non_ascii_names() -> None:
    html = framed("T", "[a](#über)\n\n# Über")
    Page(html).check_anchors()
    assert '<h1 id="über"><a href="#%C3%BCber">Über</a></h1>' in html


def test_a_note_keeps_the_names_it_had_where_nothing_else_is_called_so() -> None:
    names = ("Old name", "b", "top", "head", "Old name", "")
    entries = (
        Entry("a", "A", names, {}, ""),
        Entry("b", "B", ("old-name",), {}, ""),
        Entry("c", "C", ("in a table",), {}, ""),
    )
    markdown = """## Head

- <a id="a"></a>One
- <a id="b"></a>Two

| <a id="c"></a>three |
|---|
"""
    html = framed("T", markdown, Catalogue(entries))
    Page(html).check_anchors()
    assert '<p dir="auto"><a id="old-name"></a>One</p>' in html
    assert '<p dir="auto">Two</p>' in html
    assert "in-a-table" not in html.partition("</main>")[0]

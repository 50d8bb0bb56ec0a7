"""A post as passages."""

from __future__ import annotations

import pytest
from tests.publish.pages import rendered

from vaultsync.publish.text_blocks import TextBlock, html_text_blocks, markdown_text_blocks


def texts(html: str) -> list[str]:
    return [passage.text for passage in html_text_blocks(html)]


def test_markdown_is_cut_where_it_is_read_as_one() -> None:
    text = "Intro\nof two lines.\n\n## Head\n\n- one\n  - *inner*\n- two\n\n> quote\n\n[^1]: note\n"
    assert markdown_text_blocks(text) == (
        TextBlock("", "Intro\nof two lines."),
        TextBlock("Head", "## Head"),
        TextBlock("Head", "one"),
        TextBlock("Head", "*inner*"),
        TextBlock("Head", "two"),
        TextBlock("Head", "> quote"),
        TextBlock("Head", "[^1]: note"),
    )


def test_markdown_without_text_has_no_text_blocks() -> None:
    assert markdown_text_blocks("") == markdown_text_blocks("[a]: https://e.org\n") == ()


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>a <b>b</b>\n c</p>", ["a b c"]),
        ("<ul><li>a<ul><li><p>b</p></li></ul></li></ul>", ["a", "b"]),
        ("<ul><li><p>a</p></li><li>b</li></ul>", ["a", "b"]),
        ("a<br>b<hr>c", ["a b", "c"]),
        (
            '<p>see <a href="https://e.org">the <i>web</i></a>.</p>',
            ["see [the web](https://e.org)."],
        ),
        ('<p><a href="#x"></a>text <a>bare</a></p>', ["text bare"]),
        ('<p>A <img alt="cat" src="x"> and <img src="y">.</p>', ["A cat and ."]),
        ("<table><tr><td>1</td><td>2</td></tr></table>", ["1", "2"]),
        ("<p>&lt;b&gt; &amp; &#8220;q&#8221;</p>", ["<b> & “q”"]),
        ("<style>p {}</style><script>let x = '<p>';</script><p>seen</p>", ["seen"]),
        ("<p>a <svg><title>t</title><svg></svg><p>x</p></svg> b</p>", ["a b"]),
        ("<p>x <mjx-container><mjx-math>y</mjx-math></mjx-container> z</p>", ["x [formula] z"]),
        ('<p>x <span class="mjx-chtml"><span>y</span></span> z</p>', ["x [formula] z"]),
        ("<p>x <math><mi>y</mi></math></p>", ["x [formula]"]),
        ('<li>note <a class="footnote-backref" href="#r">↩</a></li>', ["note"]),
        ("<p>never closed <b>but read", ["never closed but read"]),
        ("</p></div>text", ["text"]),
        ("", []),
    ],
)
def test_a_page_is_read_as_a_reader_sees_it(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


def test_headings_tell_the_place() -> None:
    found = html_text_blocks("<p>a</p><h2>One <i>two</i></h2><p>b</p><h3> </h3><li>c</li>")
    assert [(passage.place, passage.text) for passage in found] == [
        ("", "a"),
        ("One two", "One two"),
        ("One two", "b"),
        ("One two", "c"),
    ]


def test_of_a_page_of_the_forum_only_the_post_is_read() -> None:
    page = (
        "<h1>Title</h1><nav>All posts</nav><div id='postContent'><div><p>the</p></div>"
        "<div>post</div></div><div>Comments</div><p>First!</p>"
    )
    assert texts(page) == ["the", "post"]


def test_both_forms_of_a_post_have_the_same_passages() -> None:
    files = rendered(targets=["lesswrong", "lesswrong-rich"])
    html = html_text_blocks(files["lesswrong.html"].decode())
    markdown = markdown_text_blocks(files["lesswrong.md"].decode())
    assert len(html) == len(markdown) > 5

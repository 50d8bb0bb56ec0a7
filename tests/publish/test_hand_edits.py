"""A post on a site, held against the one that was made.

What the site does follows the published code of ForumMagnum.
"""

from __future__ import annotations

import re

import pytest
from tests.blocks.sample import NOTES, TOML, block
from tests.publish.pages import rendered

from vaultsync.core.errors import VaultError
from vaultsync.publish.compare import as_html, hand_edits

POST = f"""---
title: Compared
---

It's "said" -- so... see [[#Bridges]] and [the work](https://arxiv.org/pdf/2401.00001v2).[^1]
A line that goes on. The loss is $L^2$ and again.[^1] Write README.md, or see https://e.org/a/.

> [!note]- Folded
> Inside.

## Bridges

{block('notes type="claim"')}
[^1]: A *footnote*.
"""
FILES = {**NOTES, "Post.md": POST}
PAGE = (
    "<!DOCTYPE html><html><head><title>Compared - LessWrong</title><style>p{{}}</style></head>"
    "<body><nav><a href='/'>Home</a></nav><h1>Compared</h1>{post}"
    "<div class='comments'><p>A comment.</p></div><script>let x;</script></body></html>"
)


def generated(target: str = "lesswrong-rich") -> str:
    files = rendered(FILES, TOML, [target])
    return next(data for name, data in files.items() if name.startswith("lesswrong")).decode()


def served(html: str) -> str:
    """Return a post as LessWrong serves it: `sanitize.ts`, `tableOfContents.ts`, MathJax, links."""
    post = re.search(r"<body>(.*)</body>", html, re.DOTALL)
    assert post
    html = post[1]
    html = re.sub(r"<(h\d)>", r'<\1 id="Some_anchor" data-internal-id="x">', html)
    html = re.sub(r"<(p|ul|li)>", r'<\1 class="Styles-\1" dir="ltr">', html)
    html = html.replace(
        'href="https://arxiv', 'class="LinkStyles" rel="nofollow" href="https://arxiv'
    )
    html = re.sub(
        r'href="(https://e\.org[^"]*)"', r'href="https://www.lesswrong.com/out?url=\1"', html
    )
    html = re.sub(
        r'href="#(Bridges)"', r'href="https://www.lesswrong.com/posts/abc/compared#\1"', html
    )
    html = html.replace("README.md", '<a href="http://README.md">README.md</a>')
    html = html.replace(
        " https://e.org/a/",
        ' <a href="https://www.lesswrong.com/out?url=https%3A%2F%2Fe.org%2Fa%2F">https://e.org/a/</a>',
    )
    html = re.sub(
        r'<span class="math-tex">.*?</span>',
        '<span class="mjpage"><mjx-container><mjx-math>L2</mjx-math></mjx-container></span>',
        html,
    )
    html = re.sub(r"&quot;(\w+)&quot;", r"“\1”", html)
    html = html.replace("It's", "It’s").replace(" -- ", " – ").replace("so...", "so…")
    html = html.replace("A line that goes on.", "A&nbsp;line\nthat goes on.")
    return html.replace('id="fn', 'id="fn-xyz-').replace('href="#fn', 'href="#fn-xyz-')


@pytest.mark.parametrize("target", ["lesswrong", "lesswrong-rich"])
@pytest.mark.parametrize("around", ["{post}", "whole", "named"])
def test_what_the_site_does_is_no_hand_edit(target: str, around: str) -> None:
    post = served(generated())
    if around == "whole":
        post = PAGE.format(post=f"<div>{post}</div>")
    elif around == "named":
        post = PAGE.format(post=f'<div id="postContent">{post}</div>')
    made = as_html(target, generated(target))
    assert made != post
    assert hand_edits(made, post) == ()


EDITS = {
    "reworded": ("A&nbsp;line\nthat goes on", "A line that goes nowhere"),
    "a link": ("https://arxiv.org/abs/2401.00001", "https://arxiv.org/abs/2401.00009"),
    "a heading": (">Bridges</h2>", ">Bridges and more</h2>"),
    "added": ("<details", "<p>By the way.</p><details"),
    "in the fold": ("Inside.", "Outside."),
    "in a footnote": ("<em>footnote</em>", "<em>note</em>"),
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("around", ["{post}", PAGE])
def test_a_hand_edit_is_found_where_it_was_made(name: str, around: str) -> None:
    old, new = EDITS[name]
    post = served(generated())
    assert old in post
    found = hand_edits(generated(), around.format(post=post.replace(old, new, 1)))
    assert len(found) == 1
    assert bool(found[0].before) == (name != "added")
    assert found[0].after


def test_what_was_added_at_an_end_is_found_where_the_post_is_known() -> None:
    post = f"<p>First of all.</p>{served(generated())}<p>Last.</p>"
    found = hand_edits(generated(), PAGE.format(post=f'<div id="postContent">{post}</div>'))
    assert [one.after for one in found] == ["First of all.", "Last."]


def test_what_was_taken_out_is_found() -> None:
    post = re.sub(r"<p[^>]*>Inside\.</p>", "", served(generated()))
    (found,) = hand_edits(generated(), post)
    assert (found.before, found.after) == ("Inside.", "")


def test_markdown_is_compared_as_what_is_made_of_it() -> None:
    made = generated("lesswrong")
    assert hand_edits(generated(), as_html("lesswrong-rich", made)) == ()
    edited = made.replace("goes on", "goes nowhere")
    (found,) = hand_edits(generated(), as_html("lesswrong-rich", edited))
    assert "goes nowhere" in found.after
    post = rendered(FILES, TOML, ["markdown"])["post.md"].decode()
    assert hand_edits(as_html("markdown", post), as_html("markdown", post)) == ()


@pytest.mark.parametrize("text", ["<p>Another page.</p>", "<", "", "\ufffd" * 50])
def test_a_page_without_the_post_is_refused(text: str) -> None:
    with pytest.raises(VaultError, match="nothing of the post is in it"):
        hand_edits(generated(), as_html("lesswrong", text))


def test_an_address_that_is_none_is_kept() -> None:
    made = '<p>a <a href="http://[x">b</a></p>'
    assert hand_edits(made, made) == ()

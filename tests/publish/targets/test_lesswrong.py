"""Markdown for LessWrong's Markdown editor, and HTML for its default editor."""

from __future__ import annotations

import re

import pytest
from tests.blocks.sample import NOTES, TOML, block
from tests.publish.pages import Page, problems, rendered
from tests.publish.pictures import png

from vaultsync.publish.targets.lesswrong import with_pluses
from vaultsync.publish.targets.lesswrong_html import heading_anchors
from vaultsync.publish.targets.lesswrong_html import rendered as shown

PAGE = f'{TOML}\n[publish]\npage = "https://e.org/p/"\n'


def body(text: str, toml: str = TOML) -> str:
    """Return a post beside the sample notes as LessWrong's Markdown."""
    made = rendered({**NOTES, "Post.md": text, "a.png": png()}, toml, ("lesswrong",))
    return made["lesswrong.md"].decode().rstrip("\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("==marked **so** _x_==", "**marked so _x_**"),
        ("$x$, $$y$$", "$x$, $$y$$"),
        ("costs $5, or 10 $.", "costs \\$5, or 10 \\$."),
        ("costs \\$5", "costs \\$5"),
        ("`$5` x^2 y^3", "`$5` x^2 y^3"),
        ("x^2^ and a~b~ and ~~gone~~", "x\\^2^ and a\\~b~ and ~~gone~~"),
        ("2^10[^1]\n\n[^1]: N", "2\\^10[^1]\n\n[^1]: N"),
        ("H<sub>2</sub>O, x<sup>2</sup>", "H~2~O, x^2^"),
        ("<b>a</b><br><em>b</em> <kbd>c</kbd> <q>e</q> &amp;", '**a** *b* `c` "e" &amp;'),
        ("- [ ] open\n- [x] done", "- ☐ open\n- ☑ done"),
        ("README.md, a/b.md and `c.md`", "`README.md`, a/b.md and `c.md`"),
        ("> [!tip] Be *good*\n> Body.", "> *Be good*\n>\n> Body."),
        ("> [!tip]- Shut\n> Body.", "> +++ Shut\n>\n> Body.\n> +++"),
        ("<details>\n<summary>A *b*</summary>\n\nc\n\n</details>", "+++ A \\*b\\*\n\n\nc\n\n+++"),
        ("<details>\nc\n</details>", "+++ Details\n\nc\n+++"),
        ("a <a id='x'></a>b", "a b"),
        ("[[bridges]] [[#P]]\n\n# P", "bridges [P](#P)\n\n# P"),
    ],
)  # fmt: skip
def test_markup(text: str, expected: str) -> None:
    assert body(text) == expected


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("<table><tr><td>a</td></tr></table>", "table"),
        ("<img src='x'>", "img"),
        ("a <a href='https://e.org'>b</a>", "a"),
        ("<video src='x'></video>", "video"),
    ],
)
def test_what_cannot_be_shown_is_refused(text: str, tag: str) -> None:
    files: dict[str, str | bytes] = {"Post.md": f"One.\n\n{text}\n"}
    assert problems(files, "", ("lesswrong",)) == [
        f"Post.md:3: LessWrong does not show `<{tag}>`: write it as Markdown"
    ]
    assert problems({"Post.md": "```mermaid\nx\n```"}, "", ("lesswrong",)) == [
        "Post.md:1: LessWrong does not draw `mermaid`: put an image of it, or show it as `text`"
    ]


POST = f"""\
[[#Plain]] [[#Plain; twice!]] [[#🚀 up]] [[#comments]] [[#Math $x$]] [[#Fifth]] [[bridges|b]]
[[#Plain twice]] [[#Noted 1|Noted]]

# Plain

**Plain**

## Plain; twice!

### 🚀 up

#### comments

## Math $x$

##### Fifth

> [!tip]- Folded
> # Plain
> text

# Noted[^1]

# Plain

{block("notes")}
[^1]: N
"""


@pytest.mark.parametrize(("toml", "page"), [(TOML, ""), (PAGE, "https://e.org/p/")])
def test_links_land_or_lead_to_the_page_or_are_text(toml: str, page: str) -> None:
    def away(text: str, name: str) -> str:
        return f"[{text}]({page}#{name})" if page else text

    assert body(POST, toml).split("\n\n")[0] == (
        "[Plain](#Plain) [Plain; twice!](#Plain__twice_) [🚀 up](#___up) [comments](#comments1) "
        f"{away('Math $x$', 'math-x')} {away('Fifth', 'fifth')} {away('b', 'bridges')}\n"
        f"[Plain twice](#Plain__twice_) {away('Noted', 'noted1')}"
    )


def test_marks_of_ours_in_a_note_are_harmless() -> None:
    text = "See [[#B]].\n\n# A \ufdd599\ufdd5 b\n\n# B\n"
    assert body(text) == "See [B](#B).\n\n# A  b\n\n# B"


def test_every_link_within_lands_by_the_algorithm_of_the_forum() -> None:
    text = body(POST)
    anchors = [*heading_anchors(text).values()]
    # The bold paragraph takes the second anchor of that name, the folded heading none.
    assert anchors[:2] == ["Plain", "Plain__twice_"]
    assert anchors[-1] == "Plain2"
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(anchors)


def test_what_gets_an_anchor() -> None:
    text = "# A `b` *c*\n\n**Bold**\n\n**Bold** not\n\n***\n\n##### E\n\n"
    text += "+++ T\n# In\n\n**In**\n+++\n\n# B\nx\n\n# Bold\n\n# In\n\n# E\n\n"
    text += "# $x$\n\n# *M[^1]\nt*\n\n# ![i](i.png)\n\nTwo\nlines\n===\n\n[^1]: N\n"
    found = heading_anchors(text)
    assert [*found.values()] == ["A_b_c", "B", "Bold1", "In", "E", "Two_lines"]
    lines = text.split("\n")
    assert [lines[at] for at in found] == ["# A `b` *c*", "# B", "# Bold", "# In", "# E", "Two"]


def test_pluses_tell_what_is_nested() -> None:
    opened, closed = "\ufdd3", "\ufdd4"
    text = f"{opened} a\n{opened} b\n{opened} c\n{closed}\n{closed}\n"
    text += f"{opened} d\n{closed}\n{closed}\n{closed}"
    assert with_pluses(text) == "+++++ a\n++++ b\n+++ c\n+++\n++++\n+++ d\n+++\n+++++\n"


def test_parts_that_collapse_as_html() -> None:
    html = shown(
        "++++ Outer *x*\n\ntext\n+++ Inner\nmore\n+++\n++++\n\n"
        "after\n\n+++\nno title\n\n    +++ code\n"
    )
    assert re.sub(r"\n", "", html) == (
        '<details class="detailsBlock"><summary class="detailsBlockTitle">Outer '
        "<em>x</em></summary>"
        '<div class="detailsBlockContent"><p>text</p>'
        '<details class="detailsBlock"><summary class="detailsBlockTitle">Inner</summary>'
        '<div class="detailsBlockContent"><p>more</p></div></details></div></details>'
        "<p>after</p><p>+++no title</p><pre><code>+++ code</code></pre>"
    )


def rich(text: str, toml: str = PAGE) -> str:
    """Return the body of the HTML for the clipboard."""
    files: dict[str, str | bytes] = {**NOTES, "Post.md": text, "a.png": png()}
    made = rendered(files, toml, ("lesswrong-rich",))["lesswrong.html"].decode()
    return made.partition("<body>\n")[2].partition("</body>")[0]


def test_rich_text_has_the_forms_that_the_editor_imports() -> None:
    html = rich("A[^1] $x<y$ B[^1].\n\n$$\nz\n$$\n\n[^1]: N\n")
    page = Page(html)
    assert '<span class="math-tex">\\(x&lt;y\\)</span>' in html
    assert '<p><span class="math-tex">\\[z\\]</span></p>' in html
    assert page.all("span", "data-footnote-id") == ["1", "2", "1", "2"]
    assert page.all("li", "id") == ["fn1", "fn2"]
    assert len(set(page.all("*", "id"))) == len(page.all("*", "id")) == 4
    assert {href[1:] for href in page.all("a", "href")} == set(page.all("*", "id"))


def test_rich_text_shows_no_raw_html() -> None:
    html = rich("<b onclick=x>b</b> \\<script> [a](javascript:x) `<i>`")
    assert html == "<p><strong>b</strong> &lt;script&gt; a <code>&lt;i&gt;</code></p>\n"


def test_images_need_an_address_for_rich_text() -> None:
    assert rich("![x](a.png)").startswith('<p><img src="https://e.org/p/images/')
    files: dict[str, str | bytes] = {"Post.md": "![x](a.png)", "a.png": png()}
    (problem,) = problems(files, "", ("lesswrong-rich",))
    assert "set `publish.page` in vaultsync.toml" in problem


def test_images_are_addresses_or_part_of_the_text() -> None:
    assert re.fullmatch(r"!\[x\]\(https://e.org/p/images/\w+\.png\)", body("![x](a.png)", PAGE))
    assert re.fullmatch(r"!\[x\]\(data:image/png;base64,[\w+/=]+\)", body("![x](a.png)"))
    files: dict[str, str | bytes] = {"Post.md": "![x](a.png)", "a.png": png()}
    assert len(rendered(files, "", ("lesswrong",))) == 1
    assert len(rendered(files, PAGE, ("lesswrong",))) == 2

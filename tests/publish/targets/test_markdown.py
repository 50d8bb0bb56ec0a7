"""Markdown for GitHub."""

from __future__ import annotations

import pytest
from tests.blocks.sample import NOTES
from tests.publish.pages import composed, problems, rendered


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("==marked *so*==", "<mark>marked *so*</mark>"),
        ("a == b == c", "a == b == c"),
        ("`==a==` ==b==", "`==a==` <mark>b</mark>"),
        ("==a\n\nb==", "==a\n\nb=="),
        ("\\==a==", "\\==a=="),
        ("$a==b==c$", "$a==b==c$"),
        ("$x^2$ and $$y$$", "$x^2$ and $$y$$"),
        ("- [/] half\n- [-] gone\n- [ ] open", "- [x] half\n- [x] gone\n- [ ] open"),
        ("> [!tip] Title\n> Body.", "> [!TIP]\n> **Title**\n>\n> Body."),
        ("> [!faq]\n> Body.", "> [!IMPORTANT]\n> Body."),
        ("> [!made-up]\n> Body.", "> [!NOTE]\n> Body."),
        ("> [!bug]", "> [!CAUTION]"),
        ("- > [!tip] In a list\n  > Body.", "- > **In a list**\n  >\n  > Body."),
        (
            "> [!tip]- *Shut*\n> Body.",
            (
                "> <details>\n> <summary>*Shut*</summary>\n>\n> Body.\n>\n"
                "> </details>"
            ),
        ),
        ("> [!tip]+ A & B", "> <details open>\n> <summary>A &amp; B</summary>\n>\n>\n> </details>"),
        ("> [not] a callout", "> [not] a callout"),
        ("```mermaid\nx\n```", "```mermaid\nx\n```"),
        ("```python\n> [!tip]\n```", "```python\n> [!tip]\n```"),
        ("<b onclick=x>b</b>", "<b>b</b>"),
        ('<a href="javascript:x" title="t">a</a>', '<a title="t">a</a>'),
        ("<img src=x onerror=y>a", "a"),
        ("<div>\n<script>x</script>\n<p style='x'>y</p>\n</div>", "<div>\n\n<p>y</p>\n</div>"),
        ("<video src=x></video>", ""),
        ("<details open>\n<summary>a</summary>\n\nb\n\n</details>",
         '<details open="">\n<summary>a</summary>\n\nb\n\n</details>'),
        ("<svg>\n<text>x</text>\n</svg>", ""),
        ("a < b <3", "a < b <3"),
        ("<div>\na < b\n</div>", "<div>\na &lt; b\n</div>"),
    ],
)  # fmt: skip
def test_markup(text: str, expected: str) -> None:
    assert composed(text, NOTES).strip() == expected


@pytest.mark.parametrize("language", ["dataview", "base", "DataviewJS", "query x", "{tasks}"])
def test_what_a_plugin_draws_is_refused(language: str) -> None:
    text = f"Text.\n\n```{language}\nx\n```\n"
    (problem,) = problems({"Post.md": text})
    assert problem.startswith("Post.md:3: Markdown does not draw `")


def test_headings_are_linked_by_the_anchors_of_github() -> None:
    text = (
        "[[#What's *new*? (2024)]] [[#🚀]] [[#Post]] [[#B#Same]]\n\n"
        "# What's *new*? (2024)\n\n## 🚀 up\n\n> # Same\n\n# B\n\n## Same\n\n# Post\n"
    )
    made = rendered({"Post.md": text}, "")["post.md"].decode()
    assert made.split("\n")[2] == (
        "[What's *new*? (2024)](#whats-new-2024) 🚀 [Post](#post-1) [B#Same](#same-1)"
    )

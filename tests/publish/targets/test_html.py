"""The page: mathematics without a script, images within it."""

from __future__ import annotations

import pytest
from tests.publish.pages import Page, problems, rendered
from tests.publish.pictures import MARK, png

from vaultsync.publish.targets.mathml import NotMath, mathml


def main(text: str) -> str:
    """Return what the page has of a post."""
    files: dict[str, str | bytes] = {"Post.md": text, "a.png": png()}
    html = rendered(files, "", ("html",))["post.html"].decode()
    assert MARK.decode() not in html
    Page(html).check_anchors()
    return html.partition('tabindex="-1">\n')[2].partition("\n</main>")[0].strip()


def test_mathematics() -> None:
    assert main("A $x_1 < *y*$ b") == (
        '<p>A <math display="inline"><mrow><msub><mi>x</mi><mn>1</mn></msub><mo>&lt;</mo>'
        "<mo>*</mo><mi>y</mi><mo>*</mo></mrow></math> b</p>"
    )
    assert main("$$\n\\frac{a}{b}\n$$").startswith('<p><math display="block">')


@pytest.mark.parametrize(
    ("tex", "reason"),
    [("\\left(", "it is broken"), ("\\nosuch{x}", "`\\nosuch` is not known"), ("a_b_c", "it is")],
)
def test_a_formula_that_cannot_be_shown_is_a_problem(tex: str, reason: str) -> None:
    (problem,) = problems({"Post.md": f"One.\n\nTwo ${tex}$.\n"}, "", ("html",))
    assert problem.startswith(f"Post.md:3: the page cannot show the formula `{tex}`: {reason}")


@pytest.mark.parametrize(
    ("others", "place", "named"),
    [
        ((), "a.md:1", ""),
        (("b",), "Post.md:0", "; it is in one of `a.md` (line 1), `b.md` (line 3)"),
        (("b", "c"), "Post.md:0", ", `b.md` (line 3), `c.md` (line 3)"),
        (("b", "c", "d"), "Post.md:0", ", `b.md` (line 3), `c.md` (line 3), …"),
    ],
)
def test_a_formula_of_several_notes_has_the_place_of_none(
    others: tuple[str, ...], place: str, named: str
) -> None:
    notes = {f"{name}.md": "# B\n\n`\\nosuch{x}`.\n" for name in others}
    embeds = "\n\n".join(f"![[{name}]]" for name in ("a", *others))
    files = {"Post.md": embeds, "a.md": "One $\\nosuch{x}$.\n", **notes}
    (problem,) = problems(files, "", ("html",))
    assert problem.startswith(f"{place}: the page cannot show the formula")
    assert problem.endswith(named or " is not known")


@pytest.mark.parametrize(
    "tex",
    [
        "\\text{<script>alert(1)</script>}",
        "\\text{<img src=x onerror=alert(1)>}",
        "\\href{javascript:alert(1)}{x}",
        "\\style{background:url(x)}{x}",
        "\\class{a}{x}",
    ],
)
def test_a_formula_runs_nothing(tex: str) -> None:
    try:
        made = mathml(tex, display=False)
    except NotMath:
        return
    for word in ("script", "img", "href", "style", "class", "onerror"):
        assert f"<{word}" not in made
        assert f" {word}=" not in made


def test_images() -> None:
    assert main('![a *b* &lt;"c"](a.png)').startswith('<p><img src="data:image/png;base64,iVBOR')
    assert main("![a *b*](a.png)").endswith('" alt="a *b*"></p>')
    assert main("![a](https://e.org/i.png)") == ('<p><a href="https://e.org/i.png">a</a></p>')


def test_marks_of_ours_that_an_author_wrote_are_nothing() -> None:
    assert main("a\ufdd50\ufdd6b\ufdd59\ufdd6 $x$") == (
        '<p>ab <math display="inline"><mrow><mi>x</mi></mrow></math></p>'
    )


def test_what_markdown_lacks() -> None:
    assert main("==a==") == "<p><mark>a</mark></p>"
    html = main("> [!tip]- Title\n> Body.")
    assert html.replace("\n", "") == (
        "<blockquote><details><summary>Title</summary><p>Body.</p></details></blockquote>"
    )
    assert 'open=""' in main("> [!tip]+ Title\n> Body.")
    assert main("- [/] half").count(" checked=") == 1

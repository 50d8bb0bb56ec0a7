"""Notes cannot be trusted: what in them tries to run a script, in a real browser."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from tests.blocks.sample import TOML
from tests.publish.browser import chromium
from tests.publish.pages import Page, rendered
from tests.publish.vectors import HTML, files, numbered

SETTINGS = (
    TOML.replace('"Claims/**"', '"Claims/**", "Drafts/**"')
    + """
[publish]
filters = ["area", "tags", "status"]
permalinks = ["aliases"]
map = "area"
"""
)
# A page with it does by itself what a person might do with a mouse and a keyboard.
HELPER = """<script>
function ran(n) {
  const told = document.documentElement.dataset
  told.ran = (told.ran || '') + n + ' '
}
addEventListener('load', () => {
  for (const one of document.querySelectorAll('input')) {
    if (one.type === 'search') one.value = '<img src=x: onerror=ran(0)>'
    one.dispatchEvent(new InputEvent('input', { bubbles: true }))
  }
  for (const one of document.querySelectorAll('*')) {
    if (one.tagName === 'DETAILS') one.open = true
    one.dispatchEvent(new MouseEvent('mouseover', { bubbles: false }))
    if (one.focus) one.focus()
    const away = /^(https?|mailto|file):/.test(one.protocol || '') || one.closest('[href^="#"]')
    const click = new MouseEvent('click', { bubbles: true })
    if (!away && one.closest('a, button')) one.dispatchEvent(click)
  }
})
</script>
"""
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy".*?>', re.DOTALL)


def seen(folder: Path, page: str) -> tuple[set[int], str]:
    """Return the numbers of the texts that ran in a page, and what the browser said."""
    (folder / "page.html").write_text(page, "utf-8", "replace")
    options = "--virtual-time-budget=4000", "--dump-dom"
    done = chromium(folder / "profile", folder / "page.html", *options)
    told = re.search(r'<html[^>]* data-ran="([\d ]*)"', done.stdout)
    return {int(number) for number in told[1].split()} if told else set(), done.stderr


@pytest.fixture(scope="module", params=[3, pytest.param(1, marks=pytest.mark.long)])
def made(request: pytest.FixtureRequest) -> dict[str, str]:
    """Return what is published of a vault full of such texts: of each third, or of all."""
    targets = ("markdown", "html", "lesswrong", "lesswrong-rich")
    published = rendered(files(request.param), SETTINGS, targets)
    return {name: data.decode() for name, data in published.items()}


def test_the_texts_do_run_where_nothing_is_cleaned(tmp_path: Path) -> None:
    """Each has a frame of its own; those that do not run here might in another browser."""
    frames = "".join(
        f'<iframe srcdoc="{html.escape(f"{HELPER}<body>{text}")}"></iframe>'
        for text in numbered()[: len(HTML)]
    )
    page = f"<html>{HELPER}{frames}".replace(
        "ran(n) {", "ran(n) { if (parent !== self) parent.ran(n)"
    )
    found, _ = seen(tmp_path, page)
    assert len(found) >= len(HTML) * 2 // 3, sorted(found)


@pytest.mark.parametrize("name", ["post.html", "lesswrong.html"])
def test_no_text_runs_in_a_page_even_without_its_policy(
    name: str, made: dict[str, str], tmp_path: Path
) -> None:
    page, count = POLICY.subn(lambda _: HELPER, made[name])
    assert count == 1
    assert page.count("x") > 1000
    assert "</script><script>" not in page.partition("<body>")[2]
    if name == "post.html":
        for part in ('class="find"', 'class="key g8"', 'class="board"', "No longer listed"):
            assert part in page, part
    assert seen(tmp_path, page)[0] == set()


@pytest.mark.parametrize(
    "name", ["post.html", pytest.param("lesswrong.html", marks=pytest.mark.long)]
)
def test_the_policy_has_nothing_to_refuse(name: str, made: dict[str, str], tmp_path: Path) -> None:
    found, said = seen(tmp_path, made[name])
    assert found == set()
    assert "Content Security Policy" not in said
    assert "CONSOLE" not in said


@pytest.mark.parametrize("name", [pytest.param("post.md", marks=pytest.mark.long), "lesswrong.md"])
def test_no_text_runs_where_a_reader_shows_raw_html_and_any_link(
    name: str, made: dict[str, str], tmp_path: Path
) -> None:
    reader = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    reader.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 - as the parser calls it
    page = f"<html><meta charset=utf-8>{HELPER}<body>{reader.render(made[name])}"
    assert seen(tmp_path, page)[0] == set()


@pytest.mark.parametrize(
    "name", ["post.html", pytest.param("lesswrong.html", marks=pytest.mark.long)]
)
def test_the_policy_stops_what_cleaning_might_miss(
    name: str, made: dict[str, str], tmp_path: Path
) -> None:
    runs = (
        "<script>document.documentElement.dataset.ran = '1 '</script>"
        "<img src=x: onerror=\"document.documentElement.dataset.ran = '2 '\">"
    )
    page = made[name].replace("</body>", f"{runs}</body>")
    found, said = seen(tmp_path, page)
    assert found == set()
    assert "Content Security Policy" in said
    assert seen(tmp_path, POLICY.sub("", page))[0] != set()


def test_no_address_leads_to_a_script(made: dict[str, str]) -> None:
    for name in ("post.html", "lesswrong.html"):
        page = Page(made[name].partition("<body>")[2])
        addresses = [*page.all("a", "href"), *page.all("img", "src")]
        assert len(addresses) > 200
        assert not [a for a in addresses if re.match(r"(?i)\s*(javascript|vbscript|data):", a)]

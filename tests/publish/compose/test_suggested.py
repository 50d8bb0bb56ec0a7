"""Suggestions under the notes of the page, where the author wants them."""

from __future__ import annotations

import pytest
from tests.blocks.sample import TOML, block, note
from tests.publish.pages import Page, published

ON = f"{TOML}\n[publish]\nsuggestions = true\noutside = 'error'\n"
WORDS = "Granite bridges sway in wind."


def files(style: str = "list", **more: str) -> dict[str, str]:
    """Return a vault with two notes that are perhaps related, one that the post does not list."""
    return {
        "Post.md": block(f'notes type="claim" style="{style}" exclude="other"'),
        "Claims/one.md": note(WORDS, title="Bridges", status="open"),
        "Claims/two.md": note("Granite *bridges* stand in wind.", title="A *stone*", status="open"),
        "Claims/other.md": note(WORDS, title="Unlisted", status="open"),
        "Claims/cats.md": note("Cats purr.", title="Cats", status="open"),
        "Claims/dogs.md": note("Dogs bark.", title="Dogs", status="open"),
        **more,
    }


@pytest.mark.parametrize("style", ["list", "sections"])
def test_a_note_has_its_suggestions_marked_and_linked(style: str) -> None:
    markdown, html = published(files(style), ON)
    page = Page(html)
    page.check_anchors()
    assert "Suggested by comparing the notes; nobody has confirmed it." in page.text
    assert "A stone: similar words: bridges, granite, wind; " in page.text
    assert html.count("nobody has confirmed it") == 2
    assert ("1 perhaps related" in page.text) == (style == "list")
    assert "#two" in page.all("a", "href")
    assert "Unlisted" not in html
    assert "confirmed" not in markdown


@pytest.mark.parametrize(
    "hidden", [{"status": "draft"}, {"status": "retired"}, {"status": "open", "publish": "false"}]
)
def test_what_readers_do_not_see_is_not_suggested(hidden: dict[str, str]) -> None:
    _, html = published(files(**{"Claims/two.md": note(WORDS, title="Secret", **hidden)}), ON)
    assert "Perhaps related" not in html


def test_there_is_none_by_default_and_none_that_is_dismissed() -> None:
    _, off = published(files(), TOML)
    assert "confirmed" not in off
    _, dismissed = published(files(**{"Unrelated.md": "- [[one]] and [[two]]: far\n"}), ON)
    assert dismissed == off

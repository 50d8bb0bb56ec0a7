"""Notes that are listed no longer: their links land."""

from __future__ import annotations

from tests.blocks.sample import NOTES, TOML, block, note
from tests.publish.pages import Page, published

LISTED = block('notes type="claim"')


def test_retired_and_answered_notes_keep_a_place_on_the_page() -> None:
    queries = block('notes type="query" status="open"')
    files = {
        **NOTES,
        "Post.md": f"See [[old]] and [[how-much]].\n\n{LISTED}\n{queries}",
        "Queries/other.md": note("Other?", status="open"),
    }
    markdown, html = published(files)
    assert "floats" not in markdown
    page = Page(html)
    page.check_anchors()
    assert {"old", "how-much"} <= set(page.all("li", "id"))
    assert {"#old", "#how-much"} <= set(page.all("a", "href"))
    assert "No longer listed 2 notes" in page.text
    assert "Old [claim] Retired: It floats." in page.text
    assert "how-much Answered: How much?" in page.text
    assert "no-longer-listed" in page.all("h2", "id")


def test_a_type_that_the_post_shows_nothing_of_stays_out() -> None:
    page = Page(published({**NOTES, "Post.md": LISTED})[1])
    assert "No longer listed 1 note" in page.text
    assert "how-much" not in page.all("li", "id")
    assert "No longer" not in Page(published({**NOTES, "Post.md": "Nothing."})[1]).text


def test_a_note_that_is_listed_all_the_same_is_not_listed_again() -> None:
    html = published({**NOTES, "Post.md": LISTED + block('notes status="retired"')})[1]
    assert "No longer" not in html
    assert html.count("It floats.") == 1


def test_they_are_called_by_their_handles() -> None:
    toml = TOML.replace("[types.claim]", '[types.claim]\nhandle = "handle"')
    old = note("It floats.", title="Old", handle="float", status="retired")
    page = Page(published({**NOTES, "Post.md": LISTED, "Claims/old.md": old}, toml)[1])
    assert "float Retired: It floats." in page.text


def test_a_note_without_a_claim_is_its_title() -> None:
    files = {**NOTES, "Post.md": LISTED, "Claims/old.md": note(title="Old", status="retired")}
    assert "Old Retired: Old" in Page(published(files)[1]).text

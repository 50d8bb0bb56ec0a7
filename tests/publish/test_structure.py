"""How a reader gets around on the page: contents, previews, tensions, citations, paper, a phone."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator
from playwright.sync_api import Page as Tab
from tests.blocks.sample import TOML, block, note
from tests.publish.browser import becomes
from tests.publish.conftest import Open
from tests.publish.vaults import Posts, encyclopedia, written

WIDE = {"width": 1440, "height": 800}
PHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
CARD = "#page-preview"
LISTED = block('notes type="claim"')


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write an encyclopedia of some notes."""
    return encyclopedia(tmp_path_factory.mktemp("pages"), 24)


def is_in_view(place: Locator) -> bool:
    """Whether a place begins on the screen."""
    return bool(
        place.evaluate(
            "e => { const t = e.getBoundingClientRect().top; return 0 <= t && t < innerHeight }"
        )
    )


def marked(tab: Tab) -> list[str]:
    return tab.locator(".page-toc [aria-current]").all_inner_texts()


def test_the_contents_mark_what_is_in_view_and_unfold_its_notes(page: Path, show: Open) -> None:
    tab = show(page, viewport=WIDE)
    assert marked(tab) == []
    shown = tab.locator(".page-toc li li a:visible")
    assert shown.count() == 0
    tab.evaluate("document.querySelector('#n3').scrollIntoView()")
    becomes(lambda: marked(tab), ["kind 3"])
    becomes(shown.count, 8)
    tab.evaluate("document.querySelector('#ropes').scrollIntoView()")
    becomes(lambda: marked(tab), ["Ropes"])
    becomes(shown.first.inner_text, "kind 1")
    # What the reader unfolds stays so.
    tab.locator(".page-toc summary:text('8 in Wheels')").click()
    becomes(shown.count, 16)
    tab.evaluate("document.querySelector('#wheels').scrollIntoView()")
    becomes(lambda: (marked(tab), shown.count()), (["Wheels"], 8))
    tab.evaluate("scrollTo(0, document.body.scrollHeight)")
    becomes(lambda: marked(tab), ["Map"])
    tab.evaluate("scrollTo(0, 0)")
    becomes(lambda: (marked(tab), shown.count()), ([], 8))


def test_the_contents_follow_a_place_that_is_out_of_their_view(show: Open, tmp_path: Path) -> None:
    tab = show(encyclopedia(tmp_path, 120), "#n117", viewport={"width": 1440, "height": 500})
    link = tab.locator(".page-toc a[href='#n117']")
    becomes(lambda: is_in_view(link))


def test_the_contents_are_beside_the_text_where_there_is_room(page: Path, show: Open) -> None:
    tab = show(page, viewport=WIDE)
    entry = tab.locator(".page-toc a[href='#ropes']")
    assert entry.is_visible()
    tab.set_viewport_size({"width": 834, "height": 800})
    becomes(lambda: not entry.is_visible())
    tab.locator(".page-toc summary").first.click()
    becomes(entry.is_visible)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_contents_need_no_script(page: Path, show: Open, width: int) -> None:
    tab = show(page, java_script_enabled=False, viewport={"width": width, "height": 800})
    if width == 390:
        tab.locator(".page-toc summary").first.click()
    tab.locator(".page-toc summary:text('8 in Ropes')").click()
    tab.locator(".page-toc a[href='#n4']").click()
    becomes(lambda: is_in_view(tab.locator("#n4")))


def test_headings_lead_to_themselves(page: Path, show: Open) -> None:
    tab = show(page)
    for name, level in (("ropes", 3), ("n4", 4)):
        tab.locator(f"h{level} > a[href='#{name}']").click()
        becomes(partial(tab.evaluate, "location.hash"), f"#{name}")
        becomes(partial(is_in_view, tab.locator(f"#{name}")))
    assert tab.get_by_role("heading", name="kind 4", level=4).count() == 1


def test_a_link_to_a_note_shows_its_claim(page: Path, show: Open) -> None:
    tab = show(page, "#n3", use="", viewport=WIDE)
    card, link = tab.locator(CARD), tab.locator("#n3 dd a[href='#n4']")
    assert not card.is_visible()
    link.hover()
    becomes(lambda: card.locator("strong").all_inner_texts(), ["kind 4"])
    assert card.inner_text().startswith("kind 4\n\nKind 4: What is built of things-4 holds")
    assert link.get_attribute("aria-describedby") == "page-preview"
    tab.clock.install()
    card.hover()
    tab.clock.run_for(400)
    assert card.is_visible(), "a mouse may go to it"
    tab.locator("h1").hover(force=True)
    tab.clock.run_for(400)
    becomes(lambda: not card.is_visible())
    assert link.get_attribute("aria-describedby") is None


def test_a_link_to_a_source_shows_what_the_note_has_on_it(page: Path, show: Open) -> None:
    tab = show(page, viewport=WIDE)
    tab.locator("#n3 > p a[href^='http']").hover()
    becomes(
        lambda: tab.locator(CARD).inner_text(),
        "On things-3 and calm weather and on all of the longer days of the year\n\n"
        "original: Ada et al. 2024, Bridges 2024; read: abstract",
    )


def test_a_link_within_what_it_leads_to_and_another_link_show_nothing(
    page: Path, show: Open
) -> None:
    tab = show(page, "#n3", use="", viewport=WIDE)
    tab.clock.install()
    for link in ("#n3 > h4 a", "#n3 dd a[href^='http'] >> nth=0", ".page-toc a[href='#ropes']"):
        tab.locator(link).hover()
        tab.clock.run_for(400)
        assert not tab.locator(CARD).is_visible(), link


def test_the_keyboard_shows_and_ends_a_preview(page: Path, show: Open) -> None:
    tab = show(page, "?q=things#n3", viewport=WIDE)
    card = tab.locator(CARD)
    tab.locator("#n3 > details > summary").focus()
    for _ in range(5):
        tab.keyboard.press("Tab")
    becomes(lambda: card.locator("strong").all_inner_texts(), ["kind 4"])
    tab.keyboard.press("Escape")
    becomes(lambda: not card.is_visible())
    assert tab.get_by_label("Find a note").input_value() == "things", "it ended that alone"
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Tab")
    becomes(card.is_visible)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    becomes(lambda: not card.is_visible())


def test_a_preview_stays_on_the_screen(page: Path, show: Open) -> None:
    tab = show(page, "#n3", viewport={"width": 700, "height": 300})
    link = tab.locator("#n3 dd a[href='#n4']")
    for end in ("start", "end"):
        link.evaluate("(a, block) => a.scrollIntoView({ block })", end)
        tab.mouse.move(0, 0)
        link.hover()
        becomes(tab.locator(CARD).is_visible)
        box = tab.locator(CARD).bounding_box()
        assert box
        assert 0 <= box["x"] <= 700 - box["width"]
        assert 0 <= box["y"] <= 300 - box["height"]
        tab.keyboard.press("Escape")


def test_touch_shows_no_preview(page: Path, show: Open) -> None:
    tab = show(page, "#n3", **PHONE)
    tab.clock.install()
    tab.locator("#n3 dd a[href='#n4']").tap()
    becomes(lambda: is_in_view(tab.locator("#n4")))
    tab.clock.run_for(400)
    assert not tab.locator(CARD).is_visible()


def test_a_tension_is_followed_to_its_other_end_and_back(page: Path, show: Open) -> None:
    tab = show(page, "#n3", viewport=WIDE)
    here, there = tab.locator("#n3"), tab.locator("#n15")
    tension = here.locator("dd li:has(a[href='#n15'])")
    assert tension.inner_text() == (
        "kind 15: tension: things-3 hold in all of it (crux: what things-3 do there)"
    )
    tension.locator("a").scroll_into_view_if_needed()
    tension.locator("a").click()
    becomes(lambda: is_in_view(there))
    becomes(lambda: there.locator("> details").evaluate("details => details.open"))
    back = there.locator("dd li:has(a[href='#n3'])")
    assert back.inner_text() == "kind 3: tension: things-3 do not (crux: what things-3 do there)"
    tab.go_back()
    becomes(lambda: is_in_view(tension.locator("a")))
    assert here.locator("> details").evaluate("details => details.open")


def test_a_note_is_cited(page: Path, show: Open) -> None:
    tab = show(page, "#n3", permissions=["clipboard-read", "clipboard-write"])
    cite = tab.locator("#n3 .cite")
    assert cite.inner_text() == "“Things of kind 3 hold for longer than it seems.” In: Post."
    assert tab.locator("#n3 dd code").inner_text().startswith("ada2024things-")
    button = tab.locator("#n3").get_by_role("button", name="Copy")
    button.click()
    becomes(lambda: tab.locator("#n3 button").inner_text(), "Copied")
    assert tab.evaluate("navigator.clipboard.readText()") == cite.inner_text()


def test_what_cannot_be_copied_is_selected(page: Path, show: Open) -> None:
    tab = show(page, "#n3")
    tab.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error('no')); 0")
    tab.locator("#n3 button").click()
    becomes(lambda: tab.locator("#n3 button").inner_text(), "Selected")
    assert tab.evaluate("getSelection().toString()").startswith("“Things of kind 3")


def pages_of(tab: Tab) -> int:
    """Return how many pages of A4 a page is on paper."""
    return len(
        re.findall(rb"/Type\s*/Page\b(?!s)", tab.pdf(format="A4", prefer_css_page_size=True))
    )


def test_sixty_notes_are_a_few_pages_on_paper(show: Open, tmp_path: Path) -> None:
    tab = show(encyclopedia(tmp_path, 60))
    assert pages_of(tab) <= 9


def test_the_own_post_has_few_pages_for_what_it_holds(posts: Posts, show: Open) -> None:
    tab = show(posts.own)
    notes = tab.locator("main li > details > dl").count()
    assert pages_of(tab) <= 3 + notes / 6
    assert posts.own.stat().st_size <= 60_000 + 4_500 * notes


def test_paper_has_the_addresses_of_sources_and_says_nothing_often(page: Path, show: Open) -> None:
    tab = show(page)
    tab.emulate_media(media="print")
    address = "a => getComputedStyle(a, '::after').content"
    source = tab.locator("#n3 dd a[href$='things-3']")
    assert source.evaluate(address) == '" <https://example.org/things-3>"'
    assert tab.locator("#n3 > p a").first.evaluate(address) == "none", "it is below the claim"
    for part in (".cite", "dd small", ".page-toc", "summary"):
        assert tab.locator(f"{part}:visible").count() == 0, part
    assert tab.locator(".legend:visible").count() == 1


def test_no_title_is_wider_than_the_screen(show: Open, tmp_path: Path) -> None:
    long = "long" * 60
    related = f"{long}.\n\n## Related\n\n- [[b]]: {long}\n"
    files = {
        "Post.md": f"---\ntitle: {long}\n---\n\n## {long}\n\n{LISTED}",
        "Claims/a.md": note(related, title=long, status="x"),
        "Claims/b.md": note(f"{long}.", title=f"b {long}", status="x"),
    }
    page = written(tmp_path, "long", files, TOML)
    tab = show(page, "#a")
    tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    for width in (320, 390, 834, 1440):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_all_notes_are_reached_on_a_phone(page: Path, show: Open) -> None:
    tab = show(page, **PHONE)
    tab.locator(".page-toc summary").first.tap()
    tab.locator(".page-toc summary:text('8 in Wheels')").tap()
    tab.locator(".page-toc a[href='#n23']").tap()
    becomes(lambda: is_in_view(tab.locator("#n23")))
    becomes(lambda: tab.locator("#n23 dl").is_visible())
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    for part in ("Caveat", "Sources", "Related", "Open questions", "Cite this"):
        assert tab.locator(f"#n23 dt:text-is('{part}')").is_visible()
    tab.locator("#n23 dd a[href='#n0']").tap()
    becomes(lambda: is_in_view(tab.locator("#n0")))


def test_right_to_left_text_runs_so(show: Open, tmp_path: Path) -> None:
    hebrew = "גשרים צריכים רפיון"
    files = {
        "Post.md": f"## Words\n\n{LISTED}",
        "Claims/a.md": note(f"{hebrew}.\n\nCaveat: {hebrew}.", title=hebrew, status="x"),
        "Claims/b.md": note("Bridges need slack.", title="Slack", status="x"),
    }
    tab = show(written(tmp_path, "hebrew", files, TOML), viewport=WIDE)
    way = "e => getComputedStyle(e).direction"
    for part in ("#a > h3", "#a > p", ".page-toc a[href='#a']"):
        assert tab.locator(part).evaluate(way) == "rtl", part
    for part in ("#b > h3", "#b > p", ".page-toc a[href='#b']"):
        assert tab.locator(part).evaluate(way) == "ltr", part

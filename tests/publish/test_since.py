"""What is new since a day or since the last visit, in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator
from playwright.sync_api import Page as Tab
from tests.publish.browser import becomes
from tests.publish.conftest import Open
from tests.publish.vaults import FILES, SETTINGS, journaled, written

LATER = {"li": "Changed: ", "sec": "New: "}
STATES = {**LATER, "tr": "Changed: ", "gone": "Changed: "}


def visit(tab: Tab, day: str, address: Path | None = None) -> None:
    """Load the page on another day, at noon."""
    tab.clock.set_fixed_time(f"{day}T12:00Z")
    tab.goto(address.as_uri()) if address else tab.reload()


def opened(show: Open, page: Path, day: str, **options: object) -> Tab:
    """Open the page on a day as somebody who never saw it."""
    return show(page, use="", day=day, **options)


def choose(tab: Tab | FrameLocator, day: str) -> None:
    tab.get_by_label("New since").fill(day)


def last_visit(tab: Tab | FrameLocator) -> Locator:
    return tab.get_by_role("button", name="Since my last visit")


def told(tab: Tab | FrameLocator) -> str:
    return tab.locator(".since output").inner_text()


def marks(tab: Tab | FrameLocator) -> dict[str, str]:
    """Return the marks of notes, by the name of the note."""
    found = tab.locator("main .badge").evaluate_all(
        """all => all.map(mark => {
          const unit = mark.closest('li, tr, h3')
          return [unit.id || unit.querySelector('[id]').id, mark.textContent]
        })"""
    )
    return dict(found)


def past(tab: Tab) -> list[str]:
    found = tab.locator(".past").all_text_contents()
    return [text[:10] for text in found]


def contents(tab: Tab) -> list[str]:
    marked = tab.locator(".page-toc :is(a, summary):has(.badge)")
    return [str(text) for text in marked.all_text_contents()]


def test_notes_are_marked_since_the_day_that_is_chosen(show: Open, tmp_path: Path) -> None:
    tab = opened(show, journaled(tmp_path), "2026-05-06", viewport={"width": 1440, "height": 900})
    assert (told(tab), marks(tab), past(tab)) == ("", {}, [])
    choose(tab, "2026-05-03")
    becomes(lambda: told(tab), "Marked: 1 new, 3 changed since 3 May 2026.")
    assert marks(tab) == STATES
    assert past(tab) == ["2 May 2025"]
    assert contents(tab) == [
        "Contents · 1 new, 3 changed",
        "Listed · 1 changed",
        "Listed claim · changed",
        "Headed · 1 new",
        "Headed claim · new",
        "Rows · 1 changed",
        "Row claim · changed",
        "No longer listed · 1 changed",
        "Gone · changed",
    ]
    choose(tab, "2026-05-04")
    becomes(lambda: told(tab), "Marked: 1 new, 1 changed since 4 May 2026.")
    assert marks(tab) == LATER
    choose(tab, "2025-01-01")
    becomes(lambda: told(tab), "Marked: 3 new, 2 changed since 1 January 2025.")
    choose(tab, "")
    becomes(lambda: (told(tab), marks(tab), past(tab), contents(tab)), ("", {}, [], []))


def test_it_says_so_where_no_note_is_new(show: Open, tmp_path: Path) -> None:
    tab = opened(show, journaled(tmp_path), "2026-05-06")
    choose(tab, "2026-05-05")
    becomes(lambda: told(tab), "The changelog has more since 5 May 2026.")
    choose(tab, "2026-05-06")
    becomes(lambda: told(tab), "Nothing is new since 6 May 2026.")
    assert len(past(tab)) == 4
    # As it is while somebody types a year.
    choose(tab, "0020-05-06")
    becomes(lambda: (told(tab), past(tab)), ("", []))


def test_days_with_headings_are_dimmed_with_what_is_below_them(show: Open, tmp_path: Path) -> None:
    tab = opened(show, journaled(tmp_path, style="full"), "2026-05-06")
    choose(tab, "2026-05-04")
    becomes(lambda: told(tab), "Marked: 1 new, 1 changed since 4 May 2026.")
    heads = ["2026-05-03", "2025-05-02"]
    assert [text for text in past(tab) if text in heads] == heads
    assert tab.locator(".past").count() == 5, "two lists, and the words behind the last"
    assert not tab.locator(".past:is(details, section), .past details").count()


def test_what_is_new_since_the_last_visit_is_marked(show: Open, tmp_path: Path) -> None:
    address = journaled(tmp_path, "2026-05-03", "2025-05-02")
    tab = opened(show, address, "2026-05-03")
    assert not last_visit(tab).is_visible(), "it is the first"
    tab.reload()
    assert not last_visit(tab).is_visible(), "a visit is a day"
    journaled(tmp_path)
    visit(tab, "2026-05-06")
    assert told(tab) == "Marked: 1 new, 1 changed since your last visit."
    assert (marks(tab), past(tab)) == (LATER, ["3 May: Rew", "2 May 2025"])
    tab.reload()
    assert marks(tab) == LATER
    last_visit(tab).click()
    becomes(lambda: (told(tab), marks(tab), past(tab)), ("", {}, []))
    assert last_visit(tab).get_attribute("aria-pressed") == "false"
    visit(tab, "2026-05-07")
    assert (told(tab), marks(tab), past(tab)) == ("", {}, []), "all of that was there"
    last_visit(tab).click()
    becomes(lambda: told(tab), "Nothing is new since your last visit.")


def test_a_day_that_got_more_lines_is_new_again(show: Open, tmp_path: Path) -> None:
    tab = opened(show, journaled(tmp_path, "2026-05-03"), "2026-05-03")
    journaled(tmp_path, "2026-05-03", more="\n- Reworded [[two]]")
    visit(tab, "2026-05-06")
    assert told(tab) == "Marked: 3 changed since your last visit."
    visit(tab, "2026-05-07")
    assert (told(tab), marks(tab)) == ("", {})


def test_days_that_were_published_late_are_new(show: Open, tmp_path: Path) -> None:
    tab = opened(show, journaled(tmp_path, "2026-05-03", "2025-05-02"), "2026-05-05")
    journaled(tmp_path, "2026-05-04", "2026-05-03", "2025-05-02")
    visit(tab, "2026-05-07")
    assert marks(tab) == LATER


def test_a_chosen_day_and_the_last_visit_replace_each_other(show: Open, tmp_path: Path) -> None:
    tab = opened(show, journaled(tmp_path, "2026-05-03"), "2026-05-04")
    journaled(tmp_path)
    visit(tab, "2026-05-06")
    assert last_visit(tab).get_attribute("aria-pressed") == "true"
    choose(tab, "2026-05-03")
    becomes(lambda: last_visit(tab).get_attribute("aria-pressed"), "false")
    tab.get_by_label("New since").press("Enter")
    tab.get_by_label("New since").press("Tab")
    last_visit(tab).press("Space")
    becomes(lambda: told(tab), "Marked: 1 new, 1 changed since your last visit.")
    assert tab.get_by_label("New since").input_value() == ""


@pytest.mark.parametrize(
    ("zone", "today"), [("Pacific/Kiritimati", "2026-05-04"), ("Pacific/Pago_Pago", "2026-05-02")]
)
def test_a_visit_is_a_day_of_the_reader(show: Open, tmp_path: Path, zone: str, today: str) -> None:
    tab = opened(show, journaled(tmp_path, "2026-05-03"), "2026-05-01", timezone_id=zone)
    tab.clock.set_fixed_time("2026-05-03T10:30Z")
    tab.reload()
    assert json.loads(visits(tab)[0])["day"] == today
    choose(tab, "2026-05-03")
    becomes(lambda: told(tab), "Marked: 2 changed since 3 May 2026.")
    journaled(tmp_path)
    visit(tab, "2026-05-08")
    assert marks(tab) == LATER


def visits(tab: Tab) -> list[str]:
    return [value for name, value in stored(tab).items() if name.startswith("visit ")]


def stored(tab: Tab) -> dict[str, str]:
    return dict(tab.evaluate("Object.entries(localStorage)"))


def test_only_the_browser_knows_of_it(show: Open, tmp_path: Path) -> None:
    address = journaled(tmp_path)
    tab = opened(show, address, "2026-05-06")
    requests: list[str] = []
    tab.on("request", lambda request: requests.append(request.url))
    choose(tab, "2026-05-03")
    becomes(lambda: marks(tab), STATES)
    visit(tab, "2026-05-07")
    last_visit(tab).click()
    becomes(lambda: told(tab), "Nothing is new since your last visit.")
    assert [url for url in requests if not url.startswith("data:")] == [address.as_uri()]
    assert tab.context.cookies() == []
    assert stored(tab).keys() == {"theme", f"visit {tab.evaluate('location.pathname')}"}
    other = address.rename(tmp_path / "other.html")
    visit(tab, "2026-05-08", other)
    assert not last_visit(tab).is_visible(), "another page has visits of its own"


def test_without_storage_a_day_can_be_chosen(show: Open, tmp_path: Path) -> None:
    journaled(tmp_path)
    frame = tmp_path / "frame.html"
    frame.write_text('<iframe src="page.html" sandbox="allow-scripts"></iframe>')
    tab = show(frame).frame_locator("iframe")
    choose(tab, "2026-05-03")
    becomes(lambda: told(tab), "Marked: 1 new, 3 changed since 3 May 2026.")
    assert marks(tab) == STATES
    assert not last_visit(tab).is_visible()


def test_whatever_is_stored_the_page_works(show: Open, tmp_path: Path) -> None:
    tab = opened(show, journaled(tmp_path), "2026-05-06")
    for value in ("", "[]", "null", "7", '"x"', "{", '{"day": 1}', '{"newest": {}}'):
        tab.evaluate("value => localStorage.setItem(`visit ${location.pathname}`, value)", value)
        tab.reload()
        choose(tab, "2026-05-04")
        becomes(lambda: marks(tab), LATER)


def test_marks_are_not_searched_and_the_control_goes_with_the_changelog(
    show: Open, tmp_path: Path
) -> None:
    tab = opened(show, journaled(tmp_path, "2026-05-03"), "2026-05-04")
    journaled(tmp_path)
    visit(tab, "2026-05-06")
    becomes(lambda: len(marks(tab)), 2)
    tab.get_by_label("Find a note").fill("changed")
    becomes(lambda: tab.locator(".find-count").inner_text(), "Nothing matches. Esc clears.")
    assert not tab.locator(".since").is_visible()
    tab.keyboard.press("Escape")
    becomes(tab.locator(".since").is_visible)
    assert len(marks(tab)) == 2


def test_on_paper_and_without_scripts_the_page_is_as_it_was(show: Open, tmp_path: Path) -> None:
    tab = opened(show, journaled(tmp_path), "2026-05-06")
    choose(tab, "2026-05-03")
    becomes(lambda: len(past(tab)), 1)
    tab.emulate_media(media="print")
    assert not tab.locator(".since").is_visible()
    assert not tab.locator(".badge").first.is_visible()
    colour = "one => getComputedStyle(one).color"
    assert tab.locator(".past").evaluate(colour) == "rgb(0, 0, 0)"
    bare = show(tmp_path / "page.html", java_script_enabled=False)
    assert not bare.locator(".since").is_visible()
    assert bare.locator("#changelog-2026-05-04").is_visible()


def test_a_page_without_a_changelog_has_no_control(show: Open, tmp_path: Path) -> None:
    bare = written(tmp_path, "bare", FILES, SETTINGS)
    tab = opened(show, bare, "2026-05-06")
    assert not tab.locator(".since").is_visible()
    assert stored(tab).keys() == {"theme"}


def test_a_link_to_a_day_lands(show: Open, tmp_path: Path) -> None:
    tab = show(journaled(tmp_path), "#changelog-2025-05-02", viewport={"width": 390, "height": 400})
    box = tab.locator("#changelog-2025-05-02").bounding_box()
    assert box
    assert 0 <= box["y"] < 400

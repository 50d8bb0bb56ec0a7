"""What a reader does with the page, in a real browser."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator
from playwright.sync_api import Page as Tab
from tests.blocks.sample import note
from tests.publish.browser import becomes, in_view
from tests.publish.conftest import Open
from tests.publish.vaults import FILES, SETTINGS, Posts, written

# The groups of the map, as a list.
TOPICS = "main > div > details:has(> summary .key)"


def paper(tab: Tab) -> str:
    return str(tab.evaluate("getComputedStyle(document.body).backgroundColor"))


def text_after_reload(tab: Tab, button: Locator) -> str:
    """Return what a button shows in a new document: a browser may store a choice a moment late."""
    tab.reload()
    return button.inner_text()


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_theme_is_the_systems_or_the_readers(posts: Posts, show: Open, system: str) -> None:
    tab = show(posts.small, use="", color_scheme=system)
    papers = {"light": "rgb(253, 252, 249)", "dark": "rgb(23, 25, 28)"}
    becomes(lambda: paper(tab), papers[system])
    button = tab.get_by_role("button", name="Theme")
    for theme in ("light", "dark"):
        button.click()
        becomes(button.inner_text, f"Theme: {theme}")
        becomes(lambda: paper(tab), papers[theme])
        becomes(lambda: text_after_reload(tab, button), f"Theme: {theme}")
        becomes(lambda: paper(tab), papers[theme])
    button.click()
    becomes(lambda: paper(tab), papers[system])


def test_on_paper_all_is_open_and_nothing_is_there_that_needs_a_screen(
    posts: Posts, show: Open
) -> None:
    tab = show(posts.own, color_scheme="dark")
    tab.emulate_media(media="print")
    becomes(lambda: paper(tab), "rgb(255, 255, 255)")
    folded = tab.locator("main dd:not(.history) > ul").all()[:5]
    assert len(folded) == 5
    assert all(one.is_visible() for one in folded)
    for screen in (".find", ".theme", ".page-toc", ".skip"):
        assert not tab.locator(screen).is_visible()
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    becomes(lambda: tab.locator("main details:not([open])").count(), 0)
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    becomes(lambda: tab.locator("main details[open]").count(), 0)
    assert len(tab.pdf()) > 50_000


def test_tab_goes_through_all_of_it_in_order_and_is_seen(posts: Posts, show: Open) -> None:
    tab = show(posts.small, viewport={"width": 1440, "height": 900})
    describe = """() => {
      const at = document.activeElement
      const chip = at.closest('.chip')
      const style = getComputedStyle(chip ?? at)
      return [at.textContent.trim() || at.name, style.outlineStyle, parseFloat(style.outlineWidth)]
    }"""
    order = []
    for _ in range(12):
        tab.keyboard.press("Tab")
        name, style, width = tab.evaluate(describe)
        assert (style, width) == ("solid", 2), name
        order.append(name)
    assert order[:7] == [
        "Skip to the text",
        "Theme: system",
        "Contents",
        "Listed",
        "2 in Listed",
        "Headed",
        "1 in Headed",
    ]
    while order[-1] != "q":
        tab.keyboard.press("Tab")
        order.append(tab.evaluate(describe)[0])
    assert order.count("Rows") == 1


def test_the_first_key_skips_to_the_text(posts: Posts, show: Open) -> None:
    tab = show(posts.small)
    tab.keyboard.press("Tab")
    skip = tab.get_by_role("link", name="Skip to the text")
    becomes(lambda: skip.evaluate("link => getComputedStyle(link).clipPath"), "none")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    becomes(lambda: tab.evaluate("document.activeElement.closest('main') !== null"))


def test_it_is_read_without_scripts(posts: Posts, show: Open) -> None:
    tab = show(posts.own, "#grokking", java_script_enabled=False)
    for element in (".find", ".theme"):
        assert not tab.locator(element).is_visible()
    becomes(lambda: tab.locator("#grokking").is_visible())
    details = tab.locator("#grokking > details")
    details.locator("summary").click()
    becomes(details.locator("ul").first.is_visible)


def test_the_map_leads_to_notes_and_shows_what_is_related(posts: Posts, show: Open) -> None:
    tab = show(posts.own, viewport={"width": 1440, "height": 900})
    at = tab.locator("figure.map svg a[href='#grokking']")
    at.hover()
    addresses = "all => all.map(a => a.getAttribute('href'))"
    related = "#grokking > details dt:text-is('Related') + dd li > a:first-child"
    named = {"#grokking", *tab.locator(related).evaluate_all(addresses)}
    lit = tab.locator("figure.map a.lit")
    becomes(lambda: {*lit.evaluate_all(addresses)}, named)
    assert tab.locator("figure.map path.lit").count() == len(named) - 1 > 0
    at.click()
    becomes(lambda: in_view(tab, "grokking"))
    drawn = tab.locator("figure.map svg a").evaluate_all(addresses)
    listed = tab.locator(f"{TOPICS} li > a:first-child").evaluate_all(addresses)
    assert len(listed) > 1
    assert set(listed) == set(drawn)


def test_on_a_phone_the_map_is_its_list(posts: Posts, show: Open) -> None:
    tab = show(posts.own, viewport={"width": 390, "height": 664})
    becomes(lambda: tab.locator("figure.map").is_visible(), wanted=False)
    topic = tab.locator(TOPICS).first
    note = topic.locator("li > a").first
    becomes(note.is_visible, wanted=False)
    topic.locator("summary").click()
    becomes(note.is_visible)
    name = str(note.get_attribute("href")).removeprefix("#")
    note.click()
    becomes(lambda: in_view(tab, name))


def test_nothing_is_wider_than_the_screen_and_buttons_can_be_hit(posts: Posts, show: Open) -> None:
    tab = show(posts.own, "?q=model")
    tab.locator(".find-more").click()
    boxes = """all => all.map(one => one.getBoundingClientRect())
      .map(({ width, height }) => Math.min(width, height))"""
    for width in (320, 390, 820, 1440):
        tab.set_viewport_size({"width": width, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        targets = tab.locator("button:visible, .chip:visible, input[type=search]")
        assert min(targets.evaluate_all(boxes)) >= 28, width


def test_a_thousand_notes_stay_fluid(show: Open, tmp_path: Path) -> None:
    words = "some words that a claim may have, more or less, and a few more of them"
    files = {"Post.md": FILES["Post.md"]}
    for number in range(1000):
        body = f"Claim {number}: {words}.\n\nCaveat: it depends on {number % 37}.\n\n"
        related = f"## Related\n\n- [[n{(number * 7) % 1000}]]: {words}\n"
        tags = f"[t{number % 20}]"
        files[f"Claims/n{number}.md"] = note(
            body + related, title=f"Title {number}", status="x", area="list", tags=tags
        )
    tab = show(written(tmp_path, "large", files, SETTINGS))
    typed = """async word => {
      const search = document.querySelector('input[type=search]'), times = []
      for (let at = 1; at <= word.length; at++) {
        const start = performance.now()
        search.value = word.slice(0, at)
        search.dispatchEvent(new Event('input', { bubbles: true }))
        await new Promise(requestAnimationFrame)
        document.body.offsetHeight
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)))
        times.push(performance.now() - start)
      }
      return times
    }"""
    started = time.monotonic()
    times = sorted(tab.evaluate(typed, "claim 99: some"))
    assert re.fullmatch(r"\d+ of 1000", tab.locator(".find-count").inner_text())
    assert times[len(times) // 2] < 300, times
    assert time.monotonic() - started < 15

"""What a reader does with the page, in a real browser."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page as Tab
from tests.blocks.sample import note
from tests.publish.browser import becomes
from tests.publish.conftest import Open
from tests.publish.vaults import FILES, SETTINGS, Posts, written

ALL = ["li", "two", "sec", "tr", "gone"]


def listed(tab: Tab) -> list[str]:
    """Return the notes of the small post that are to be seen, the folded ones among them."""
    places = {"tr": "tr:has(#tr)"}
    shown = "element => !element.closest('[hidden]')"
    found = (tab.locator(places.get(name, f"#{name}")) for name in ALL)
    return [name for name, place in zip(ALL, found, strict=True) if place.evaluate(shown)]


def count(tab: Tab) -> str:
    return tab.locator(".find-count").inner_text()


def find(tab: Tab, words: str) -> list[str]:
    """Type into the search and return the notes that are left."""
    tab.get_by_label("Find a note").fill(words)
    # The page writes its address when all else is done.
    becomes(lambda: query(tab).get("q", []), [words] if words.strip() else [])
    return listed(tab)


def address(tab: Tab) -> str:
    """Return the address as the page has it now; `tab.url` is that of the last event."""
    return str(tab.evaluate("location.href"))


def query(tab: Tab) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address(tab)).query)


def in_view(tab: Tab, name: str) -> bool:
    box = tab.locator(f"#{name}").bounding_box()
    size = tab.viewport_size
    return bool(box and size and 0 <= box["y"] < size["height"])


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Headed claim", ["sec"]),
        ("first claim", ["li"]),
        ("CLÂIM ALL", ["li"]),
        ("depends", ["li"]),
        ("old nam", ["li"]),
        ("blue", ["li", "tr"]),
        ("link to this", []),
        ("row", ["tr"]),
        ("gone", ["gone"]),
        ("Headed", ["sec"]),
        ("nothing at all", []),
        ("words before", []),
        ("   ", ALL),
    ],
)
def test_search_as_you_type(posts: Posts, show: Open, words: str, names: list[str]) -> None:
    tab = show(posts.small)
    assert find(tab, words) == names
    told = f"{len(names)} of 5" if names else "Nothing matches. Esc clears."
    becomes(lambda: count(tab), told if words.strip() else "")


def test_headings_and_words_without_a_match_go_and_come_back(posts: Posts, show: Open) -> None:
    tab = show(posts.small)
    find(tab, "row")
    shown = [heading for heading in tab.locator("main > h2").all() if heading.is_visible()]
    assert [heading.inner_text() for heading in shown] == ["Rows"]
    becomes(lambda: not tab.get_by_text("Words before").is_visible())
    tab.keyboard.press("Escape")
    becomes(lambda: listed(tab), ALL)
    becomes(lambda: tab.get_by_text("Words before").is_visible())
    becomes(lambda: all(heading.is_visible() for heading in tab.locator("main > h2").all()))
    assert find(tab, "headed claim") == ["sec"]
    shown = [heading for heading in tab.locator("main :is(h2, h3)").all() if heading.is_visible()]
    assert [heading.inner_text() for heading in shown] == ["Headed", "Headed claim ○"]


def test_matches_are_marked_and_what_hides_them_is_opened(posts: Posts, show: Open) -> None:
    tab = show(posts.small)
    marks = "() => [...(CSS.highlights.get('found') ?? [])].map(range => range.toString())"
    find(tab, "first")
    becomes(lambda: tab.evaluate(marks), ["first"])
    becomes(lambda: not tab.locator("#li > details").evaluate("details => details.open"))
    find(tab, "depends")
    becomes(lambda: tab.evaluate(marks), ["depends"])
    becomes(lambda: tab.locator("#li > details").evaluate("details => details.open"))
    find(tab, "is gone")
    becomes(lambda: tab.locator("#gone").is_visible())
    tab.get_by_role("button", name="Clear").click()
    becomes(lambda: tab.evaluate(marks), [])
    becomes(lambda: tab.locator("main details[open]").count(), 0)
    becomes(
        lambda: tab.get_by_label("Find a note").evaluate(
            "input => input === document.activeElement"
        )
    )


def test_keys(posts: Posts, show: Open) -> None:
    tab = show(posts.small)
    tab.keyboard.press("/")
    tab.keyboard.type("a/b")
    becomes(lambda: tab.get_by_label("Find a note").input_value(), "a/b")
    becomes(lambda: count(tab).startswith("Nothing matches"))
    tab.keyboard.press("Enter")
    tab.keyboard.press("Escape")
    becomes(lambda: tab.get_by_label("Find a note").input_value(), "")
    becomes(lambda: listed(tab), ALL)


def test_filters_of_one_property_add_up_and_those_of_two_narrow(posts: Posts, show: Open) -> None:
    tab = show(posts.small)
    becomes(lambda: not tab.get_by_role("group", name="Tags").is_visible())
    tab.get_by_role("button", name="Filter").click()
    tags, areas = tab.get_by_role("group", name="Tags"), tab.get_by_role("group", name="Area")
    tags.get_by_text("blue").click()
    becomes(lambda: (listed(tab), count(tab)), (["li", "tr"], "2 of 5"))
    tags.get_by_text("red").click()
    becomes(lambda: listed(tab), ["li", "two", "tr"])
    areas.get_by_text("list").click()
    becomes(lambda: listed(tab), ["li", "two"])
    assert find(tab, "second") == ["two"]
    becomes(lambda: query(tab), {"q": ["second"], "area": ["list"], "tags": ["blue", "red"]})
    tab.get_by_role("group", name="Checked").get_by_text("yes").click()
    becomes(lambda: listed(tab), [])
    tab.keyboard.press("Escape")
    becomes(lambda: (listed(tab), query(tab)), (ALL, {}))


def test_a_shared_link_shows_the_same(posts: Posts, show: Open) -> None:
    tab = show(posts.small, "?q=cl%C3%A2im&tags=blue&tags=red&other=x&area=nowhere#listed")
    becomes(lambda: (listed(tab), count(tab)), (["li", "tr"], "2 of 5"))
    becomes(lambda: tab.get_by_label("Find a note").input_value(), "clâim")
    becomes(lambda: tab.get_by_role("group", name="Tags").get_by_label("blue").is_checked())
    becomes(lambda: address(tab).endswith("?q=cl%C3%A2im&tags=blue&tags=red#listed"))


def test_following_a_link_to_what_a_filter_hides_lifts_it(posts: Posts, show: Open) -> None:
    tab = show(posts.small)
    find(tab, "first")
    tab.evaluate("location.hash = 'two'")
    tab.wait_for_function("!document.querySelector('#two').hidden")
    becomes(lambda: (listed(tab), query(tab)), (ALL, {}))
    becomes(lambda: address(tab).endswith("#two"))
    tab = show(posts.small, "?q=first#tr")
    becomes(lambda: listed(tab), ALL)
    tab = show(posts.small, "?q=first#li")
    becomes(lambda: listed(tab), ["li"])


@pytest.mark.parametrize("name", ["li", "old-name", "gone", "sec", "tr", "rows"])
@pytest.mark.parametrize("width", [390, 1440])
def test_links_land_and_what_is_folded_opens(
    posts: Posts, show: Open, name: str, width: int
) -> None:
    tab = show(posts.small, f"#{name}", viewport={"width": width, "height": 400})
    becomes(lambda: in_view(tab, name))
    assert tab.locator(f"#{name}").evaluate("""element => {
      const box = element.getBoundingClientRect()
      const over = document.elementFromPoint(box.x + 5, box.y + 5)
      return over === null || !over.closest('form')
    }"""), "the search covers it"
    own = tab.locator("#li > details")
    becomes(lambda: own.evaluate("details => details.open"), name in {"li", "old-name"})
    if name == "gone":
        becomes(lambda: tab.locator("#gone").is_visible())


def test_a_link_opens_what_it_leads_to_however_often_it_is_followed(
    posts: Posts, show: Open
) -> None:
    tab = show(posts.small, "#li")
    details = tab.locator("#li > details")
    for _ in range(2):
        details.locator("summary").click()
        becomes(lambda: not details.evaluate("details => details.open"))
        tab.evaluate("document.querySelector('#li a[href=\"#li\"]').click()")
        becomes(lambda: details.evaluate("details => details.open"))


def test_an_address_that_is_no_text_harms_nothing(posts: Posts, show: Open) -> None:
    tab = show(posts.small, "#%E0%A4%A")
    assert find(tab, "row") == ["tr"]


def paper(tab: Tab) -> str:
    return str(tab.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("system", ["light", "dark"])
def test_the_theme_is_the_systems_or_the_readers(posts: Posts, show: Open, system: str) -> None:
    tab = show(posts.small, color_scheme=system)
    papers = {"light": "rgb(253, 252, 249)", "dark": "rgb(23, 25, 28)"}
    becomes(lambda: paper(tab), papers[system])
    button = tab.get_by_role("button", name="Theme")
    for theme in ("light", "dark"):
        button.click()
        becomes(button.inner_text, f"Theme: {theme}")
        becomes(lambda: paper(tab), papers[theme])
        tab.reload()
        becomes(lambda: paper(tab), papers[theme])
    button.click()
    becomes(lambda: paper(tab), papers[system])


def test_on_paper_all_is_open_and_nothing_is_there_that_needs_a_screen(
    posts: Posts, show: Open
) -> None:
    tab = show(posts.own, color_scheme="dark")
    tab.emulate_media(media="print")
    becomes(lambda: paper(tab), "rgb(255, 255, 255)")
    folded = tab.locator("main dd > ul").all()[:5]
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
    lit = tab.locator("#grokking > details li > a[href^='#']").count()
    becomes(lambda: tab.locator("figure.map path.lit").count(), lit)
    assert 1 <= lit < tab.locator("figure.map path").count()
    at.click()
    becomes(lambda: in_view(tab, "grokking"))
    names = tab.locator("details:has(> summary:text('The map as a list')) a")
    drawn = tab.locator("figure.map svg a").evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    assert names.count() > 1
    assert set(names.evaluate_all("all => all.map(a => a.hash)")) <= set(drawn)


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_nothing_is_wider_than_the_screen_and_buttons_can_be_hit(
    posts: Posts, show: Open, width: int
) -> None:
    tab = show(posts.own, "?q=model", viewport={"width": width, "height": 800})
    tab.locator(".find-more").click()
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    for target in tab.locator("button:visible, .chip:visible, input[type=search]").all():
        box = target.bounding_box()
        assert box
        assert box["height"] >= 28
        assert box["width"] >= 28


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
    assert re.fullmatch(r"\d+ of 1000", count(tab))
    assert times[len(times) // 2] < 300, times
    assert time.monotonic() - started < 15

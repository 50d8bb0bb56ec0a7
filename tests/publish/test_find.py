"""Search, filters and anchors of the page; what may differ between browsers, in each."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page as Tab
from tests.blocks.sample import TOML, block, note
from tests.publish.browser import becomes, in_view
from tests.publish.conftest import Open
from tests.publish.vaults import Posts, written

# Engines fold letters, mark ranges, move the focus, open `details` and follow fragments each in
# their own way; what a filter leaves and how matches rank is the same script's work in both.
FIREFOX = pytest.param("firefox", marks=pytest.mark.long)
in_each_browser = pytest.mark.parametrize("engine", ["chromium", FIREFOX])
ALL = ["li", "two", "sec", "tr", "gone"]
SOURCE = (
    "\n\n## Sources\n\n"
    "- original: [A paper](https://arxiv.org/abs/2406.11717v2), Raventós 2024; ICLR 2024\n"
)
NAMED = {
    "superposition": note(
        "Networks hold more features than dimensions.\n\nCaveat: when features are rare." + SOURCE,
        title="Many features share few neurons",
        handle="superposition",
        aliases="[polysemantic neurons]",
        status="x",
        area="inside",
    ),
    "features": note(
        "They show the model's behaviour.\n\n## Related\n\n- [[superposition]]: rarely alone\n",
        title="Rare features matter",
        status="x",
        area="inside",
    ),
    "recitation": note(
        "Models memorise what they see often, and RLHF is modelled on it.",
        title="Text seen often is recited",
        handle="memorization",
        status="x",
        area="outside",
    ),
    "shots": note(
        "In-context learning needs no change of weights; human feedback does.",
        title="Examples in the prompt teach",
        handle="few-shot learning",
        status="x",
        area="outside",
    ),
    "rare": note("One in a thousand.", title="Rare", status="x", area="outside", tags="[rarely]"),
}
NAMED_SETTINGS = (
    TOML.replace("[types.claim]", '[types.claim]\nhandle = "handle"')
    + """
[publish]
filters = ["area", "tags"]
permalinks = ["aliases"]

[publish.abbreviations]
ICL = "in-context learning"
RLHF = "reinforcement learning from human feedback"
"""
)


@pytest.fixture(scope="session")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish notes with familiar names."""
    files = {"Post.md": "# Named\n\n" + block('notes order="title"')}
    files |= {f"Claims/{name}.md": text for name, text in NAMED.items()}
    return written(tmp_path_factory.mktemp("named"), "named", files, NAMED_SETTINGS)


def listed(tab: Tab) -> list[str]:
    """Return the notes of the small post that are to be seen, the folded ones among them."""
    shown = "names => names.filter(name => !document.getElementById(name).closest('[hidden]'))"
    return list(tab.evaluate(shown, ALL))


def count(tab: Tab) -> str:
    return tab.locator(".find-count").inner_text()


def find(tab: Tab, words: str) -> None:
    """Type into the search."""
    tab.get_by_label("Find a note").fill(words)
    # The page writes its address when all else is done.
    becomes(lambda: query(tab).get("q", []), [words.strip()] if words.strip() else [])


def best(tab: Tab) -> list[tuple[str, str]]:
    """Return the names of the best matches, each with where it was found."""
    found = tab.locator(".find-best li").evaluate_all(
        "all => all.map(item => [...item.children].map(part => part.textContent))"
    )
    return [(name, why) for name, why in found]


def address(tab: Tab) -> str:
    """Return the address as the page has it now; `tab.url` is that of the last event."""
    return str(tab.evaluate("location.href"))


def query(tab: Tab) -> dict[str, list[str]]:
    return parse_qs(urlsplit(address(tab)).query)


def focused(tab: Tab) -> str:
    return str(tab.evaluate("document.activeElement.name || document.activeElement.textContent"))


@in_each_browser
def test_search_as_you_type(posts: Posts, show: Open) -> None:
    tab = show(posts.small)
    for words, names in {
        "Headed claim": ["sec"],
        "first claim": ["li"],
        "CLÂIM ALL": ["li"],
        "depends": ["li"],
        "old nam": ["li"],
        "blue": ["li", "tr"],
        "a small post": [],
        "row": ["tr"],
        "gone": ["gone"],
        "Headed": ["sec"],
        "nothing at all": [],
        "words before": [],
        "   ": ALL,
        "-": ALL,
    }.items():
        find(tab, words)
        assert listed(tab) == names, words
        told = f"{len(names)} of 5" if names else "Nothing matches. Esc clears."
        assert count(tab) == (told if words.strip() else ""), words


BY_WORDS = {
    # A half-remembered name, the title or an alias.
    "superpos": [("superposition", "")],
    "share neurons": [("superposition", "Many features share few neurons")],
    "polysemantic": [("superposition", "polysemantic neurons")],
    # The work behind it, at any address, and its author.
    "2406.11717": [("superposition", "sources")],
    "https://www.arxiv.org/pdf/2406.11717v1.pdf": [("superposition", "sources")],
    "arXiv:2406.117": [("superposition", "sources")],
    "raventos": [("superposition", "claim")],
    "paper": [("superposition", "sources")],
    "2406.11718": [],
    # What is short for what.
    "ICL": [("few-shot learning", "claim")],
    "in context learning": [("few-shot learning", "claim")],
    "reinforcement": [("memorization", "claim")],
    "human feedback": [("memorization", "claim"), ("few-shot learning", "claim")],
    # Both spellings.
    "memorisation": [("memorization", "")],
    "memorizing memorize": [],
    "memorize": [("memorization", "claim")],
    "behavior": [("Rare features matter", "claim")],
    "modeled": [("memorization", "claim")],
    "neuron": [("superposition", "Many features share few neurons")],
    # One letter missing, too many, another or swapped; only of words that are otherwise nowhere.
    "supeposition": [("superposition", "")],
    "superpossition": [("superposition", "")],
    "suberposition": [("superposition", "")],
    "suprepos": [("superposition", "")],
    "ruse": [],
    "mor": [("memorization", ""), ("superposition", "claim")],
    # By where it is found: title, alias, claim, what is folded, tags; the whole word first.
    "features": [
        ("Rare features matter", ""),
        ("superposition", "Many features share few neurons"),
    ],
    "rare": [("Rare", ""), ("Rare features matter", ""), ("superposition", "caveat")],
    "rarely": [("Rare features matter", "related"), ("superposition", "related"), ("Rare", "tags")],
}


def test_the_best_matches_come_first_with_where_they_are(named: Path, show: Open) -> None:
    tab = show(named)
    for words, expected in BY_WORDS.items():
        find(tab, words)
        assert best(tab) == expected, words


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
    find(tab, "headed claim")
    assert listed(tab) == ["sec"]
    shown = [heading for heading in tab.locator("main :is(h2, h3)").all() if heading.is_visible()]
    assert [heading.inner_text() for heading in shown] == ["Headed", "Headed claim ○"]


@in_each_browser
def test_matches_are_marked_and_what_hides_them_is_opened(posts: Posts, show: Open) -> None:
    tab = show(posts.small)
    marks = "() => [...(CSS.highlights.get('found') ?? [])].map(range => range.toString())"
    find(tab, "firs")
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
    becomes(lambda: focused(tab), "q")


def test_keys(posts: Posts, show: Open) -> None:
    tab = show(posts.small)
    tab.keyboard.press("/")
    tab.keyboard.type("x/zz")
    becomes(lambda: tab.get_by_label("Find a note").input_value(), "x/zz")
    becomes(lambda: count(tab).startswith("Nothing matches"))
    tab.keyboard.press("Enter")
    tab.keyboard.press("Escape")
    becomes(lambda: tab.get_by_label("Find a note").input_value(), "")
    becomes(lambda: (listed(tab), best(tab)), (ALL, []))


@in_each_browser
def test_arrows_go_through_the_best_and_enter_goes_there(posts: Posts, show: Open) -> None:
    tab = show(posts.small)
    tab.keyboard.press("/")
    tab.keyboard.type("blue")
    becomes(lambda: best(tab), [("Row claim", "tags"), ("Listed claim", "tags")])
    for key, place in {
        "ArrowUp": "q",
        "ArrowDown": "Row claim",
        "Home": "Row claim",
        "Tab": "Listed claim",
    }.items():
        tab.keyboard.press(key)
        becomes(lambda: focused(tab), place)
    tab.keyboard.press("ArrowDown")
    becomes(lambda: focused(tab), "Listed claim")
    tab.keyboard.press("Enter")
    becomes(lambda: (address(tab).endswith("#li"), in_view(tab, "li")), (True, True))
    tab.keyboard.press("/")
    tab.keyboard.press("Enter")
    becomes(lambda: address(tab).endswith("?q=blue#tr"))
    assert listed(tab) == ["li", "tr"]
    tab.keyboard.press("/")
    tab.keyboard.press("ArrowDown")
    # The first may close the preview of the note.
    tab.keyboard.press("Escape")
    tab.keyboard.press("Escape")
    becomes(lambda: (focused(tab), listed(tab)), ("q", ALL))


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
    find(tab, "second")
    assert listed(tab) == ["two"]
    becomes(lambda: query(tab), {"q": ["second"], "area": ["list"], "tags": ["blue", "red"]})
    tab.get_by_role("group", name="Checked").get_by_text("yes").click()
    becomes(lambda: listed(tab), [])
    tab.keyboard.press("Escape")
    becomes(lambda: (listed(tab), query(tab)), (ALL, {}))


def test_filters_count_what_they_would_leave(posts: Posts, show: Open) -> None:
    tab = show(posts.small)

    def counts() -> dict[str, int]:
        found = tab.locator(".chip").evaluate_all(
            "all => all.map(chip => [chip.control.value, chip.querySelector('small').textContent])"
        )
        return {value: int(number) for value, number in found}

    everything = {"list": 3, "sections": 1, "table": 1, "red": 2, "blue": 2, "no": 4, "yes": 1}
    assert counts() == everything
    tab.get_by_role("button", name="Filter").click()
    tab.get_by_role("group", name="Tags").get_by_text("blue").click()
    chosen = {"list": 1, "sections": 0, "table": 1, "red": 2, "blue": 2, "no": 1, "yes": 1}
    becomes(counts, chosen)
    find(tab, "claim")
    assert counts() == {**chosen, "red": 1}
    becomes(lambda: tab.locator(".chip.none").count(), 1)
    tab.keyboard.press("Escape")
    becomes(counts, everything)


@in_each_browser
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


@pytest.mark.parametrize(
    ("engine", "width"),
    [
        ("chromium", 390),
        pytest.param("chromium", 1440, marks=pytest.mark.long),
        pytest.param("firefox", 390, marks=pytest.mark.long),
    ],
)
def test_links_land_and_what_is_folded_opens(posts: Posts, show: Open, width: int) -> None:
    tab = show(posts.small, viewport={"width": width, "height": 400})
    own = tab.locator("#li > details")
    for name in ("li", "old-name", "gone", "sec", "tr", "rows"):
        tab.goto("about:blank")
        tab.goto(f"{posts.small.as_uri()}#{name}")
        becomes(partial(in_view, tab, name))
        assert tab.locator(f"#{name}").evaluate("""element => {
          const box = element.getBoundingClientRect()
          const over = document.elementFromPoint(box.x + 5, box.y + 5)
          return over === null || !over.closest('form')
        }"""), f"the search covers {name}"
        becomes(lambda: own.evaluate("details => details.open"), name in {"li", "old-name"})
        becomes(lambda: tab.locator("#gone").is_visible(), name == "gone")


@in_each_browser
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
    find(tab, "row")
    assert listed(tab) == ["tr"]


def test_a_reader_with_a_phone_finds_a_half_remembered_name(named: Path, show: Open) -> None:
    tab = show(named, viewport={"width": 390, "height": 664})
    tab.get_by_label("Find a note").click()
    tab.keyboard.type("polysem")
    match = tab.locator(".find-best").get_by_role("link", name="superposition")
    becomes(match.is_visible)
    match.click()
    becomes(lambda: in_view(tab, "superposition"))
    becomes(lambda: tab.locator("#superposition > details").evaluate("one => one.open"))
    becomes(lambda: tab.locator(".find-best").is_visible(), wanted=False)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390

"""The feed, read by a reader of feeds and held against the rules of RFC 4287."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import feedparser
import pytest
from lxml import etree
from tests.blocks.sample import NOTES, TOML, block, note
from tests.publish.pages import Page, problems, rendered

ATOM = "{http://www.w3.org/2005/Atom}"
SCHEMA = Path(__file__).parents[2] / "data/atom.rng"
PAGE = 'page = "https://example.org/page/"'
ID = 'feed-id = "tag:example.org,2026:claims"'
JOURNAL = """### 2026-02-03

Words of *ours* & <b>more</b> <script>alert(1)</script>.

- Added [[bridges|Bridges need slack]]
- Reworded [[Loose]] ==twice==, $x<y$
- [ ] open
- [bad](javascript:alert(1)) %%SECRET%%

> [!note] Mind
> this

### 2026-01-02

- Initial post \x0b
"""
FILES = {
    **NOTES,
    "Post.md": '---\ntitle: Claims & "more"\n---\n\n' + block("notes"),
    "Loose.md": "Loose.",
    "Changelog.md": block("changelog", JOURNAL.strip()),
}


def feed(files: Mapping[str, str] = FILES, publish: str = ID, toml: str = TOML) -> str:
    text = rendered(files, f"{toml}\n[publish]\n{publish}\n", ["feed"])["feed.xml"].decode()
    schema = etree.RelaxNG(etree.parse(SCHEMA))
    schema.assertValid(etree.fromstring(text.encode()))
    ids = [found.text for found in etree.fromstring(text.encode()).iter(f"{ATOM}id")]
    assert len(ids) == len(set(ids))
    return text


def test_a_reader_finds_an_entry_for_each_day() -> None:
    found = feedparser.parse(feed())
    assert not found.bozo
    assert found.version == "atom10"
    assert found.feed.title == 'Claims & "more"'
    assert found.feed.updated == "2026-02-03T00:00:00Z"
    assert [(entry.id, entry.title, entry.updated) for entry in found.entries] == [
        (
            "tag:example.org,2026:claims#changelog-2026-02-03",
            "Added Bridges need slack; Reworded Loose twice, $x<y$; ☐ open; bad",
            "2026-02-03T00:00:00Z",
        ),
        (
            "tag:example.org,2026:claims#changelog-2026-01-02",
            "Initial post",
            "2026-01-02T00:00:00Z",
        ),
    ]


def content(text: str) -> str:
    found = etree.fromstring(text.encode()).find(f"{ATOM}entry/{ATOM}content")
    assert found is not None
    assert "<p>" not in str(found.text)
    assert "<li>" not in str(found.text)
    return str(found.text).replace(' dir="auto"', "")


def test_what_an_entry_says() -> None:
    shown = content(feed())
    assert "<p>Words of <em>ours</em> &amp; <b>more</b> .</p>" in shown
    claim = "Bridges need <em>slack</em>, says the book."
    assert f"<li>Added Bridges need slack: {claim} (<a href=" in shown
    assert ">Ada et al. 2024</a>; disputed by <a href=" in shown
    assert "<li>Reworded Loose <mark>twice</mark>, $x&lt;y$</li>" in shown
    assert "☐ open" in shown
    assert "<li>bad</li>" in shown
    assert "<blockquote>" in shown
    assert "SECRET" not in shown
    assert "script" not in shown


def titles(*lines: str, files: Mapping[str, str] = FILES) -> list[str]:
    journal = block("changelog", "### 2026-02-03\n\n" + "\n".join(lines))
    found = feedparser.parse(feed({**files, "Changelog.md": journal}))
    return [entry.title for entry in found.entries]


def test_a_title_names_what_happened_by_verb() -> None:
    many = {
        f"Claims/n{number}.md": note(
            "C.", title=f"The *title* {number}", status="x", known=f"N{number}"
        )
        for number in range(4)
    }
    toml = TOML.replace("[types.claim]", '[types.claim]\nhandle = "known"')
    lines = [f"- Added [[n{number}|An old title]]" for number in range(4)]
    lines += [
        "- Reworded [[ropes|Ropes]]",
        "- Reworded [[ropes|Ropes]]: “a” → “b”",
        "- Removed “X”",
    ]
    lines += ["- Linked [[n1]] with [[ropes]] (tension)", "- Linked [[n2]] with [[gone|this]]"]
    journal = block("changelog", "### 2026-02-03\n\n" + "\n".join(lines))
    files = {**FILES, **many, "Changelog.md": journal}
    (entry,) = feedparser.parse(feed(files, toml=toml)).entries
    assert entry.title == (
        "Added N0, N1 and 2 more; reworded Ropes hold; removed “X”; "
        "linked N1 with Ropes hold and N2 with this"
    )
    assert "Added An old title: <strong>N0</strong>: C.</li>" in entry.summary


def test_many_lines_of_a_kind_are_one() -> None:
    many = {
        f"Claims/n{number}.md": note("C.", title=f"Title {number}", status="x")
        for number in range(6)
    }
    lines = [f"- Reworded [[n{number}|Old {number}]] (a hedge changed)" for number in range(6)]
    lines += [f"- Linked [[n{number}]] with [[ropes]]" for number in range(5)]
    lines += [f"- Moved [[n{number}]], area: a → {number}" for number in range(6)]
    lines += [
        "- Moved [[n0]], status: a → b",
        "- Reworded [[n0|Old 0]]",
        "- Mine.",
        "- Linked [[n5]] with [[Loose]]",
    ]
    journal = block("changelog", "### 2026-02-03\n\n" + "\n".join(lines))
    shown = content(feed({**FILES, **many, "Changelog.md": journal}, PAGE))
    plain = re.sub("<[^>]*>", "", shown)
    assert plain.strip().split("\n") == [
        "Reworded " + ", ".join(f"Title {number}" for number in range(6)),
        "Linked "
        + ", ".join(
            f"Title {number} with {'Ropes hold' if number < 5 else 'Loose'}" for number in range(6)
        ),
        "Moved " + ", ".join(f"Title {number}" for number in range(6)) + " (area)",
        "Moved n0, status: a → b",
        "Mine.",
    ]
    assert f'<a href="{PAGE[8:-1]}#n4">Title 4</a> with <a' in shown


def test_a_title_is_short() -> None:
    (long,) = titles("- Words " + "of mine " * 40)
    assert (long[:14], long[-3:], len(long) <= 120) == ("Words of mine ", "ne…", True)
    (cut,) = titles("- Words " + "of mine " * 12, "- Reworded [[ropes]]", "- Retired [[bridges]]")
    assert cut.endswith("of mine of mine; …")
    assert titles("Prose *of*\nmine.\n\nMore.") == ["Prose of mine."]
    assert titles(*(f"- Linked [[ropes]] with [[{name}]]" for name in "abcd")) == [
        "Linked Ropes hold"
    ]
    assert titles("> A quote") == ["A quote"]
    assert titles("- Added [[Loose]]") == ["Added Loose"]
    assert titles("- %%later%%", "", "Prose.") == ["3 Feb 2026"]


def test_a_day_of_which_there_is_nothing_to_read_is_no_entry() -> None:
    assert (
        titles("- Moved [[ropes|Ropes]] from `Old/` to `Claims/`", "- Cannot be read: [[ropes]]")
        == []
    )
    assert titles("- %%later%%") == []
    assert titles("- Moved 3 notes from `A/` to `B/`", "- Retired [[ropes]]") == [
        "Retired Ropes hold"
    ]


def test_no_claim_is_shown_of_a_note_that_the_post_leaves_out() -> None:
    post = block('notes exclude="bridges"')
    shown = content(feed({**FILES, "Post.md": post}))
    assert "<li>Added Bridges need slack</li>" in shown


def test_links_lead_to_the_page() -> None:
    text = feed(publish=PAGE)
    linked = '<a href="https://example.org/page/#{}">{}</a>'
    assert f"Added {linked.format('bridges', 'Bridges need slack')}: Bridges need" in content(text)
    assert f"says {linked.format('ropes', 'the book')}." in content(text)
    assert "<li>Reworded Loose " in content(text)
    links = [dict(found.attrib) for found in etree.fromstring(text.encode()).findall(f"{ATOM}link")]
    assert links == [
        {"href": "https://example.org/page/"},
        {"rel": "self", "href": "https://example.org/page/feed.xml"},
    ]
    assert "<id>https://example.org/page/#changelog-2026-01-02</id>" in text


def entry_links(text: str) -> list[str | None]:
    found = etree.fromstring(text.encode()).iterfind(f"{ATOM}entry/{ATOM}link")
    return [link.get("href") for link in found]


@pytest.mark.parametrize("style", ["short", "full"])
def test_an_entry_leads_to_its_day_on_the_page(style: str) -> None:
    post = FILES["Post.md"] + block(f'changelog style="{style}"')
    settings = f"{TOML}\n[publish]\n{PAGE}\n"
    made = rendered({**FILES, "Post.md": post}, settings, ("html", "feed"))
    places = ["changelog-2026-02-03", "changelog-2026-01-02"]
    links = entry_links(made["feed.xml"].decode())
    assert links == [f"https://example.org/page/#{place}" for place in places]
    assert set(places) <= {*Page(made["post.html"].decode()).all("*", "id")}


def test_an_entry_leads_to_the_page_where_that_shows_no_changelog() -> None:
    assert entry_links(feed(publish=PAGE)) == ["https://example.org/page/"] * 2
    assert entry_links(feed()) == []


def test_titles_are_one_line_without_control_characters() -> None:
    post = FILES["Post.md"].replace('Claims & "more"', r'"One\n\x85line\u202e"')
    assert "<title>One  line </title>" in feed({**FILES, "Post.md": post})


def test_ids_and_times_survive_edits() -> None:
    edited = FILES | {
        "Changelog.md": FILES["Changelog.md"].replace("Initial post", "The first post"),
        "Post.md": FILES["Post.md"].replace("more", "less"),
    }
    both = [feedparser.parse(feed(files)) for files in (FILES, edited)]
    told = [[(entry.id, entry.updated) for entry in found.entries] for found in both]
    assert told[0] == told[1]
    assert both[0].feed.id == both[1].feed.id


def test_the_author_is_named() -> None:
    assert feedparser.parse(feed()).feed.author == 'Claims & "more"'
    named = f'{ID}\nauthor = "Ada"'
    assert feedparser.parse(feed(publish=named)).feed.author == "Ada"
    post = FILES["Post.md"].replace("---\n", "---\nauthor: [Bob, ' ', نور]\n", 1)
    found = feedparser.parse(feed({**FILES, "Post.md": post})).feed.authors
    assert [one.name for one in found] == ["Bob", "نور"]
    assert "<name>Ada" not in feed({**FILES, "Post.md": post}, named)


def test_without_a_day() -> None:
    found = feedparser.parse(feed({"Post.md": "Words."}))
    assert (found.entries, found.feed.updated) == ([], "1970-01-01T00:00:00Z")


def test_without_an_id_it_is_refused() -> None:
    (found,) = problems(FILES, targets=["feed"])
    assert found.startswith("Post.md:0: a feed needs an id that stays: set `publish.page` in")


@pytest.mark.parametrize(
    ("journal", "message"),
    [
        ("### 2026-02-30\n\n- x", "the feed cannot show `2026-02-30`: there is no such day"),
        ("### 2026-02-03\n\n- [[private]]", "the link to `private` shows the file name of a note"),
    ],
)
def test_what_it_cannot_show_is_told_in_its_place(journal: str, message: str) -> None:
    files = {**FILES, "Changelog.md": block("changelog", journal)}
    (found,) = problems(files, f"{TOML}\n[publish]\n{ID}\n", ["feed"])
    assert found.startswith("Changelog.md:")
    assert not found.startswith("Changelog.md:0")
    assert message in found

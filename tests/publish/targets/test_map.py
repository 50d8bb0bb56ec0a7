"""The map: what is on it, where, and that it is the same everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vaultsync.publish.compose.catalogue import Catalogue, Edge, Entry
from vaultsync.publish.targets.map import map_html

FILE = Path(__file__).parents[2] / "data" / "map.html"


def entry(name: str, group: str = "one", title: str = "") -> Entry:
    return Entry(name, title or name, (), {}, group)


SMALL = Catalogue(
    (
        entry("first", title="The <first>"),
        entry("an-old-note-that-is-left-out", ""),
        entry("second", "two"),
        entry("third"),
        entry("fourth", title="A name that is longer than what is shown of it"),
        entry("fifth", "none & other"),
    ),
    (Edge(0, 2, tension=False), Edge(0, 3, tension=False), Edge(2, 3, tension=True)),
    groups=("two", "one", "none & other"),
)


def test_the_drawing(*, update: bool) -> None:
    made = map_html(SMALL)
    if update:
        FILE.write_text(made, "utf-8")
    assert made == FILE.read_text("utf-8")


def test_every_note_of_a_group_is_a_link_with_its_name() -> None:
    made = map_html(SMALL)
    drawn = ["second", "first", "third", "fourth", "fifth"]
    assert re.findall(r'<a href="#([^"]+)" tab', made) == drawn
    assert "<title>A name that is longer than what is shown of it</title>" in made
    assert ">A name that is longer than what is…</text>" in made
    assert ">The &lt;first&gt;</text>" in made
    assert made.count('<path class="tension"') == 1
    assert made.count("<path") == 3


@pytest.mark.parametrize(
    "catalogue",
    [
        Catalogue(),
        Catalogue((entry("a"), entry("b")), groups=("one",)),
        Catalogue((entry("a"), entry("b", "")), (Edge(0, 1, tension=True),), groups=("one",)),
    ],
)
def test_without_related_notes_there_is_no_map(catalogue: Catalogue) -> None:
    assert map_html(catalogue) == ""


def test_two_notes_in_one_group_are_enough() -> None:
    notes = entry("a"), entry("b")
    made = map_html(Catalogue(notes, (Edge(0, 1, tension=False),), groups=("one",)))
    assert "in tension" not in made
    assert made.count('class="key tie"') == 1


def large(count: int) -> Catalogue:
    groups = tuple(f"group {number}" for number in range(12))
    notes = tuple(entry(f"note-{n}", groups[n % 12]) for n in range(count))
    edges = tuple(Edge(n, (n * 7 + 1) % count, tension=n % 9 == 0) for n in range(1, count))
    return Catalogue(notes, edges, groups=groups)


def test_more_names_than_can_be_read_are_listed_alone() -> None:
    assert map_html(large(80)).count("<text") == 80
    made = map_html(large(300))
    assert "<svg" not in made
    assert made.count("<summary>") == 12
    assert made.count("<li>") == 300


def test_a_drawing_of_as_many_as_are_drawn_is_hardly_wider_than_the_text() -> None:
    width = re.search(r'width="(\d+)"', map_html(large(80)))
    assert width
    assert int(width[1]) < 600


def test_the_list_holds_the_same_as_the_drawing_by_group_and_name() -> None:
    listed = map_html(SMALL).partition("</figure>")[2]
    names = re.findall(r'<span class="key g\d">([^<]+)</span> <small>(\d)', listed)
    assert names == [("Two", "1"), ("One", "3"), ("None &amp; other", "1")]
    assert re.findall(r'<li><a href="#([^"]+)', listed) == [
        *("second", "fourth", "first", "third", "fifth"),
    ]
    ends = re.findall(r"<li>.*?third</a>: (.*)</li>", listed)
    assert re.findall(r'href="#([^"]+)"', ends[0]) == ["second", "first"]
    notes = entry("ü"), entry("b")
    named = map_html(Catalogue(notes, (Edge(0, 1, tension=False),), groups=("one",)))
    assert named.count('href="#%C3%BC"') == 3

"""The map: what is on it, where, and that it is the same everywhere."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from vaultsync.publish.compose.catalogue import Catalogue, Edge, Entry
from vaultsync.publish.targets.map import map_html

FILE = Path(__file__).parents[2] / "data" / "map.html"


def entry(name: str, group: str | None = "one", title: str = "A <title>") -> Entry:
    return Entry(name, title, (), {}, group)


SMALL = Catalogue(
    (
        entry("first"),
        entry("an-old-note-that-is-left-out", None),
        entry("second", "two"),
        entry("third"),
        entry("a-name-that-is-longer-than-what-is-shown"),
        entry("fifth", ""),
    ),
    (Edge(0, 2, tension=False), Edge(0, 3, tension=False), Edge(2, 3, tension=True)),
)


def test_the_drawing(*, update: bool) -> None:
    made = map_html(SMALL)
    if update:
        FILE.write_text(made, "utf-8")
    assert made == FILE.read_text("utf-8")


def test_every_note_of_a_group_is_a_link_with_its_title() -> None:
    made = map_html(SMALL)
    assert re.findall(r'<a href="#([^"]+)" tab', made) == [
        *("fifth", "first", "third", "a-name-that-is-longer-than-what-is-shown", "second"),
    ]
    assert made.count("<title>A &lt;title&gt;</title>") == 5
    assert "a name that is longer than wh…" in made
    assert made.count('<path class="tension"') == 1
    assert made.count("<path") == 3


@pytest.mark.parametrize(
    "catalogue",
    [
        Catalogue(),
        Catalogue((entry("a"), entry("b"))),
        Catalogue((entry("a"), entry("b", None)), (Edge(0, 1, tension=True),)),
    ],
)
def test_without_related_notes_there_is_no_map(catalogue: Catalogue) -> None:
    assert map_html(catalogue) == ""


def test_two_notes_in_one_group_are_enough() -> None:
    made = map_html(Catalogue((entry("a", ""), entry("b", "")), (Edge(0, 1, tension=False),)))
    assert "in tension" not in made
    assert made.count('class="key') == 1


def test_many_notes_are_dots_in_time_that_grows_with_them() -> None:
    def large(count: int) -> Catalogue:
        notes = tuple(entry(f"note-{n}", f"group {n % 7}") for n in range(count))
        edges = tuple(Edge(n, (n * 7 + 1) % count, tension=n % 9 == 0) for n in range(1, count))
        return Catalogue(notes, edges)

    assert "<text" in map_html(large(160))
    assert "<text" not in map_html(large(161))
    started = time.process_time()
    made = map_html(large(1000))
    assert made.count("<circle") == 1000
    assert time.process_time() - started < 1
    width = re.search(r'width="(\d+)"', made)
    assert width
    assert int(width[1]) < 1400


def test_the_list_says_the_same_as_the_drawing() -> None:
    listed = map_html(SMALL).partition("<ul>")[2]
    assert re.findall(r'href="#([^"]+)"', listed) == [
        *("first", "second", "third", "second", "first", "third", "third", "first", "second"),
    ]
    named = map_html(Catalogue((entry("ü"), entry("b")), (Edge(0, 1, tension=False),)))
    assert named.count('href="#%C3%BC"') == 3

"""Where notes stand on a circle."""

from __future__ import annotations

import math

import pytest
from tests.publish.targets.test_map import entry

from vaultsync.publish.compose.catalogue import Catalogue, Edge
from vaultsync.publish.targets.map import angles, circle, neighbours


def test_related_notes_of_a_group_stand_together() -> None:
    notes = tuple(entry(str(number), "ab"[number % 2]) for number in range(8))
    edges = (Edge(0, 6, tension=False), Edge(4, 6, tension=False), Edge(1, 7, tension=False))
    found = circle(Catalogue(notes, edges, groups=("b", "a")))
    assert [*found.items()] == [("b", [1, 7, 3, 5]), ("a", [6, 0, 4, 2])]
    assert neighbours(edges) == {0: [6], 6: [0, 4], 4: [6], 1: [7], 7: [1]}


def test_groups_stand_apart_and_all_of_the_circle_is_used() -> None:
    notes = Catalogue(tuple(entry(str(number), "aab"[number]) for number in range(3)))
    found = angles(notes, [0, 1, 2])
    # Three places and two spaces of one and a half: of six, each is a sixth of the circle.
    turns = [(found[number] / math.tau + 0.25) * 6 for number in range(3)]
    assert turns == pytest.approx([2.5, 3.5, 6])


def test_without_notes_there_is_no_circle() -> None:
    assert circle(Catalogue((entry("a", ""),))) == {}
    assert angles(Catalogue(), []) == {}

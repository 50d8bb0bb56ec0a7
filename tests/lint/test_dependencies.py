"""The keys that findings depend on, and those that a change emits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import pytest
from tests.lint.settings import CONFIG, context

from vaultsync.core.config import LintSettings
from vaultsync.lint import engine
from vaultsync.lint.engine.check_note import (
    BLOCKS,
    CLAIMS,
    beside,
    dependencies,
    emitted,
    in_text,
    names_of,
    reaches_of,
)
from vaultsync.lint.rule import Reach

ALL: frozenset[Reach] = frozenset(get_args(Reach))
CLAIM = "---\ntitle: {}\nstatus: open\nkind: idea\n---\n\nText.\n"


def keys(text: str, path: str = "n.md", reaches: frozenset[Reach] = ALL) -> set[str]:
    here = context({path: text})
    return set(dependencies(here.vault.documents[path], here, reaches))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Text.\n", set()),
        ("[[a]] ![[x/It.PNG|300]]\n", {"name:a", "name:it.png"}),
        ("[[A#B]]\n", {"name:a", "place:a"}),
        ("[t](x/b%20c.md#d)\n", {"name:b c.md", "place:b c.md"}),
        ("---\nup: '[[up#x]]'\n---\n", {"name:up", "place:up"}),
        # A place in the note itself, and what leads out.
        ("[[#B]] [t](https://example.org/a.md)\n", set()),
        # Only a typed note's title counts.
        ("---\ntitle: One\n---\n", set()),
    ],
)
def test_a_note_depends_on_the_names_that_it_links_to(text: str, wanted: set[str]) -> None:
    assert keys(text) == wanted


def test_a_typed_note_depends_on_its_title() -> None:
    text = CLAIM.format("One  Two")
    assert keys(text, "Claims/n.md") == {"title:one two"}
    assert keys("Text.\n", "Claims/n.md") == set()
    # What cannot be read is of no type.
    assert keys("\udcff", "Claims/n.md") == set()


@pytest.mark.parametrize(
    ("reach", "wanted"),
    [
        ("links", {"name:a", "place:a"}),
        ("titles", {"title:one"}),
        ("relations", {"name:a", "place:a", "text:a"}),
        *((reach, set()) for reach in ("text", "graph", "paths", "blocks", "claims")),
    ],
)
def test_each_reach_has_its_own_keys(reach: Reach, wanted: set[str]) -> None:
    text = CLAIM.format("One") + "[[a#B]]\n"
    assert keys(text, "Claims/n.md", frozenset([reach])) == wanted


@pytest.mark.parametrize(
    ("text", "reach", "wanted"),
    [
        ("[t](b c.md)\n", "text", {"name:b c.md", "place:b c.md"}),
        ("[t](x/b c.md#d)\n", "text", {"name:b c.md", "place:b c.md"}),
        ("[t](b%20c.md)\n", "text", set()),
        ("[t](b c.md)\n", "links", set()),
        ('<!-- vaultsync:notes type="claim" -->\n\n<!-- /vaultsync -->\n', "blocks", {BLOCKS}),
        # A mark that ends nothing is wrong, whatever the other notes are.
        ("<!-- /vaultsync -->\n", "blocks", {BLOCKS}),
        ("Text.\n", "blocks", set()),
    ],
)
def test_some_dependencies_only_the_text_shows(text: str, reach: Reach, wanted: set[str]) -> None:
    here = context({"n.md": text})
    assert set(in_text(here.vault.documents["n.md"], frozenset([reach]))) == wanted


def test_rules_declare_what_reaches_them() -> None:
    def reaches(*select: str) -> frozenset[Reach]:
        return reaches_of(engine.select(LintSettings(select=select)).rules)

    assert reaches("LNK001") == {"links"}
    assert reaches("FIL002", "LNK009") == {"titles", "text"}
    assert reaches("MRK005") == set()
    assert reaches("ALL") == ALL


def test_a_file_has_two_names() -> None:
    assert names_of("x/A b.md") == {"a b.md", "a b"}
    assert names_of("x/It.PNG") == {"it.png"}
    assert names_of("d.md.md") == {"d.md.md", "d.md"}
    assert names_of("e\u0301.md") == {"\u00e9.md", "\u00e9"}


def emits(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """Return the keys that a change emits, but for the one of blocks, which all changes do."""
    differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    found = emitted(context(before), context(after), differing - {".gitignore"})
    assert BLOCKS in found
    return set(found - {BLOCKS})


NAMES = {"name:a", "name:a.md"}
TEXT = {"text:a", "text:a.md", "title:"}
PLACES = {"place:a", "place:a.md", *TEXT}


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ({"n.md": ""}, {"n.md": "Text.\n"}, {"text:n", "text:n.md", "title:"}),
        ({}, {"x/it.png": ""}, {"name:it.png", "text:it.png"}),
        ({"x/it.png": ""}, {}, {"name:it.png", "text:it.png"}),
        ({}, {"x/A.md": ""}, {*NAMES, *PLACES}),
        ({"a.md": "# B\n"}, {"a.md": "# B\n\nText.\n"}, TEXT),
        ({"a.md": "# B\n"}, {"a.md": "# C\n"}, PLACES),
        ({"a.md": "# B\n"}, {"a.md": "## B\n"}, PLACES),
        ({"a.md": "T. ^i\n"}, {"a.md": "T. ^j\n"}, PLACES),
        ({"a.md": "[^1]: T.\n"}, {"a.md": "[^2]: T.\n"}, PLACES),
        ({"a.md": ""}, {"a.md": "\udcff"}, PLACES),
        (
            {"a.md": "---\naliases: [x/B, C]\n---\n"},
            {"a.md": "---\naliases: [C, D]\n---\n"},
            {"name:b", "name:d", *TEXT},
        ),
        (
            {"a.md": "---\ntitle: Old\n---\n"},
            {"a.md": "---\ntitle: New One\n---\n"},
            {"name:old", "name:new one", "title:old", "title:new one", "text:a", "text:a.md"},
        ),
        ({"Claims/a.md": ""}, {"Claims/a.md": "Text.\n"}, {*TEXT, CLAIMS}),
        (
            {"a.md": "", ".gitignore": "b.md"},
            {"a.md": "", ".gitignore": "a.md"},
            NAMES,
        ),
    ],
    ids=[
        *("text", "attachment", "attachment removed", "note", "same places", "heading", "level"),
        *("block", "footnote", "unreadable", "alias", "title", "claim", "untracked"),
    ],
)
def test_a_change_emits_what_it_affects(
    before: dict[str, str], after: dict[str, str], wanted: set[str]
) -> None:
    assert emits(before, after) == wanted


def test_a_path_is_compared_with_those_like_it_and_with_its_folder() -> None:
    before = context({"n.md": "", "X/b.md": "", "it.png": ""})
    after = context({"n.md": "", "X/b.md": "", "X/c/d.md": "", "it.png": "", "IT.png": ""})
    assert set(beside(before, after)) == {"X/b.md", "X/c/d.md", "it.png", "IT.png"}
    # What is gone was like those that are left.
    assert set(beside(after, before)) == {"X/b.md", "X/c/d.md", "it.png"}
    assert list(beside(after, after)) == []


def test_the_settings_decide_what_is_a_claim() -> None:
    assert CONFIG.type_name("Claims/a.md") == "claim"
    assert CLAIMS not in emits({"a.md": CLAIM}, {"a.md": ""})

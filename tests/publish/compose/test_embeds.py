"""The part of a note that an embed names."""

from __future__ import annotations

import pytest

from vaultsync.markdown import parse
from vaultsync.publish.compose.embeds import part_of, text_of

NOTE = """\
---
title: T
---

Opening. ^open

# A

Under A, on
two lines. ^two

## B

- one
- two ^item
  - below two
    - deeper ^deep
- three

^list

> quoted ^quote

| a |
|---|
| 1 |

^table

## Same

first

# C ^head

## Same

second
"""


@pytest.mark.parametrize(
    ("subpath", "expected"),
    [
        ("#^open", "Opening."),
        ("#^OPEN", "Opening."),
        ("#^two", "Under A, on\ntwo lines."),
        ("#^item", "- two ^item\n  - below two\n    - deeper"),
        ("#^deep", "- deeper"),
        ("#^list", "- one\n- two ^item\n  - below two\n    - deeper ^deep\n- three"),
        ("#^quote", "> quoted"),
        ("#^table", "| a |\n|---|\n| 1 |"),
        ("#^head", "# C"),
        ("#Same", "## Same\n\nfirst"),
        ("#C head#Same", "## Same\n\nsecond"),
        ("#C head", "# C ^head\n\n## Same\n\nsecond"),
    ],
)
def test_parts(subpath: str, expected: str) -> None:
    note = parse("a.md", NOTE)
    part = part_of(note, subpath)
    assert part is not None
    assert text_of(note, part) == expected


def test_a_section_ends_with_the_next_of_its_level() -> None:
    note = parse("a.md", NOTE)
    part = part_of(note, "#A")
    assert part is not None
    assert part.of(NOTE).startswith("# A\n")
    assert part.of(NOTE).endswith("first\n\n")


def test_all_of_a_note_is_its_body() -> None:
    for subpath in ("", "#"):
        part = part_of(parse("a.md", NOTE), subpath)
        assert part is not None
        assert part.of(NOTE).startswith("\nOpening.")
        assert part.end == len(NOTE)


@pytest.mark.parametrize("subpath", ["#Nowhere", "#A#C", "#^nowhere", "#B#A"])
def test_no_part(subpath: str) -> None:
    assert part_of(parse("a.md", NOTE), subpath) is None


@pytest.mark.parametrize("text", ["^alone\n", "text\n\n```\n^code\n```\n"])
def test_an_id_of_nothing(text: str) -> None:
    note = parse("a.md", text)
    part = part_of(note, "#^alone")
    assert part is None or text_of(note, part) == ""

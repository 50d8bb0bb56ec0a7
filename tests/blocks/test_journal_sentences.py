"""The lines that the changelog writes are known again, whatever they hold."""

from __future__ import annotations

import pytest

from vaultsync.blocks.journal import Sentence, read_sentence
from vaultsync.changelog.compare import KINDS, Change
from vaultsync.changelog.render import lines_of

CHANGES = [
    Change("added", "a.md", "A", after="It holds.", field="claim"),
    Change("answered", "a.md", "A", "open", "answered", "status"),
    Change("answered", "a.md", "A", "How?", "b", "question"),
    Change("retired", "a.md", "A", "held", "retired", "status"),
    Change("merged", "a.md", "A", "b.md", "a.md", "path", "B: “b”"),
    Change("renamed", "a.md", "A", "b.md", "a.md", "path"),
    Change("reworded", "a.md", "A", "It holds.", "It holds not.", "claim"),
    Change("reworded", "a.md", "A", "All, so.", " ".join("2 nots" for _ in range(9)), "claim"),
    Change("reworded", "a.md", "A", "It holds.", "It fell.", "claim"),
    Change("moved", "a.md", "A", "x", "", "area"),
    Change("changed", "a.md", "A", "x", "y", "area"),
    Change("changed", "c.md", "C", "x" * 50, "y", "area"),
    Change("cited", "a.md", "A", "", "https://x.org/(1)", "source", "B [c] 2024"),
    Change("uncited", "a.md", "A", "https://x.org", "", "source", "B 2024"),
    Change("asked", "a.md", "A", "", "Why [[b]]?", "question"),
    Change("dropped", "a.md", "A", "Why?", "", "question"),
    Change("linked", "a.md", "A", "", "b.md", "related", "B"),
    Change("removed", "a.md", "“A” [b]"),
    Change("withheld", "a.md", "SECRET"),
    Change("withheld", "b.md", "SECRET"),
    *(Change("renamed", f"N/{n}.md", "A", f"O/{n}.md", f"N/{n}.md", "path") for n in range(5)),
    *(Change("renamed", f"{n}.md", "A", f"N/{n}.md", f"{n}.md", "path") for n in range(5)),
]


def link(path: str, title: str) -> str:
    return f"[[{path.removesuffix('.md')}|{title}]]"


def test_every_kind_of_change_is_shown_here() -> None:
    assert {change.kind for change in CHANGES} == set(KINDS)


@pytest.mark.parametrize("line", [line.text for line in lines_of(CHANGES, link)])
def test_a_line_of_ours_is_read(line: str) -> None:
    entry = read_sentence(line)
    assert entry is not None
    assert line.startswith(f"{entry.verb} {entry.what}")


def test_lines_read_as_they_should() -> None:
    assert [line.text for line in lines_of(CHANGES, link)] == [
        "Moved 5 notes from `O/` to `N/`",
        "Moved 5 notes from `N/` to `/`",
        "Added [[a|A]]",
        "Answered [[a|A]]",
        "Answered in [[a|A]]: “How?”",
        "Retired [[a|A]]",
        "Merged “B: “b”” into [[a|A]]",
        "Renamed [[a|A]], before: b",
        "Reworded [[a|A]]: “holds.” → “holds not.” (a negation changed)",
        "Reworded [[a|A]] (a number and a quantifier changed)",
        "Reworded [[a|A]]: “holds.” → “fell.”",
        "Moved [[a|A]], area: x → none",
        "Cited in [[a|A]]: [B \\[c\\] 2024](<https://x.org/(1)>)",
        "No longer cited in [[a|A]]: [B 2024](https://x.org)",
        "Asked in [[a|A]]: “Why b?”",
        "Dropped from [[a|A]]: “Why?”",
        "Linked [[a|A]] with [[b|B]]",
        "Removed ““A” [b]”",
        "Changed [[a|A]]: area: x → y",
        "Changed [[c|C]]: area",
        "Withheld 2 notes",
    ]


def test_what_a_line_says_is_told_apart() -> None:
    assert read_sentence("Moved [[a|A: b]], area: x: 1 → y") == Sentence(
        "moved",
        "Moved",
        "[[a|A: b]]",
        ("[[a|A: b]]",),
        "area",
        ", area: x: 1 → y",
    )
    linked = read_sentence("Linked [[a]] with [[b]]")
    assert linked is not None
    assert linked.links == ("[[a]]", "[[b]]")


@pytest.mark.parametrize(
    "line",
    ["Added [[a]], at last", "added [[a]]", "Moved house", "Removed it", "", "Renamed [[a]]"],
)
def test_any_other_line_is_the_author_s(line: str) -> None:
    assert read_sentence(line) is None

"""The lines that the changelog writes are known again, whatever they hold."""

from __future__ import annotations

import pytest

from vaultsync.blocks.journal_sentences import Sentence, read_sentence
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
    Change("reworded", "a.md", "A", "It holds.", "It *fell [x]*.", "claim"),
    Change("reworded", "a.md", "A", "B", "A", "title"),
    Change("reworded", "a.md", "A", "It may fail.", "It can fail.", "caveat"),
    Change("reworded", "a.md", "A", "", "It may fail.", "caveat"),
    Change("reworded", "a.md", "A", "It may fail.", "", "caveat"),
    Change("moved", "a.md", "A", "x", "", "area"),
    Change("changed", "a.md", "A", "x", "y", "area"),
    Change("changed", "c.md", "C", "x" * 50, "y", "area"),
    Change("changed", "d.md", "D", "x y " * 12, "x z " + "x y " * 11, "area"),
    Change("checked", "a.md", "A", "", "2026-01-02", "checked"),
    Change("cited", "a.md", "A", "", "https://x.org/(1)", "source", "B [c] 2024"),
    Change("uncited", "a.md", "A", "https://x.org", "", "source", "B 2024"),
    Change("recast", "a.md", "A", "", "contrary", "role", "B 2024", "https://x.org"),
    Change("asked", "a.md", "A", "", "Why [[b]]?", "question"),
    Change("dropped", "a.md", "A", "Why?", "", "question"),
    Change("linked", "a.md", "A", "", "b.md", "related", "B"),
    Change("linked", "a.md", "A", "", "b.md", "related", "B", "tension: why"),
    Change("unlinked", "a.md", "A", "b.md", "", "related", "B", "why"),
    Change("unlinked", "a.md", "A", "b.md", "", "related", "B", "tension: why (crux: x)"),
    Change("related", "a.md", "A", "so: [[c|it]] holds", "so", "reason", "B", "b.md"),
    Change("related", "a.md", "A", "", "tension: no (crux: x)", "reason", "B", "b.md"),
    Change("removed", "a.md", "“A” [b]"),
    Change("unreadable", "a.md", "A"),
    Change("readable", "a.md", "A"),
    Change("withheld", "a.md", "SECRET"),
    Change("withheld", "b.md", "SECRET"),
    *(Change("renamed", f"N/{n}.md", "A", f"O/{n}.md", f"N/{n}.md", "path") for n in range(5)),
    Change("renamed", "P/c.md", "C", "O/c.md", "P/c.md", "path"),
    *(Change("renamed", f"{n}.md", "A", f"N/{n}.md", f"{n}.md", "path") for n in range(5)),
]


MANY = [
    *(Change("added", f"{n}.md", "A", "", "So.", "claim", "frame") for n in range(8)),
    *(Change("added", f"{n}.md", "A", "", "", "", "query") for n in range(2)),
    *(Change("removed", f"{n}.md", "A", "So.", "", "claim", "frame") for n in range(10)),
]


def link(path: str, title: str) -> str:
    return f"[[{path.removesuffix('.md')}|{title}]]"


def test_every_kind_of_change_is_shown_here() -> None:
    assert {change.kind for change in CHANGES} == set(KINDS)


@pytest.mark.parametrize("line", [line.text for line in lines_of(CHANGES + MANY, link)])
def test_a_line_of_ours_is_read(line: str) -> None:
    entry = read_sentence(line)
    assert entry is not None
    assert line.startswith(f"{entry.verb} {entry.what}")


def test_lines_read_as_they_should() -> None:
    assert [line.text for line in lines_of(CHANGES, link)] == [
        "Added [[a|A]]",
        "Answered [[a|A]]",
        "Answered in [[a|A]]: “How?”",
        "Retired [[a|A]]",
        "Merged “B: “b”” into [[a|A]]",
        "Renamed [[a|A]], before: b",
        "Reworded [[a|A]]: “holds.” → “holds not.” (a negation changed)",
        "Reworded [[a|A]] (a number and a quantifier changed)",
        "Reworded [[a|A]]: “holds.” → “fell \\[x\\].”",
        "Reworded the title of [[a|A]]: “B” → “A”",
        "Reworded the caveat of [[a|A]]: “may” → “can” (a hedge changed)",
        "Added a caveat to [[a|A]]",
        "Dropped the caveat of [[a|A]]",
        "Moved [[a|A]], area: x → none",
        "Changed [[a|A]]: area: x → y",
        "Changed [[c|C]]: area",
        "Changed [[d|D]]: area: “y” → “z”",
        "Checked [[a|A]]: 2026-01-02",
        "Cited in [[a|A]]: [B \\[c\\] 2024](<https://x.org/(1)>)",
        "No longer cited in [[a|A]]: [B 2024](https://x.org)",
        "Role changed in [[a|A]]: [B 2024](https://x.org), none → contrary",
        "Asked in [[a|A]]: “Why b?”",
        "Dropped from [[a|A]]: “Why?”",
        "Linked [[a|A]] with [[b|B]]",
        "Linked [[a|A]] with [[b|B]] (tension)",
        "Unlinked [[a|A]] from [[b|B]]",
        "Unlinked [[a|A]] from [[b|B]] (tension)",
        "Reworded [[a|A]] on [[b|B]]: “so: it holds” → “so”",
        "Reworded [[a|A]] on [[b|B]]: “” → “tension: no (crux: x)” (a tension added, a crux added)",
        "Removed ““A” [b]”",
        "Cannot be read: [[a|A]]",
        "Readable again: [[a|A]]",
        "Withheld 2 notes",
        "Moved 5 notes from `O/` to `N/`",
        "Moved [[P/c|C]] from `O/` to `P/`",
        "Moved 5 notes from `N/` to `/`",
    ]
    assert [(line.text, len(line.paths)) for line in lines_of(MANY, link)] == [
        ("Added 10 notes: 8 frames, 2 queries", 8),
        ("Removed 10 frames", 10),
    ]
    few = [line.text for line in lines_of(MANY[1:10], link)]
    assert few[0] == "Added [[1|A]]"
    assert len(few) == 9


def test_what_a_line_says_is_told_apart() -> None:
    assert read_sentence("Moved [[a|A: b]], area: x: 1 → y") == Sentence(
        "moved",
        "Moved",
        "[[a|A: b]]",
        ("[[a|A: b]]",),
        "area",
    )
    linked = read_sentence("Linked [[a]] with [[b]]")
    assert linked is not None
    assert linked.links == ("[[a]]", "[[b]]")


def test_a_count_is_read() -> None:
    for line in ("Added 12 frames", "Removed 12 notes: 10 frames, 2 questions"):
        verb, _, what = line.partition(" ")
        assert read_sentence(line) == Sentence(f"many {verb.lower()}", verb, what, ())


@pytest.mark.parametrize(
    "line",
    [
        "Added 12 frames: all on grokking",
        "Added 3 words to [[a]]",
        "Moved [[a]] to `b/`",
        "Added [[a]], at last",
        "added [[a]]",
        "Moved house",
        "Removed it",
        "",
        "Renamed [[a]]",
    ],
)
def test_any_other_line_is_the_author_s(line: str) -> None:
    assert read_sentence(line) is None

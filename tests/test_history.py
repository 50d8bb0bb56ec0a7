"""What happened to the notes between two versions of a vault."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.blocks.sample import context, note
from vaultsync.history import KINDS, Claim, compare, last_reworded, snapshot

Files = Mapping[str, str]
SOURCE = "\n\n## Sources\n\n- original: [S](https://arxiv.org/{}), Ada 2024\n"


def claim(lead: str = "It holds.", body: str = "", **properties: object) -> str:
    return note(f"{lead}\n\n{body}", **{"title": "A title", "status": "open", **properties})


def changes(
    before: Files, after: Files, moves: Mapping[str, str] | None = None
) -> list[tuple[str, ...]]:
    """Return kind, path, title, before and after of each change, without what is empty."""
    old, new = context(before), context(after)
    found = compare(snapshot(old), snapshot(new), moves or {}, new.vault.files)
    return [tuple(filter(None, (c.kind, c.path, c.title, c.before, c.after))) for c in found]


A, B, C, Q = "Claims/a.md", "Claims/b.md", "Claims/c.md", "Queries/q.md"


def related(*names: str) -> str:
    return "## Related\n\n" + "".join(f"- [[{name}]]: why\n" for name in names)


def asked(*questions: str) -> str:
    return "## Open questions\n\n" + "".join(f"- {question}\n" for question in questions)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({A: claim()}, {A: claim()}, []),
        ({}, {A: claim()}, [("added", A, "A title", "It holds.")]),
        ({A: claim()}, {}, [("removed", A, "A title", "It holds.")]),
        ({}, {A: claim(status="draft")}, []),
        ({}, {A: note("No status.", title="T")}, []),
        ({A: claim(status="draft")}, {A: claim()}, [("added", A, "A title", "It holds.")]),
        ({A: claim()}, {A: claim(status="draft")}, [("removed", A, "A title", "It holds.")]),
        ({}, {A: claim(publish="false")}, []),
        ({A: claim(publish="false")}, {A: claim()}, [("added", A, "A title", "It holds.")]),
        (
            {A: claim()},
            {A: claim("SECRET", title="SECRET", publish="false")},
            [("removed", A, "A title", "It holds.")],
        ),
        ({A: claim("a", publish="false")}, {A: claim("b", publish="false")}, []),
        (
            {A: claim()},
            {A: claim("It may hold.")},
            [("reworded", A, "A title", "It holds.", "It may hold.")],
        ),
        ({A: claim()}, {A: claim("It\nholds. %%sure?%%")}, []),
        ({A: claim(body="More.")}, {A: claim(body="Other.", tags="[x]")}, []),
        ({A: claim()}, {A: claim(title="New")}, [("reworded", A, "New", "A title", "New")]),
        (
            {A: claim()},
            {A: claim("Both.", title="New")},
            [("reworded", A, "New", "It holds.", "Both.")],
        ),
        ({A: claim()}, {A: claim(status="retired")}, [("retired", A, "A title")]),
        (
            {A: claim()},
            {A: claim("No longer.", status="retired")},
            [("retired", A, "A title"), ("reworded", A, "A title", "It holds.", "No longer.")],
        ),
        ({A: claim(status="retired")}, {A: claim()}, []),
        ({}, {A: claim(status="retired")}, [("added", A, "A title", "It holds.")]),
        ({Q: note("Is it?")}, {Q: note("Is it?", status="answered")}, [("answered", Q, "q")]),
        (
            {A: claim(body=asked("How?", "Why?"))},
            {A: claim(body=asked("How? answered: [[b]]", "Why?"))},
            [("answered", A, "A title", "How?")],
        ),
        ({A: claim()}, {A: claim(body=asked("How? answered: soon"))}, []),
        ({"Loose.md": "a"}, {"Loose.md": "b", "New.md": "c"}, []),
        (
            {A: claim(), B: claim()},
            {A: claim(), B: claim(body=related("a"))},
            [("linked", B, "A title", A)],
        ),
        (
            {A: claim(), B: claim()},
            {A: claim(body=related("b")), B: claim(body=related("a"))},
            [("linked", A, "A title", B)],
        ),
        ({A: claim(body=related("b")), B: claim()}, {A: claim(), B: claim(body=related("a"))}, []),
        ({A: claim(body=related("b")), B: claim()}, {A: claim(), B: claim()}, []),
        ({A: claim()}, {A: claim(body=related("a", "nobody", "Loose")), "Loose.md": "x"}, []),
        (
            {A: claim()},
            {A: claim(body=related("b")), B: claim(body=related("a"))},
            [("added", B, "A title", "It holds.")],
        ),
        (
            {A: claim(), B: claim(publish="false")},
            {A: claim(body=related("b")), B: claim(publish="false")},
            [],
        ),
        (
            {A: claim(), B: claim(status="draft")},
            {A: claim(), B: claim(body=related("a"))},
            [("added", B, "A title", "It holds.")],
        ),
    ],
)
def test_what_happened(before: Files, after: Files, expected: list[tuple[str, ...]]) -> None:
    assert changes(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        (claim(), claim("Other words."), {A: B}),
        (claim(), claim("Other words.", title="New", aliases="[other, a]"), {}),
        (claim(), claim("Other words.", title="New", aliases="[A title]"), {}),
        (
            claim(body=SOURCE.format("abs/2401.00001")),
            claim("Other words.", body=SOURCE.format("pdf/2401.00001v2"), title="New"),
            {},
        ),
    ],
)
def test_a_note_is_followed_to_its_new_name(before: str, after: str, moves: Files) -> None:
    found = changes({A: before}, {B: after}, moves)
    title = "New" if "New" in after else "A title"
    assert found == [
        ("renamed", B, title, A, B),
        ("reworded", B, title, "It holds.", "Other words."),
    ]


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        (claim(), claim(), {}),
        (claim(), claim(), {A: C}),
        (claim(body=SOURCE.format("abs/2401.00001")), claim(body=SOURCE.format("abs/2401.2")), {}),
    ],
)
def test_two_notes_that_share_nothing_but_words_are_two(
    before: str, after: str, moves: Files
) -> None:
    found = changes({A: before}, {B: after}, moves)
    assert [row[:2] for row in found] == [("added", B), ("removed", A)]


def test_git_is_believed_before_names_and_names_before_sources() -> None:
    same = SOURCE.format("abs/2401.00001")
    before = {path: claim(body=same, title=f"T {path}") for path in (A, B, C)}
    after = {
        "Claims/x.md": claim(body=same),
        "Claims/y.md": claim(body=same, aliases="[b]"),
        "Claims/z.md": claim(body=same),
    }
    found = changes(before, after, {A: "Claims/z.md"})
    assert {row[3]: row[1] for row in found if row[0] == "renamed"} == {
        A: "Claims/z.md",
        B: "Claims/y.md",
        C: "Claims/x.md",
    }


def test_one_new_note_follows_one_old_one() -> None:
    same = SOURCE.format("abs/2401.00001")
    found = changes({A: claim(body=same), B: claim(body=same)}, {C: claim(body=same)})
    assert [row[:2] for row in found] == [("renamed", C), ("removed", B)]


def test_a_note_that_became_a_draft_has_no_other_name() -> None:
    same = SOURCE.format("abs/2401.00001")
    after = {A: claim(body=same, status="draft"), B: claim("New.", body=same)}
    assert [row[:2] for row in changes({A: claim(body=same)}, after)] == [
        ("added", B),
        ("removed", A),
    ]


def test_a_new_name_is_no_new_relation() -> None:
    before = {A: claim(body=related("b")), B: claim(title="B")}
    after = {A: claim(body=related("c")), C: claim(title="B")}
    assert changes(before, after, {B: C}) == [("renamed", C, "B", B, C)]
    after = {C: claim(body=related("b")), B: claim(title="B", body=related("c"))}
    assert changes(before, after, {A: C}) == [("renamed", C, "A title", A, C)]


def test_a_relation_of_a_renamed_note_is_told() -> None:
    before = {A: claim(), B: claim(title="B")}
    after = {C: claim(body=related("b")), B: claim(title="B")}
    assert [row[:2] for row in changes(before, after, {A: C})] == [("renamed", C), ("linked", C)]


def test_changes_come_by_kind_and_title() -> None:
    before = {
        A: claim(title="Z"),
        B: claim(title="Y"),
        C: claim(title="X"),
        "Claims/gone.md": claim(title="Gone"),
        "Claims/old.md": claim(title="Old"),
        Q: note("Is it?"),
    }
    after = {
        A: claim(title="Z", body=related("b")),
        B: claim("New words.", title="Y"),
        C: claim("New words.", title="X"),
        "Claims/new.md": claim(title="New"),
        "Claims/newer.md": claim(title="Newer", aliases="[old]"),
        Q: note("Is it?", status="answered"),
        "Claims/d.md": claim(title="D", status="retired"),
    }
    before["Claims/d.md"] = claim(title="D")
    found = changes(before, after)
    assert list(dict.fromkeys(row[0] for row in found)) == list(KINDS)
    assert [(row[0], row[2]) for row in found] == [
        ("added", "New"),
        ("answered", "q"),
        ("retired", "D"),
        ("renamed", "Newer"),
        ("reworded", "Newer"),
        ("reworded", "X"),
        ("reworded", "Y"),
        ("linked", "Z"),
        ("removed", "Gone"),
    ]


def test_what_a_block_or_a_comment_holds_is_no_relation() -> None:
    after = {
        A: claim(),
        B: claim(
            body="## Related\n\n<!-- vaultsync:tags -->\n\n- [[a]]: why\n\n<!-- /vaultsync -->\n"
        ),
        C: claim(body="## Related\n\n%%\n- [[a]]: why\n%%\n"),
    }
    assert changes({A: claim(), B: claim(), C: claim()}, after) == []


@pytest.mark.parametrize(
    ("versions", "day"),
    [
        ([], None),
        ([("3", "a", "1")], None),
        ([("3", "a", None)], "3"),
        ([("3", "b", "1"), ("2", "a", "1")], "3"),
        ([("3", "b", "2"), ("2", "a", "1")], None),
        ([("4", "b", "2"), ("3", "b", "1"), ("2", "a", "1")], "3"),
        ([("4", "a", "1"), ("3", "b", "1"), ("2", "a", "1")], "4"),
        ([("4", "a", "1"), ("3", "a", None), ("2", None, None)], "3"),
    ],
)
def test_when_a_claim_last_changed_unchecked(
    versions: list[tuple[str, str | None, str | None]], day: str | None
) -> None:
    assert last_reworded([Claim(*version) for version in versions]) == day

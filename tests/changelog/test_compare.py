"""What happened to the notes between two versions of a vault."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace
from tests.blocks.sample import context, note

from vaultsync.changelog.compare import KINDS, Surroundings, compare
from vaultsync.changelog.note_state import published_versions, read_state

Files = Mapping[str, str]
SOURCE = "\n\n## Sources\n\n- original: [S](https://arxiv.org/{}), Ada 2024\n"


def claim(lead: str = "It holds.", body: str = "", **properties: object) -> str:
    return note(f"{lead}\n\n{body}", **{"title": "A title", "status": "open", **properties})


def changes(
    before: Files, after: Files, moves: Mapping[str, str] | None = None
) -> list[tuple[str, ...]]:
    """Return kind, path, title, before and after of each change, without what is empty."""
    old, new = context(before), context(after)
    states = (read_state(found, new.config) for found in new.vault.documents.values())
    withheld = {state.withheld.path: state.withheld for state in states if state.withheld}
    around = Surroundings(new.index.resolve, new.vault.files, withheld)
    versions = [published_versions(known.vault, known.config) for known in (old, new)]
    found = compare(versions[0], versions[1], moves or {}, around)
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
            [("withheld", A, "A title")],
        ),
        ({A: claim("a", publish="false")}, {A: claim("b", publish="false")}, []),
        (
            {A: claim()},
            {A: claim("It may hold.")},
            [("reworded", A, "A title", "It holds.", "It may hold.")],
        ),
        ({A: claim()}, {A: claim("It\nholds. %%sure?%%")}, []),
        ({A: claim(body="More.")}, {A: claim(body="Other.", aliases="[x]")}, []),
        ({A: claim()}, {A: claim(title="New")}, [("reworded", A, "New", "A title", "New")]),
        ({Q: note("Is it?")}, {Q: note("Was it?", aliases="[x]")}, []),
        (
            {Q: note("?", done="true", n="1")},
            {Q: note("?", done="false")},
            [("changed", Q, "q", "true", "false"), ("changed", Q, "q", "1")],
        ),
        (
            {A: claim()},
            {A: claim("Both.", title="New")},
            [
                ("reworded", A, "New", "It holds.", "Both."),
                ("reworded", A, "New", "A title", "New"),
            ],
        ),
        (
            {A: claim()},
            {A: claim(status="retired")},
            [("retired", A, "A title", "open", "retired")],
        ),
        (
            {A: claim()},
            {A: claim("No longer.", status="retired")},
            [
                ("retired", A, "A title", "open", "retired"),
                ("reworded", A, "A title", "It holds.", "No longer."),
            ],
        ),
        ({A: claim(status="retired")}, {A: claim()}, [("moved", A, "A title", "retired", "open")]),
        ({}, {A: claim(status="retired")}, [("added", A, "A title", "It holds.")]),
        (
            {Q: note("Is it?")},
            {Q: note("Is it?", status="answered")},
            [("answered", Q, "q", "answered")],
        ),
        (
            {A: claim(body=asked("How?", "Why?"))},
            {A: claim(body=asked("How? answered: [[b]]", "Why?"))},
            [("answered", A, "A title", "How?", "b")],
        ),
        ({A: claim()}, {A: claim(body=asked("How? answered: soon"))}, []),
        ({"Loose.md": "a"}, {"Loose.md": "b", "New.md": "c"}, []),
        (
            {A: claim(), B: claim()},
            {A: claim(), B: claim(body=related("a"))},
            [("linked", B, "A title", A)],
        ),
        (
            {A: claim(), B: claim(body=related("a")), C: claim()},
            {A: claim(), B: claim(body=related("a", "c")), C: claim()},
            [("linked", B, "A title", C)],
        ),
        (
            {A: claim(), B: claim()},
            {A: claim(body=related("b")), B: claim(body=related("a"))},
            [("linked", A, "A title", B)],
        ),
        ({A: claim(body=related("b")), B: claim()}, {A: claim(), B: claim(body=related("a"))}, []),
        (
            {A: claim(body=related("b")), B: claim()},
            {A: claim(), B: claim()},
            [("unlinked", A, "A title", B)],
        ),
        # Of the other relation to the same note the reason is new.
        (
            {A: claim(body=related("b")), B: claim()},
            {A: claim(body=related("b")), B: claim(body="## Related\n\n- [[a]]: else")},
            [("related", B, "A title", "else")],
        ),
        # A link to a note that is gone, or to one that is new, was no relation to it.
        (
            {A: claim(body=related("b")), B: claim()},
            {A: claim()},
            [("removed", B, "A title", "It holds.")],
        ),
        (
            {A: claim(body=asked("How? answered: [[b]]", "Why?"))},
            {A: claim(body=asked("How? answered: [[c]]"))},
            [("answered", A, "A title", "How?", "c"), ("dropped", A, "A title", "Why?")],
        ),
        (
            {A: claim(body=asked("How? answered: [[b]]", "Why? answered: [[b]]"))},
            {A: claim(body=asked("*How*?"))},
            [("asked", A, "A title", "*How*?"), ("dropped", A, "A title", "Why?")],
        ),
        (
            {A: claim(body=asked("How?"))},
            {A: claim(body=asked("How? answered: soon"))},
            [("answered", A, "A title", "How?")],
        ),
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


WORDS = "Models store facts in their middle layers."
NEAR = "Models may store facts in their middle layers."


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        (claim(), claim("Other words."), {A: B}),
        (claim(), claim("Other words.", title="New", aliases="[other, a]"), {}),
        (claim(), claim("Other words.", title="New", aliases="[A title]"), {}),
        (
            claim(body=SOURCE.format("abs/2401.00001")),
            claim("Other words.", body=SOURCE.format("pdf/2401.00001v2"), title="a *Title*"),
            {},
        ),
        (
            claim(body=SOURCE.format("abs/2401.00001"), aliases="[one, two]"),
            claim("Other words.", body=SOURCE.format("abs/2401.00001"), title="N", aliases="[two]"),
            {},
        ),
        (
            claim(WORDS, body=SOURCE.format("abs/2401.00001")),
            claim(NEAR, body=SOURCE.format("abs/2401.00001"), title="New"),
            {},
        ),
    ],
)
def test_a_note_is_followed_to_its_new_name(before: str, after: str, moves: Files) -> None:
    found = changes({A: before}, {B: after}, moves)
    assert found[0][0] == "renamed"
    assert found[0][3:] == (A, B)
    assert {row[0] for row in found[1:]} == {"reworded"}


def test_a_note_that_gave_its_new_name_up_is_followed() -> None:
    one, other = (claim(body=SOURCE.format(f"abs/2401.0000{n}"), title=f"T{n}") for n in (1, 2))
    found = changes({A: one, B: other}, {C: other, "Claims/d.md": one}, {A: C})
    assert [(row[0], row[3], row[4]) for row in found] == [
        ("renamed", A, "Claims/d.md"),
        ("renamed", B, C),
    ]


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        (claim(), claim(), {}),
        (claim(), claim(), {A: C}),
        (claim(body=SOURCE.format("abs/2401.00001")), claim(body=SOURCE.format("abs/2401.2")), {}),
        (
            claim("Models lie.", body=SOURCE.format("abs/2401.00001")),
            claim("Models err.", body=SOURCE.format("abs/2401.00001"), title="New"),
            {},
        ),
        (
            claim("", body=SOURCE.format("abs/2401.00001")),
            claim("", body=SOURCE.format("abs/2401.00001"), title="New"),
            {},
        ),
    ],
)
def test_two_notes_that_share_words_or_a_source_alone_are_two(
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


def test_a_note_that_took_up_the_name_or_the_source_of_another_is_its_heir() -> None:
    cited = SOURCE.format("abs/2401.00001")
    before = {A: claim(title="One", body=cited), B: claim(title="Two"), C: claim()}
    for heir in (claim(title="Two", body=cited), claim(title="Two", aliases="[One]")):
        found = changes(before, {B: heir, C: claim()})
        assert found[0] == ("merged", B, "Two", A, B)
        assert "removed" not in [row[0] for row in found]
    for other in (claim(title="Two"), claim("Else.", title="Two", body=cited)):
        found = changes(before, {B: other, C: claim()})
        assert ("removed", A, "One", "It holds.") in found
        assert "merged" not in [row[0] for row in found]


def test_a_name_in_another_normal_form_is_the_same() -> None:
    one, other = "Claims/\u00e9.md", "Claims/e\u0301.md"
    assert changes({one: claim()}, {other: claim()}, {one: other}) == []


def test_without_types_every_note_is_told_of_by_its_properties() -> None:
    toml = 'exclude = ["Old/**"]'
    before = {"a.md": note("x", n="1"), "b.md": "Text.", "Old/c.md": "", ".x/d.md": ""}
    after = {"a.md": note("y", n="2"), "Old/c.md": note(n="1"), "Changelog.md": ""}
    old, new = (context(files, toml) for files in (before, after))
    versions = [published_versions(known.vault, known.config) for known in (old, new)]
    found = compare(versions[0], versions[1], {}, Surroundings(lambda _target, _source: ()))
    assert [(c.kind, c.path, c.field) for c in found] == [
        ("changed", "a.md", "n"),
        ("removed", "b.md", ""),
    ]


def test_an_untyped_note_is_known_by_an_address_in_its_properties() -> None:
    url = "https://example.org/paper"
    versions = [
        published_versions(known.vault, known.config)
        for known in (
            context({"a.md": note(title="One", year="1", url=url)}, ""),
            context({"b.md": note(title="One", url=f"{url}/")}, ""),
        )
    ]
    found = compare(versions[0], versions[1], {}, Surroundings(lambda _target, _source: ()))
    assert [change.kind for change in found] == ["renamed", "changed", "changed"]


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
    cited = SOURCE.format("abs/2401.00001")
    before = {
        A: claim(title="Z"),
        B: claim(title="Y"),
        C: claim(title="X"),
        "Claims/d.md": claim(title="D"),
        "Claims/e.md": claim(title="E", body=asked("Why?") + cited),
        "Claims/gone.md": claim(title="Gone"),
        "Claims/old.md": claim(title="Old"),
        "Claims/part.md": claim(title="Part"),
        Q: note("Is it?"),
        "Queries/r.md": note("Is it?", title="R", area="x"),
    }
    after = {
        A: claim(title="Z", body=related("b")),
        B: claim("New words.", title="Y"),
        C: claim("New words.", title="X", aliases="[part]"),
        "Claims/d.md": claim(title="D", status="retired"),
        "Claims/e.md": claim(
            title="E", status="firm", body=asked("How?") + SOURCE.format("abs/2401.00002")
        ),
        "Claims/new.md": claim(title="New"),
        "Claims/newer.md": claim(title="Newer", aliases="[old]"),
        Q: note("Is it?", status="answered"),
        "Queries/r.md": note("Is it, then?", title="R", area="[y, z]"),
    }
    assert changes(before, after) == [
        ("added", "Claims/new.md", "New", "It holds."),
        ("answered", Q, "q", "answered"),
        ("retired", "Claims/d.md", "D", "open", "retired"),
        ("merged", C, "X", "Claims/part.md", C),
        ("renamed", "Claims/newer.md", "Newer", "Claims/old.md", "Claims/newer.md"),
        ("reworded", "Claims/newer.md", "Newer", "Old", "Newer"),
        ("reworded", C, "X", "It holds.", "New words."),
        ("reworded", B, "Y", "It holds.", "New words."),
        ("moved", "Claims/e.md", "E", "open", "firm"),
        ("changed", "Queries/r.md", "R", "x", "y, z"),
        ("cited", "Claims/e.md", "E", "https://arxiv.org/abs/2401.00002"),
        ("uncited", "Claims/e.md", "E", "https://arxiv.org/abs/2401.00001"),
        ("asked", "Claims/e.md", "E", "How?"),
        ("dropped", "Claims/e.md", "E", "Why?"),
        ("linked", A, "Z", B),
        ("removed", "Claims/gone.md", "Gone", "It holds."),
    ]
    assert len(KINDS) == len(set(KINDS)) == 21


PRIVATE = claim(publish="false", aliases="[a]")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (A, PRIVATE),
        (A, claim(publish="false", status="draft")),
        (B, claim("Other.", title="Other", publish="false")),
    ],
)
def test_a_note_that_is_private_now_is_withheld(path: str, text: str) -> None:
    # That another note has its names now does not make it a merge.
    after = {path: text, C: claim(aliases="[a, A title]")}
    assert changes({A: claim(), C: claim()}, after, {A: path}) == [("withheld", A, "A title")]


@pytest.mark.parametrize(
    "text",
    [
        claim(publish="false"),
        claim(title="Other", publish="false", aliases="[a]"),
        claim(body=SOURCE.format("2401.00001"), title="Other", publish="false"),
    ],
)
def test_a_note_is_withheld_under_another_name(text: str) -> None:
    before = {A: claim(body=SOURCE.format("2401.00001"))}
    assert changes(before, {B: text}) == [("withheld", A, "A title")]
    other = claim(title="Other", publish="false")
    assert [row[0] for row in changes({A: claim()}, {B: other})] == ["removed"]
    # What readers see is the same note rather than what they do not see.
    seen = {B: text, C: claim(aliases="[a]")}
    assert [row[0] for row in changes({A: claim()}, seen)] == ["renamed"]


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
    ("new", "unreadable", "expected"),
    [
        (claim(), (False, True), ["unreadable"]),
        (claim(), (True, True), []),
        (claim(), (True, False), ["readable"]),
        (claim("It may."), (True, False), ["reworded"]),
        (claim(body=related("b")), (True, False), ["linked"]),
        (None, (True, False), ["removed"]),
        (claim(publish="false"), (True, False), ["withheld"]),
    ],
)
def test_what_cannot_be_read_is_a_change(
    new: str | None, unreadable: tuple[bool, bool], expected: list[str]
) -> None:
    other = {B: claim(title="B")}
    before, after = context({A: claim()} | other), context(({A: new} if new else {}) | other)
    states = (read_state(found, after.config) for found in after.vault.documents.values())
    withheld = {state.withheld.path: state.withheld for state in states if state.withheld}
    versions = [published_versions(known.vault, known.config) for known in (before, after)]
    for flag, known in zip(unreadable, versions, strict=True):
        if A in known:
            known[A] = replace(known[A], unreadable=flag)
    around = Surroundings(after.index.resolve, after.vault.files, withheld)
    found = compare(versions[0], versions[1], {}, around)
    assert [change.kind for change in found] == expected


def test_a_version_did_not_change_since_itself() -> None:
    known = context({A: claim(body=related("b")), B: claim()})
    versions = published_versions(known.vault, known.config)
    assert compare(versions, versions, {}, Surroundings(known.index.resolve)) == ()


def test_the_order_in_which_notes_come_does_not_count() -> None:
    before = context({A: claim(), B: claim()})
    after = context({A: claim(body=related("b")), B: claim(body=related("a"))})
    around = Surroundings(after.index.resolve, after.vault.files, {})
    old, new = (published_versions(one.vault, one.config) for one in (before, after))
    for versions in (new, dict(reversed(new.items()))):
        (found,) = compare(old, versions, {}, around)
        assert (found.kind, found.path, found.after) == ("linked", A, B)

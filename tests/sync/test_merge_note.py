"""What becomes of a note that both sides of a merge changed."""

from __future__ import annotations

import pytest
from tests.blocks.sample import TOML, block

from vaultsync.core.config.read import load_config
from vaultsync.sync.merge_note import Merged, merge_note

CONFIG = load_config(TOML.replace('required = ["title", "status"]', 'checked = "checked"'))
BASE = """\
---
title: A
status: open
tags:
  - x
  - y
---

It holds.

Prose.

## Sources

- original: [S](https://example.org/1), Ada 2024
- contrary: [T](https://example.org/2), Bob 2025

## Related

- [[b]]: because

## Open questions

- Why?
"""


def changed(*changes: tuple[str, str], base: str = BASE) -> str:
    """Return the base with texts replaced, each of which is in it."""
    for old, new in changes:
        assert old in base
        base = base.replace(old, new, 1)
    return base


def merged(ours: str, theirs: str, base: str = BASE, path: str = "Claims/a.md") -> Merged:
    return merge_note(path, (base, ours, theirs), CONFIG)


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        # Properties: each key by itself, lists as sets.
        ([("title: A", "title: B")], [("status: open", "status: settled")], []),
        ([("tags:", "n: 1\ntags:")], [("---\n\n", "m: 2\n---\n\n")], []),
        (
            [("  - x\n", "  - x\n  - ours\n")],
            [("  - y\n", "  - theirs\n")],
            [("  - x\n  - y\n", "  - x\n  - theirs\n  - ours\n")],
        ),
        # Items by what they are about.
        (
            [("- contrary", "- supporting: [U](https://example.org/3)\n- contrary")],
            [("Bob 2025", "Bob 2025; page 3")],
            [],
        ),
        (
            [("- original: [S](https://example.org/1), Ada 2024\n", "")],
            [("Bob 2025", "Bob 2026")],
            [],
        ),
        ([("- Why?", "- Why? answered: [[c]]")], [("- Why?", "- How?\n- Why?")], []),
        ([("[[b]]: because", "[[b]]: since")], [("- [[b]]", "- [[c]]: as\n- [[b]]")], []),
        # Of what one side deleted and the other changed, the change stays.
        ([("Prose.\n\n", "")], [("Prose.", "Poem.")], [("Prose.", "Poem.")]),
        ([("Prose.", "Poem.")], [("Prose.\n\n", "")], [("Prose.", "Poem.")]),
        # The claim and the prose are parts of their own.
        ([("It holds.", "It may hold.")], [("Prose.", "Poem.")], []),
    ],
)
def test_changes_of_different_parts_are_both_in(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]], both: list[tuple[str, str]]
) -> None:
    found = merged(changed(*ours), changed(*theirs))
    assert found == Merged(changed(*(both or [*ours, *theirs])), 0)


@pytest.mark.parametrize(
    ("ours", "theirs", "both"),
    [
        (
            ("status: open", "status: mine"),
            ("status: open", "status: yours"),
            "status: yours\n# [!conflict] status: mine",
        ),
        (
            ("status: open", "status: [mine]"),
            ("status: open", "status: yours"),
            "status: yours\n# [!conflict] status: [mine]",
        ),
        # A remark in a list would be lost.
        (
            ("tags:\n  - x", "tags:\n  - mine # why\n  - x"),
            ("tags:\n  - x", "tags:\n  - yours\n  - x"),
            (
                "tags:\n  - yours\n  - x\n  - y\n"
                "# [!conflict] tags:\n# [!conflict]   - mine # why\n"
                "# [!conflict]   - x\n# [!conflict]   - y"
            ),
        ),
        # A claim that nobody wrote has no source.
        (
            ("It holds.", "It holds.\nFirst mine."),
            ("It holds.", "Yours.\nIt holds."),
            (
                "Yours.\nIt holds.\n\n> [!conflict] Instead of the block above:\n"
                "> It holds.\n> First mine."
            ),
        ),
        (
            ("Prose.", "Mine.\n\nMore."),
            ("Prose.", "Yours.\n\nElse."),
            "Yours.\n\nElse.\n\n> [!conflict] Instead of the 2 blocks above:\n> Mine.\n>\n> More.",
        ),
        (
            ("- Why?", "- Why? answered: [[c]]"),
            ("- Why?", "- Why? answered: [[d]]"),
            (
                "- Why? answered: [[d]]\n\n> [!conflict] Instead of the block above:\n"
                "> - Why? answered: [[c]]"
            ),
        ),
    ],
)
def test_a_part_that_both_changed_is_there_twice(
    ours: tuple[str, str], theirs: tuple[str, str], both: str
) -> None:
    # What is expected takes the place of what their change made.
    expected = changed(theirs).replace(theirs[1], both, 1)
    if "tags" in both:
        expected = changed(("tags:\n  - x\n  - y", both))
    assert merged(changed(ours), changed(theirs)) == Merged(expected, 1)


def test_lines_of_one_block_may_be_changed_by_both() -> None:
    prose = "One.\nTwo.\nThree.\nFour."
    base = changed(("Prose.", prose), ("- Why?", "- Why?\n\n## Else\n\nText."))
    ours = changed(("One.", "1."), ("Text.", "Mine."), base=base)
    theirs = changed(("Four.", "4."), ("Text.", "Yours."), base=base)
    found = merged(ours, theirs, base)
    assert "1.\nTwo.\nThree.\n4." in found.text
    assert found.text.endswith("Yours.\n\n> [!conflict] Instead of the block above:\n> Mine.\n")


def test_flow_lists_stay_in_brackets() -> None:
    base = "---\ntags: [x]\n---\n"
    found = merged("---\ntags: [x, a]\n---\n", "---\ntags: [b, x]\n---\n", base)
    assert found == Merged("---\ntags: [b, x, a]\n---\n", 0)
    gone = merged("---\ntags: [a]\n---\n", "---\ntags:\n  - x\n  - b\n---\n", base)
    assert gone == Merged("---\ntags:\n  - b\n  - a\n---\n", 0)


def test_lists_in_a_list_are_not_merged() -> None:
    base = "---\ntags: [x]\n---\n"
    found = merged("---\ntags: [[a]]\n---\n", "---\ntags: [b]\n---\n", base)
    assert found == Merged("---\ntags: [b]\n# [!conflict] tags: [[a]]\n---\n", 1)


def test_values_that_differ_in_their_form_alone_are_theirs() -> None:
    found = merged(changed(("status: open", "status: 'new'")), changed(("open", "new")))
    assert found == Merged(changed(("open", "new")), 0)


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"),
    [
        ([("---\n\n", "checked: 2026-02-02\n---\n\n")], [("It holds.", "It may hold.")], False),
        ([("It holds.", "It may.")], [("---\n\n", "checked: 2026-02-02\n---\n\n")], False),
        (
            [("---\n\n", "checked: 2026-02-02\n---\n\n")],
            [("example.org/1", "example.org/9")],
            False,
        ),
        ([("---\n\n", "checked: 2026-02-02\n---\n\n")], [("Prose.", "Poem.")], True),
    ],
)
def test_a_check_falls_if_the_other_side_changed_what_was_checked(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]], *, kept: bool
) -> None:
    assert ("checked: 2026-02-02" in merged(changed(*ours), changed(*theirs)).text) is kept


def test_sections_that_one_side_moved_are_where_it_moved_them() -> None:
    related = "## Related\n\n- [[b]]: because\n\n"
    moved = changed((related, "")).replace("## Sources", f"{related}## Sources")
    edited = changed(("Bob", "Eve"))
    both = changed(("Bob", "Eve"), base=moved)
    assert merged(moved, edited) == merged(edited, moved) == Merged(both, 0)


def test_what_is_behind_a_section_is_text() -> None:
    base = changed(("## Related", "## Notes\n\nA note.\n\n## Sources\n\nAgain.\n\n## Related"))
    ours = changed(("A note.", "My note."), base=base)
    theirs = changed(("Again.", "And again."), ("- [[b]]", "- [[c]]\n- [[b]]"), base=base)
    both = changed(("Again.", "And again."), ("- [[b]]", "- [[c]]\n- [[b]]"), base=ours)
    assert merged(ours, theirs, base) == Merged(both, 0)


def test_items_about_the_same_are_kept_apart() -> None:
    base = changed(("- Why?", "- Why?\n- Why?\n\nBetween."))
    ours, theirs = changed(("- Why?", "- So?"), base=base), changed(("Between", "Amid"), base=base)
    assert merged(ours, theirs, base).text.count("Why?") == 1


def test_a_note_that_both_added_has_no_base() -> None:
    found = merged("---\ntitle: A\n---\n\nIt is mine.\n", "---\nn: 1\n---\n\nYours.\n", "")
    assert found.text == (
        "---\ntitle: A\nn: 1\n---\n\nYours.\n\n"
        "> [!conflict] Instead of the block above:\n> It is mine.\n"
    )
    plain = merged("Mine.\n", "Yours.\n", "", "b.md")
    assert plain.text == "Yours.\n\n> [!conflict] Instead of the block above:\n> Mine.\n"


def test_line_ends_follow_the_side_that_changed_them() -> None:
    ours, theirs = changed(("title: A", "title: B")), changed(("Prose.", "Poem."))
    both = changed(("title: A", "title: B"), ("Prose.", "Poem."))
    windows = both.replace("\n", "\r\n")
    assert merged(ours.replace("\n", "\r\n"), theirs).text == windows
    assert merged(ours, theirs.replace("\n", "\r\n")).text == windows
    assert merged(ours, f"\ufeff{theirs.rstrip()}").text == f"\ufeff{both.rstrip()}"


@pytest.mark.parametrize(
    "front",
    ["title: [", "{title: A}", "a: 1\na: 2", "<<<<<<< o\nt: 1\n=======\nt: 2\n>>>>>>> t"],
)
def test_properties_that_cannot_be_divided_are_merged_by_lines_or_not_at_all(front: str) -> None:
    base = f"---\n{front}\n---\n\nOne.\n\nTwo.\n\nThree.\n"
    ours, theirs = base.replace("One.", "1."), base.replace("Three.", "3.")
    assert merged(ours, theirs, base).text == ours.replace("Three.", "3.")
    clash = merged(ours, base.replace("One.", "I."), base)
    assert clash.conflicts == 1
    assert "> [!conflict] Instead of the whole note:\n> ---" in clash.text
    assert "\n> 1.\n" in clash.text
    assert "\nI.\n" in clash.text


def test_a_callout_that_would_be_code_is_above_the_note() -> None:
    base = "Text.\n\n```\ncode\n"
    found = merged(base.replace("code", "mine"), base.replace("code", "yours"), base, "b.md")
    assert found.conflicts == 1
    assert found.text.startswith("> [!conflict] Instead of the whole note:\n> Text.\n")
    assert found.text.endswith("```\nyours\n")


def test_generated_blocks_are_as_in_theirs() -> None:
    base = block("todos", "- old") + "\n\nText.\n"
    ours = block("todos", "- ours") + "\n\nMine.\n"
    theirs = block("todos", "- theirs") + "\n\nText.\n"
    found = merged(ours, theirs, base, "Index.md")
    assert found == Merged(block("todos", "- theirs") + "\n\nMine.\n", 0)


def test_a_journal_has_the_lines_of_both_sides() -> None:
    base = block("changelog", "### 2026-01-02\n\n- Old.\n- Undone.") + "\n"
    ours = block("changelog", "### 2026-01-03\n\n- Ours.\n\n### 2026-01-02\n\n- Old.\n- Undone.")
    theirs = block("changelog", "### 2026-01-02\n\n- Theirs.\n- Old.") + "\n"
    found = merged(f"{ours}\n", theirs, base, "Changelog.md")
    lines = "### 2026-01-03\n\n- Ours.\n\n### 2026-01-02\n\n- Old.\n- Theirs."
    assert found == Merged(block("changelog", lines) + "\n", 0)

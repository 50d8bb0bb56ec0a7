"""What becomes of a note that both sides of a merge changed."""

from __future__ import annotations

import pytest
from tests.blocks.sample import TOML, block

from vaultsync.core.config.read import load_config
from vaultsync.core.text import apply_edits
from vaultsync.markdown import parse
from vaultsync.markdown.conflict_callouts import find_callouts
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
        # What is new at the end has a blank line before it.
        ([("- Why?\n", "- Why?\n\n## Else\n\nText.\n")], [("Bob 2025", "Bob 2026")], []),
        # Of what one side deleted and the other changed, the change stays.
        ([("Prose.\n\n", "")], [("Prose.", "Poem.")], [("Prose.", "Poem.")]),
        ([("Prose.", "Poem.")], [("Prose.\n\n", "")], [("Prose.", "Poem.")]),
        # What both deleted is gone.
        (
            [("  - x\n", ""), ("- contrary: [T](https://example.org/2), Bob 2025\n", "")],
            [("title: A", "title: B"), ("- contrary: [T](https://example.org/2), Bob 2025\n", "")],
            [
                ("title: A", "title: B"),
                ("  - x\n", ""),
                ("- contrary: [T](https://example.org/2), Bob 2025\n", ""),
            ],
        ),
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
            ("## Sources", "## SOURCES"),
            ("## Sources", "## sources"),
            "## sources\n\n> [!conflict] Instead of the block above:\n> ## SOURCES",
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


def test_lines_that_are_alike_are_told_apart_by_those_around_them() -> None:
    base = "a\nb\n" * 200
    assert merged(f"mine\n{base}", f"{base}yours\n", base, "b.md") == Merged(
        f"mine\n{base}yours\n", 0
    )


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
        ([("---\n\n", "checked: 2026-02-02\n---\n\n")], [("title: A", "title: A b")], True),
    ],
)
def test_a_check_falls_if_the_other_side_changed_what_was_checked(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]], *, kept: bool
) -> None:
    assert ("checked: 2026-02-02" in merged(changed(*ours), changed(*theirs)).text) is kept


def test_a_day_of_a_check_that_nobody_or_the_other_side_wrote_stays() -> None:
    base = changed(("---\n\n", "checked: 2026-01-01\n---\n\n"))
    ours, theirs = ("Prose.", "Poem."), ("It holds.", "It may hold.")
    found = merged(changed(ours, base=base), changed(theirs, base=base), base)
    assert found == Merged(changed(ours, theirs, base=base), 0)
    # Who changed the claim checked it too.
    mine, yours = ("2026-01-01", "2026-02-02"), ("2026-01-01", "2026-03-03")
    found = merged(changed(mine, base=base), changed(yours, theirs, base=base), base)
    assert found == Merged(changed(yours, theirs, base=base), 0)


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


def test_a_section_holds_what_is_below_smaller_headings() -> None:
    base = changed(("- contrary", "\n### Later\n\n- contrary"))
    ours = ("- contrary", "- supporting: [U](https://example.org/3)\n- contrary")
    theirs = ("Bob 2025", "Bob 2025; page 3")
    found = merged(changed(ours, base=base), changed(theirs, base=base), base)
    assert found == Merged(changed(ours, theirs, base=base), 0)


def test_a_larger_heading_with_the_name_of_a_section_begins_none() -> None:
    base = changed(("## Open questions", "# Open questions"))
    ours, theirs = ("- Why?", "- Why?\n- How?"), ("questions\n", "questions\n\nThese:\n")
    found = merged(changed(ours, base=base), changed(theirs, base=base), base)
    assert found == Merged(changed(ours, theirs, base=base), 0)


def test_a_note_may_begin_with_a_section() -> None:
    base = changed(("It holds.\n\nProse.\n\n", ""))
    ours, theirs = ("Ada 2024", "Ada 2020"), ("- Why?", "- How?")
    found = merged(changed(ours, base=base), changed(theirs, base=base), base)
    assert found == Merged(changed(ours, theirs, base=base), 0)


def test_an_item_and_what_is_below_it_are_one_part() -> None:
    base = changed(("- Why?", "- Why?\n  - Since when?"))
    ours, theirs = ("- Why?", "- Why? answered: [[c]]"), ("Since", "From")
    found = merged(changed(ours, base=base), changed(theirs, base=base), base)
    callout = (
        "> [!conflict] Instead of the block above:\n> - Why? answered: [[c]]\n>   - Since when?"
    )
    assert found == Merged(f"{changed(theirs, base=base)}\n{callout}\n", 1)


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
    added = merged("It holds.\n\nMine.\n", "It may hold.\n", "It holds.\n")
    assert added == Merged("It may hold.\n\nMine.\n", 0)
    plain = merged("Mine.\n", "Yours.\n", "", "b.md")
    assert plain.text == "Yours.\n\n> [!conflict] Instead of the block above:\n> Mine.\n"


def test_line_ends_follow_the_side_that_changed_them() -> None:
    ours, theirs = changed(("title: A", "title: B")), changed(("Prose.", "Poem."))
    both = changed(("title: A", "title: B"), ("Prose.", "Poem."))
    windows = both.replace("\n", "\r\n")
    assert merged(ours.replace("\n", "\r\n"), theirs).text == windows
    assert merged(ours, theirs.replace("\n", "\r\n")).text == windows
    assert merged(ours, f"\ufeff{theirs.rstrip()}").text == f"\ufeff{both.rstrip()}"
    plain = "\ufeffOne.\nTwo.\nThree.\n"
    found = merged(plain.replace("One", "1"), plain.replace("Three", "3"), plain, "b.md")
    assert found.text == "\ufeff1.\nTwo.\n3.\n"


@pytest.mark.parametrize(
    "front",
    ["title: [", "{title: A}", "a: 1\na: 2", "<<<<<<< o\nt: 1\n=======\nt: 2\n>>>>>>> t"],
)
def test_properties_that_cannot_be_divided_are_merged_by_lines_or_not_at_all(front: str) -> None:
    base = f"---\n{front}\n---\n\nOne.\n\nTwo.\n\nThree.\n"
    ours, theirs = base.replace("One.", "1."), base.replace("Three.", "3.")
    assert merged(ours, theirs, base).text == ours.replace("Three.", "3.")
    clash = merged(ours, base.replace("One.", "I."), base)
    quoted = "> ---\n{}> ---\n>\n> 1.\n>\n> Two.\n>\n> Three.\n"
    mine = quoted.format("".join(f"> {line}\n" for line in front.splitlines()))
    assert clash == Merged(
        f"---\n{front}\n---\n> [!conflict] Instead of the whole note:\n{mine}\n"
        "I.\n\nTwo.\n\nThree.\n",
        1,
    )


def test_a_note_with_a_conflict_of_a_merge_is_not_divided() -> None:
    marks = "<<<<<<< o\nOne.\n=======\nTwo.\n>>>>>>> t\n"
    base = f"---\ntags: [x]\n---\n\nFirst.\n\n{marks}\nLast.\n"
    ours, theirs = base.replace("First", "1"), base.replace("Last", "9")
    assert merged(ours, theirs, base) == Merged(ours.replace("Last", "9"), 0)
    ours, theirs = base.replace("[x]", "[x, a]"), base.replace("[x]", "[b, x]")
    found = merged(ours, theirs, base)
    assert found.text.startswith("---\ntags: [b, x]\n---\n> [!conflict] Instead of the whole note:")


def test_properties_that_cannot_be_read_together_are_not_merged() -> None:
    base = "---\na: &x 1\nc: 2\n---\n\nText.\n"
    found = merged(changed(("c: 2", "c: 2\nb: *x"), base=base), base.replace("&x ", ""), base)
    assert found.conflicts == 1
    assert found.text.startswith("---\na: 1\nc: 2\n---\n> [!conflict] Instead of the whole note:")


def test_a_callout_that_would_be_code_is_above_the_note() -> None:
    base = "Text.\n\n```\ncode\n"
    ours, theirs = base.replace("code", "mine"), base.replace("code", "yours")
    found = merged(ours, theirs, base, "b.md")
    assert found.conflicts == 1
    assert found.text.startswith("> [!conflict] Instead of the whole note:\n> Text.\n")
    assert found.text.endswith("```\nyours\n")
    (callout,) = find_callouts(parse("b.md", found.text))
    assert apply_edits(found.text, [callout.resolved(found.text, "ours")]) == ours
    assert apply_edits(found.text, [callout.resolved(found.text, "theirs")]).lstrip() == theirs


def test_generated_blocks_are_as_in_theirs() -> None:
    base = block("todos", "- old") + "\n\nText.\n"
    ours = block("todos", "- ours") + "\n\nMine.\n"
    theirs = block("todos", "- theirs") + "\n\nText.\n"
    found = merged(ours, theirs, base, "Index.md")
    assert found == Merged(block("todos", "- theirs") + "\n\nMine.\n", 0)


def test_generated_blocks_are_as_in_ours_where_theirs_are_old() -> None:
    base = block("todos", "- old") + "\n\nText.\n"
    ours, theirs = base.replace("- old", "- ours"), base.replace("Text", "Theirs")
    found = merged(ours, theirs, base, "Index.md")
    assert found == Merged(block("todos", "- ours") + "\n\nTheirs.\n", 0)
    assert merged(theirs, ours, base, "Index.md") == found


def test_a_journal_has_the_lines_of_both_sides() -> None:
    base = block("changelog", "### 2026-01-02\n\n- Old.\n- Undone.") + "\n"
    ours = block("changelog", "### 2026-01-03\n\n- Ours.\n\n### 2026-01-02\n\n- Old.\n- Undone.")
    theirs = block("changelog", "### 2026-01-02\n\n- Theirs.\n- Old.") + "\n"
    found = merged(f"{ours}\n", theirs, base, "Changelog.md")
    lines = "### 2026-01-03\n\n- Ours.\n\n### 2026-01-02\n\n- Old.\n- Theirs."
    assert found == Merged(block("changelog", lines) + "\n", 0)
    back = merged(theirs, f"{ours}\n", base, "Changelog.md")
    assert back.text == found.text.replace("- Old.\n- Theirs.", "- Theirs.\n- Old.")

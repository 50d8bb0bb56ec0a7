"""The journal: read, added to, and shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.blocks.sample import TOML, block, content, context, note

from vaultsync.blocks.context import Decoration
from vaultsync.blocks.fill import fill
from vaultsync.blocks.journal import (
    DayEntry,
    Journal,
    day_entries,
    journal_in,
    parse_journal,
    visible_journal,
)
from vaultsync.blocks.quote import find_blocks
from vaultsync.markdown import parse

TEXT = """Written by hand.

### 2025-03-02

- Added [[a|A]]
- Added [[b|B]]

### 2025-01-02
- Initial post

  with a second paragraph
* Starred


### 2024-12-31

Prose alone."""


def test_a_journal_is_days_with_lines() -> None:
    journal = parse_journal(TEXT)
    assert journal.head == "Written by hand.\n\n"
    assert [(day.date, day.lines) for day in journal.days] == [
        ("2025-03-02", ("Added [[a|A]]", "Added [[b|B]]")),
        ("2025-01-02", ("Initial post", "Starred")),
        ("2024-12-31", ()),
    ]
    assert ("2025-01-02", "Starred") in journal.lines


LINES = st.sampled_from(
    [
        *("### 2025-01-02", "### 2025-01-02 ", "###\t2024-02-30", "## 2025-01-02", "### 2025-1-2"),
        *("### 2025-01-02: no", "- a", "* b", "- ", "text", "```", "  ", "", ""),
    ]
)
TEXTS = st.lists(LINES, max_size=12).map(lambda lines: "\n".join(lines).strip("\n"))
DATES = st.sampled_from(["2023-01-01", "2024-02-30", "2025-01-02", "2026-12-31"])


@given(TEXTS)
def test_what_is_written_is_written_back(text: str) -> None:
    assert parse_journal(text).text() == text


@given(TEXTS, DATES)
def test_adding_leaves_all_that_was_there_and_can_be_undone(text: str, date: str) -> None:
    journal = parse_journal(text)
    added = journal.add(date, "new").add(date, "newer")
    again = parse_journal(added.text())
    assert again.lines == journal.lines | {(date, "new"), (date, "newer")}
    kept = [line for line in added.text().split("\n") if line not in {"- new", "- newer"}]
    was = text.split("\n")
    assert [line for line in kept if line and line != f"### {date}"] == [
        line for line in was if line and line != f"### {date}"
    ]
    left = again.without(frozenset({(date, "new"), (date, "newer")}))
    assert left.lines == journal.lines


def test_removing_nothing() -> None:
    journal = parse_journal(TEXT)
    assert journal.without(frozenset()).text() == TEXT


@pytest.mark.parametrize(
    ("before", "date", "after"),
    [
        ("", "2025-01-02", "### 2025-01-02\n\n- new"),
        ("Head", "2025-01-02", "Head\n\n### 2025-01-02\n\n- new"),
        (
            "### 2025-01-01\n- a",
            "2025-01-02",
            "### 2025-01-02\n\n- new\n\n### 2025-01-01\n- a",
        ),
        (
            "### 2025-01-03\n- a",
            "2025-01-02",
            "### 2025-01-03\n- a\n\n### 2025-01-02\n\n- new",
        ),
        (
            "### 2025-01-03\n\n- a\n### 2025-01-01\n\n- b",
            "2025-01-02",
            "### 2025-01-03\n\n- a\n\n### 2025-01-02\n\n- new\n\n### 2025-01-01\n\n- b",
        ),
        ("### 2025-01-02\n- a\n\n\n", "2025-01-02", "### 2025-01-02\n- a\n- new"),
        ("### 2025-01-02", "2025-01-02", "### 2025-01-02\n\n- new"),
        (
            "### 2025-01-02\n### 2025-01-01\n- b",
            "2025-01-02",
            "### 2025-01-02\n\n- new\n\n### 2025-01-01\n- b",
        ),
    ],
)
def test_where_a_line_goes(before: str, date: str, after: str) -> None:
    assert parse_journal(before).add(date, "new").text() == after


def test_lines_go_from_their_day_alone() -> None:
    text = "### 2025-01-02\n\n- a\n- b\n\n### 2025-01-01\n\n- a\n\n### 2024-01-01"
    journal = parse_journal(text)
    assert journal.without(frozenset({("2025-01-02", "a")})).text() == (
        "### 2025-01-02\n\n- b\n\n### 2025-01-01\n\n- a\n\n### 2024-01-01"
    )
    assert journal.without(frozenset({("2025-01-01", "a")})).text() == (
        "### 2025-01-02\n\n- a\n- b\n\n### 2024-01-01"
    )


def shown(journal: str, opener: str, path: str = "Post.md") -> str:
    """Return what a block shows of a journal."""
    files = {"Changelog.md": block("changelog", journal), path: block(opener)}
    if path == "Changelog.md":
        files[path] = f"{block('changelog', journal)}\n{block(opener)}"
    bound = context(files)
    filled = parse(path, fill(bound.vault.documents[path], bound, "history"))
    return find_blocks(filled)[0][-1].content(filled.text)


def test_other_notes_show_the_journal_in_full() -> None:
    assert shown(TEXT, "changelog") == TEXT
    assert shown(TEXT, 'changelog style="full"') == TEXT


@pytest.mark.parametrize(
    ("journal", "expected"),
    [
        (
            TEXT,
            (
                "- 2 Mar: Added [[a|A]], [[b|B]]\n"
                "- 2 Jan: Initial post; Starred\n"
                "- 31 Dec 2024: Prose alone."
            ),
        ),
        (
            (
                "### 2025-01-02\n\n- Moved in\n- Added [[a]]\n- Reworded [[b|B]]: “x” → “y”\n"
                "- Renamed [[c]], before: Claims/d\n- Removed “E”\n- Linked [[a]] with [[b]]\n"
                "- Added [[f|a [b] c]]\n- GPT-4 came\n- Split [[a]] into [[b]] and [[c]]"
            ),
            (
                "- 2 Jan: Moved in; added [[a]], [[f|a [b] c]]; reworded [[b|B]]; renamed [[c]]; "
                "removed “E”; linked [[a]] with [[b]]; GPT-4 came; Split [[a]] into [[b]] and [[c]]"
            ),
        ),
        ("### 2025-13-45\n\n- a", "- 2025-13-45: a"),
        ("### 2025-01-02\n\n### 2024-01-02\n\n- a", "- 2 Jan: a"),
        ("### 2025-01-02\n\n- a\n\n%%\n- SECRET\n%%", "- 2 Jan: a"),
        ("No day.", ""),
        ("", ""),
    ],
)
def test_short_is_a_line_a_day(journal: str, expected: str) -> None:
    assert shown(journal, 'changelog style="short"') == expected


def test_short_counts_the_notes_of_a_verb_that_are_many() -> None:
    def summary(count: int) -> str:
        lines = [f"- Reworded [[n{n}]] on [[a]]: “x” → “y”" for n in range(count)]
        lines += ["- Reworded [[n1]]", "- Added [[b]]"]
        return shown("### 2025-01-02\n\n" + "\n".join(lines), 'changelog style="short"')

    names = ", ".join(f"[[n{n}]] on [[a]]" for n in range(4))
    assert summary(4) == f"- 2 Jan: Reworded {names}, [[n1]]; added [[b]]"
    assert summary(5) == "- 2 Jan: Reworded 5 notes; added [[b]]"


def test_short_keeps_counts_and_moves() -> None:
    lines = "- Added 12 notes: 10 frames, 2 questions\n- Moved [[a]] from `x/` to `y/`"
    expected = "- 2 Jan: Added 12 notes: 10 frames, 2 questions; moved [[a]]"
    assert shown(f"### 2025-01-02\n\n{lines}", 'changelog style="short"') == expected


def test_a_second_block_in_the_changelog_note_shows_the_first() -> None:
    assert shown("### 2025-01-02\n\n- a", 'changelog style="short"', "Changelog.md") == "- 2 Jan: a"


def test_the_journal_itself_is_never_filled() -> None:
    files = {"Changelog.md": block('changelog style="short"', TEXT)}
    bound = context(files)
    assert fill(bound.vault.documents["Changelog.md"], bound, "history") == files["Changelog.md"]


def test_no_journal() -> None:
    assert journal_in(None) == Journal()
    assert journal_in(parse("Changelog.md", note("Text."))) == Journal()
    assert journal_in(parse("Changelog.md", block("stats"))) == Journal()


NEWEST = """Prose.

### 2026-03-01

- Moved [[a]], area: x → y
- Retired [[r]]
- By hand: [[b]]
- Removed “Gone”

### 2026-02-31

- Added [[a]]

### 2026-01-01

- Initial post: 2 claims

### 2025-01-01

- Added [[a]]
"""


def test_recent_shows_the_newest_lines() -> None:
    files = {"Changelog.md": block("changelog", NEWEST)}
    assert content('recent count="5"', files) == (
        "- 1 Mar: Moved [[a]], area: x → y\n- 1 Mar: Retired [[r]]\n- 1 Mar: By hand: [[b]]\n"
        "- 1 Mar: Removed “Gone”\n- 2026-02-31: Added [[a]]"
    )
    assert content("recent", files) == content('recent count="5"', files)
    assert content('recent count="99"', files).endswith(
        "- 1 Jan: Initial post: 2 claims\n- 1 Jan 2025: Added [[a]]"
    )
    assert content("recent", {}) == ""


def test_each_day_that_says_something_is_an_entry() -> None:
    text = (
        "Head.\n\n### 2026-01-02\n\n- Added [[a]]\n\n%%\n- SECRET\n%%\n\n### 2026-01-03\n\n"
        "### 2025-12-24\n\nProse.\n\n### 2026-01-02\n\n- Once more\n"
    )
    journal = visible_journal(context({"Changelog.md": block("changelog", text)}))
    assert tuple(day_entries(journal)) == (
        DayEntry(
            "changelog-2026-01-02",
            "2026-01-02",
            "2 Jan 2026",
            "- Added [[a]]\n\n- Once more",
        ),
        DayEntry("changelog-2025-12-24", "2025-12-24", "24 Dec 2025", "Prose."),
    )


def merged(ours: str, theirs: str, around: str = "{}") -> str:
    """Return the journal of a note in which a merge left a conflict."""
    conflict = f"<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> other"
    return journal_in(parse("Changelog.md", block("changelog", around.format(conflict)))).text()


def test_a_journal_in_conflict_has_the_lines_of_both_sides_by_day() -> None:
    ours = "### 2026-01-03\n\n- A\n\n### 2026-01-02\n\n- B\n- C"
    theirs = "### 2026-01-04\n\n- D\n\n### 2026-01-02\n\n- C\n- E\n\n### 2026-01-02\n\n- F"
    below = "### 2026-01-01\n\n- G\n\nSome words.\n\nMore."
    assert merged(ours, theirs, f"Head.\n\n{{}}\n\n{below}") == (
        "Head.\n\n### 2026-01-04\n\n- D\n\n### 2026-01-03\n\n- A\n\n"
        f"### 2026-01-02\n\n- B\n- C\n- E\n- F\n\n{below}"
    )


def test_no_word_of_a_journal_in_conflict_is_lost() -> None:
    day = "### 2026-01-02"
    assert merged(f"One.\n\n{day}\n\n- A", f"Two.\n\n{day}\n\nWords.") == (
        f"One.\n\nTwo.\n\n{day}\n\n- A\n\nWords."
    )
    assert merged("- A", "- B", f"{day}\n\n{{}}") == f"{day}\n\n- A\n- B"


def test_a_conflict_elsewhere_leaves_the_journal_as_it_is() -> None:
    journal = "### 2026-01-01\n- A\n\n\n### 2026-01-02\n- B"
    text = f"<<<<<<< HEAD\n\n{block('changelog', journal)}"
    assert journal_in(parse("Changelog.md", text)).text() == journal


SECRET = note(
    "SECRET.", title="A Secret claim", publish="false", aliases='["once\\nso called", Odd]'
)
WITHHELD = """Head on a secret  claim.

### 2026-01-04

- Withheld 1 note
- Added [[open|A secret claims]]
- Odd ends

### 2026-01-03

- Added [[hidden|SECRET]]
  - SECRET 57 %

    SECRET 75 %
- Linked [[open]] with [[hidden|SECRET]]
- Reworded [[hidden|SECRET]]: “SECRET 57 %” → “SECRET 75 %”
* Removed “A secret claim”
- Merged “Odd” into [[open]] SECRET
- Merged “Once so called” into [[open]]
- On [[hidden|what is kept back]], in my words
- Kept

By hand, A SECRET claim.

### 2026-01-02

- Added [[hidden|SECRET]]

### 2026-01-01
"""
SHOWN = """### 2026-01-04

- Withheld 1 note
- Added [[open|A secret claims]]
- Odd ends

### 2026-01-03

- On [[hidden|what is kept back]], in my words
- Kept

### 2026-01-01"""


@pytest.mark.parametrize("toml", [TOML, ""])
def test_what_names_a_private_note_is_shown_nowhere(toml: str) -> None:
    files = {
        "Claims/hidden.md": SECRET,
        "Claims/open.md": note("Open.", title="Open"),
        "Changelog.md": block("changelog", WITHHELD),
        "Post.md": block("changelog") + block('changelog style="short"') + block("recent"),
    }
    found = context(files, toml)
    assert visible_journal(found).text() == SHOWN
    text = fill(found.vault.documents["Post.md"], found, "history")
    assert "SECRET" not in text.upper().replace("SECRET CLAIMS", "")
    assert text.count("in my words") == 3
    # The journal itself stays as it is, but not where readers see it.
    note_itself = found.vault.documents["Changelog.md"]
    assert fill(note_itself, found, "history") == note_itself.text
    readers = found.decorated(Decoration(readers=True))
    assert fill(note_itself, readers, "history") == block("changelog", SHOWN)


def test_a_journal_is_tidied_after_a_merge() -> None:
    untidy = (
        "Head.\n\n### 2026-01-02\n- Added [[a|A]]\n- mine\n- Added [[a|A]]\n- mine\n\n"
        "### 2026-01-03\n\n### 2026-01-04\n- late\n### 2026-01-02\n\n- Added [[b|B]]\n- mine\n"
    )
    journal = parse_journal(untidy).tidied()
    # A line of the author's may be there twice.
    assert journal.text() == (
        "Head.\n\n### 2026-01-04\n\n- late\n\n"
        "### 2026-01-02\n\n- Added [[a|A]]\n- mine\n- mine\n- Added [[b|B]]"
    )
    assert journal.tidied() is journal


@pytest.mark.parametrize("text", ["", "Head.", TEXT, "### 2026-01-02\n- a\n\n\n### 2026-01-01\nb"])
def test_what_is_tidy_stays_as_it_is_written(text: str) -> None:
    journal = parse_journal(text)
    assert journal.tidied() is journal


def test_prose_of_both_sides_of_a_day_is_kept() -> None:
    days = "### 2026-01-02\n\n{}\n\n"
    found = parse_journal("".join(map(days.format, ["- one", "Prose.", "Prose."]))).tidied()
    assert found.text() == "### 2026-01-02\n\n- one\n\nProse."


@given(TEXTS)
def test_tidying_twice_is_tidying_once(text: str) -> None:
    journal = parse_journal(text).tidied()
    assert parse_journal(journal.text()).tidied().text() == journal.text()
    dates = [day.date for day in journal.days]
    assert dates == sorted({*dates}, reverse=True)
    assert journal.lines == parse_journal(text).lines


def test_a_line_is_in_a_merged_journal_once_wherever_its_links_lead() -> None:
    sides = "<<<<<<< HEAD\n- Added A\n=======\n- Added [[a|A]]\n- Added [[b]]\n>>>>>>> side"
    text = block("changelog", f"### 2026-01-02\n\n{sides}")
    assert journal_in(parse("Changelog.md", text.encode())).lines == {
        ("2026-01-02", "Added A"),
        ("2026-01-02", "Added [[b]]"),
    }

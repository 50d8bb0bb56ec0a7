"""The history of single notes, as far as the journal tells readers of it."""

from __future__ import annotations

import pytest
from tests.blocks.sample import NOTES, TOML, block, context
from tests.publish.pages import Page, published

from vaultsync.publish.compose.details import HistoryEntry, NoteHistory, note_history

POST = block("notes") + block("changelog")


def days(*lines: str, post: str = POST) -> NoteHistory:
    journal = "### 2026-01-02\n\n" + "\n".join(f"- {line}" for line in lines)
    files = {**NOTES, "Post.md": post, "Changelog.md": block("changelog", journal)}
    return note_history(context(files))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Added [[bridges|B]]", "Added"),
        ("Reworded [[bridges]]: “a” → “b”", "Reworded: “a” → “b”"),
        ("Cited in [[bridges]]: [A](https://e.org)", "Cited: [A](https://e.org)"),
        (
            "No longer cited in [[bridges]]: [A](https://e.org)",
            "No longer cited: [A](https://e.org)",
        ),
        ("Asked in [[bridges]]: “q?”", "Asked: “q?”"),
        ("Answered in [[bridges]]: “q?”", "Answered: “q?”"),
        ("Dropped from [[bridges]]: “q?”", "Dropped: “q?”"),
        ("Merged “x” into [[bridges]]", "Merged “x”"),
        ("Linked [[bridges]] with [[ropes|R]]", "Linked with [[ropes|R]]"),
        ("Linked [[ropes|R]] with [[bridges]]", "Linked with [[ropes|R]]"),
        ("Unlinked [[ropes|R]] from [[bridges]] (tension)", "Unlinked from [[ropes|R]]"),
        ("Reworded [[bridges]] on [[ropes|R]]: “a” → “b”", "Reworded on [[ropes|R]]: “a” → “b”"),
        ("Reworded the caveat of [[bridges]]: “a” → “b”", "Reworded the caveat: “a” → “b”"),
        ("Added a caveat to [[bridges]]", "Added a caveat"),
        ("Words about [[bridges]] and [[ropes]].", "Words about [[bridges]] and [[ropes]]."),
        ("Renamed [[bridges]], before: Claims/old-bridges", "Renamed"),
    ],
)
def test_a_line_without_the_note_itself(line: str, said: str) -> None:
    told = HistoryEntry("2026-01-02", said, adds=said == "Added")
    assert days(line).of("Claims/bridges.md", ()) == (told,)


def test_a_property_is_told_where_it_is_shown() -> None:
    found = days("Moved [[bridges]], area: a → b")
    assert found.of("Claims/bridges.md", {"status"}) == ()
    told = HistoryEntry("2026-01-02", "Moved, area: a → b", "area")
    assert found.of("Claims/bridges.md", {"area"}) == (told,)


def test_the_newest_day_comes_first_and_its_lines_as_they_stand() -> None:
    later = "- Added [[bridges]]\n\n### 2026-01-03\n\n- Words, [[bridges]]"
    found = days(f"Renamed [[bridges]], before: x\n{later}").of("Claims/bridges.md", ())
    assert [(one.date[-2:], one.text) for one in found] == [
        ("03", "Words, [[bridges]]"),
        ("02", "Renamed"),
        ("02", "Added"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Changed [[bridges]]: comment: a → b",
        "Removed “x”",
        "Moved 5 notes from `a/` to `b/`",
        "Moved [[bridges]] from `a/` to `b/`",
        "Cannot be read: [[bridges]]",
        "Readable again: [[bridges]]",
        "Linked [[bridges]] with [[private]]",
        "Words about [[bridges]] and [[private]].",
        "Words about [[bridges]] and [[idea]].",
        "Words about [[bridges]] and [[nowhere]].",
        "Words about nothing.",
        "%%Added [[bridges]]%%",
    ],
)
def test_other_lines_are_no_history(line: str) -> None:
    assert days(line) == NoteHistory()


def test_what_the_journal_says_is_not_told_where_the_post_does_not_show_it() -> None:
    for post in (block("notes"), f"%%\n{POST}\n%%"):
        assert days("Added [[bridges]]", post=post) == NoteHistory()


def test_names_before_are_known() -> None:
    found = days("Renamed [[bridges]], before: Claims/old-bridges", "Renamed it")
    assert found.names == {"Claims/bridges.md": ("old-bridges",)}


@pytest.mark.parametrize("shown", ['details = ["area"]', 'filters = ["area"]', 'map = "area"'])
def test_the_page_tells_values_of_the_properties_that_it_shows(shown: str) -> None:
    journal = "### 2026-01-02\n\n- Moved [[bridges]], area: a → b"
    files = {**NOTES, "Post.md": POST, "Changelog.md": block("changelog", journal)}
    said = "2 Jan 2026: Moved, area: a → b"
    assert said not in Page(published(files)[1]).text
    assert said in Page(published(files, toml=f"{TOML}\n[publish]\n{shown}")[1]).text


def test_history_is_folded_under_a_note_and_old_links_land() -> None:
    journal = (
        "### 2026-01-02\n\n- Renamed [[bridges]], before: Claims/old-bridges\n\n"
        "### 2025-01-02\n\n- Added [[bridges|Slack]]"
    )
    files = {**NOTES, "Post.md": POST, "Changelog.md": block("changelog", journal)}
    page = Page(published(files)[1])
    page.check_anchors()
    assert "History 2 Jan 2026: Renamed 2 Jan 2025: Added Cite this" in page.text
    assert "old-bridges" in page.all("a", "id")

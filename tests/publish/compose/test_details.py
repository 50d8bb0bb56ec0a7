"""What is folded under a note of the page."""

from __future__ import annotations

from tests.blocks.sample import NOTES, TOML, block, context, note
from tests.publish.pages import Page, published

from vaultsync.blocks.context import Context
from vaultsync.notes.note import Note
from vaultsync.publish.compose.details import details

DETAILS = '[publish]\ndetails = ["area", "tested_on", "nothing"]\n'


def bound(files: dict[str, str], name: str, toml: str = TOML) -> tuple[Note, Context]:
    """Return a note of a vault, and the vault."""
    found = context(files, toml)
    return next(note for note in found.notes if note.path == name), found


def test_all_that_a_note_holds() -> None:
    files = {
        **NOTES,
        "Claims/bridges.md": NOTES["Claims/bridges.md"].replace("year:", "tested_on: a_*b*\nyear:"),
    }
    assert details(*bound(files, "Claims/bridges.md", f"{TOML}\n{DETAILS}")) == (
        "\n\n  <details>\n"
        "  <summary>Caveat, sources, related, open questions, notes</summary>\n\n"
        "  Caveat: not all do.\n\n"
        "  Area: building\\\n"
        "  Tested on: a\\_\\*b\\*\n\n"
        "  Sources\n\n"
        "  - original: [On Bridges](https://arxiv.org/pdf/2401.00001v2), Ada et al. 2024; "
        "section 2\n"
        "  - contrary: [Against [Slack]](<https://example.org/a_(b>), Bob 2023\n\n"
        "  Related\n\n"
        "  - [[ropes|Ropes hold]]: ropes carry them\n\n"
        "  Open questions\n\n"
        "  - How much slack? answered: [[how-much]]\n"
        "  - Who needs `[^1]`, says [[ropes|that]]?\n\n"
        "  **To do**\n\n"
        "  - [ ] read [[ropes|the book]] again\n"
        "  - [x] done\n\n"
        "  [[bridges|Link to this claim]]\n\n"
        "  </details>"
    )


def test_a_note_that_holds_nothing_else_has_none() -> None:
    assert details(*bound(NOTES, "Queries/how-much.md")) == ""


def test_prose_is_shown() -> None:
    files = {"Claims/a.md": note("A.\n\nMore, [[a|links]].\n\nAnd more.", status="x")}
    assert details(*bound(files, "Claims/a.md")) == (
        "\n\n  <details>\n  <summary>Notes</summary>\n\n"
        "  More, [[a|links]].\n\n  And more.\n\n  [[a|Link to this claim]]\n\n  </details>"
    )


def test_details_are_elements_of_their_items() -> None:
    post = "\n".join(block(f'notes style="{style}"') for style in ("list", "sections"))
    html = published({**NOTES, "Post.md": post})[1]
    page = Page(html.split("<main")[1])
    # The third holds what is listed no longer.
    assert sum(tag == "details" for tag, _ in page.elements) == 3
    assert html.count("</details>\n</li>") == 2
    assert "&lt;details" not in html
    assert "&lt;/details" not in html


CHECKED = TOML.replace("[types.claim]", '[types.claim]\nchecked = "checked"')


def test_whether_a_person_checked_it_is_said_folded_and_unfolded() -> None:
    files = {
        "Claims/a.md": note("A.", status="x"),
        "Claims/b.md": note("B.\n\nMore.", status="x", checked="2026-01-02"),
    }
    assert details(*bound(files, "Claims/a.md", CHECKED)) == (
        "\n\n  <details>\n  <summary>More <small>not checked yet</small></summary>\n\n"
        "  No person has checked this against its source yet. [[a|Link to this claim]]\n\n"
        "  </details>"
    )
    found = details(*bound(files, "Claims/b.md", CHECKED))
    assert "<summary>Notes</summary>" in found
    assert "Checked against its source on 2 Jan 2026. [[b|Link" in found


def test_the_history_is_a_part() -> None:
    note, found = bound({"Claims/a.md": NOTES["Claims/old.md"]}, "Claims/a.md")
    assert details(note, found, ["2 Jan 2026: Added"]).startswith(
        "\n\n  <details>\n  <summary>History</summary>\n\n  History\n\n  - 2 Jan 2026: Added\n"
    )


def test_a_section_has_its_history_and_whether_it_was_checked() -> None:
    journal = block("changelog", "### 2026-01-02\n\n- Added [[a]]")
    files = {
        "Claims/a.md": note("A.", status="x"),
        "Changelog.md": journal,
        "Post.md": block('notes style="sections"') + block("changelog"),
    }
    markdown, html = published(files, CHECKED)
    said = "A. History: 2 Jan 2026: Added No person has checked this against its source yet."
    assert said in Page(html).text
    assert "History" not in markdown
    assert "No person" not in markdown

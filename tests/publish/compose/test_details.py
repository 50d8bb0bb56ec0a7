"""What is folded under a note of the page."""

from __future__ import annotations

import pytest
from tests.blocks.sample import NOTES, TOML, block, context, note
from tests.publish.pages import Page, published

from vaultsync.blocks.context import Context
from vaultsync.notes.note import Note
from vaultsync.publish.compose.details import CITE, details

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
    note, found = bound(files, "Claims/bridges.md", f"{TOML}\n{DETAILS}")
    assert details(note, found, place="place") == (
        "\n\n  <details>\n"
        "  <summary>Caveat · 2 sources · 1 related · 2 open questions · notes</summary>\n"
        "  <dl>\n"
        "  <dt>Caveat</dt>\n  <dd>\n\n  not all do.\n\n  </dd>\n"
        "  <dt>Area</dt>\n  <dd>\n\n  building\n\n  </dd>\n"
        "  <dt>Tested on</dt>\n  <dd>\n\n  a\\_\\*b\\*\n\n  </dd>\n"
        "  <dt>Sources</dt>\n  <dd>\n\n"
        "  - *original:* [On Bridges](https://arxiv.org/pdf/2401.00001v2), Ada et al. 2024"
        "<small>; read: section 2</small>\n"
        "  - *contrary:* [Against \\[Slack\\]](<https://example.org/a_(b>), Bob 2023\n\n"
        "  </dd>\n"
        "  <dt>Related</dt>\n  <dd>\n\n  - [[ropes|Ropes hold]]: ropes carry them\n\n  </dd>\n"
        "  <dt>Open questions</dt>\n  <dd>\n\n"
        "  - How much slack? answered: [[how-much]]\n"
        "  - Who needs `[^1]`, says [[ropes|that]]?\n\n"
        "  </dd>\n"
        "  <dt>Notes</dt>\n  <dd>\n\n"
        "  **To do**\n\n"
        "  - [ ] read [[ropes|the book]] again\n"
        "  - [x] done\n\n"
        "  </dd>\n"
        "  <dt>Cite this</dt>\n"
        f"  <dd>{CITE}place{CITE}</dd>\n"
        "  </dl>\n"
        "  </details>"
    )


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            "original: [T](//u), A 2020; ICML 2020; part 3",
            "*original:* [T](//u), A 2020, ICML 2020<small>; read: part 3</small>",
        ),
        ("original: [T](//u), A; ICML 2020", "*original:* [T](//u), A, ICML 2020"),
        (
            "contrary: [T](//u), A; ICML 2020; part 3; disputes B 2019",
            "*contrary:* [T](//u), A, ICML 2020; disputes B 2019<small>; read: part 3</small>",
        ),
        ("[T](//u); page 2", "[T](//u)<small>; read: page 2</small>"),
        ("[T](//u); not read", "[T](//u)<small>; not read</small>"),
        ("Words.", "Words."),
        ("[T](//u)\n  - more", "[T](//u)\n  - more"),
    ],
)
def test_sources_show_what_of_them_was_read(line: str, shown: str) -> None:
    files = {"Claims/a.md": note(f"A.\n\n## Sources\n\n- {line}\n", status="x")}
    found = details(*bound(files, "Claims/a.md"))
    assert found.partition("<dd>\n\n")[2].partition("\n\n  </dd>")[0] == "  - " + shown.replace(
        "\n", "\n  "
    )
    assert "<summary>1 source</summary>" in found


def test_a_note_that_holds_nothing_else_has_none() -> None:
    assert details(*bound(NOTES, "Queries/how-much.md")) == ""


def test_prose_is_shown() -> None:
    files = {"Claims/a.md": note("A.\n\nMore, [[a|links]].\n\nAnd more.", status="x")}
    assert details(*bound(files, "Claims/a.md")) == (
        "\n\n  <details>\n  <summary>Notes</summary>\n  <dl>\n  <dt>Notes</dt>\n  <dd>\n\n"
        "  More, [[a|links]].\n\n  And more.\n\n  </dd>\n  </dl>\n  </details>"
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
    assert details(*bound(files, "Claims/a.md", CHECKED)) == ""
    found = details(*bound(files, "Claims/b.md", CHECKED))
    assert "<summary>Notes · checked</summary>" in found
    said = "<dt>Checked</dt>\n  <dd>\n\n  against its source, 2 Jan 2026\n"
    assert said in found


def test_properties_alone_are_more() -> None:
    files = {"Claims/a.md": note("A.", status="x", area="<b>")}
    found = details(*bound(files, "Claims/a.md", f"{TOML}\n{DETAILS}"))
    assert "<summary>More</summary>" in found
    assert "\\<b>" in found


def test_the_history_is_a_part() -> None:
    note, found = bound({"Claims/a.md": NOTES["Claims/old.md"]}, "Claims/a.md")
    assert details(note, found, ["2 Jan 2026: Added"]).startswith(
        "\n\n  <details>\n  <summary>History</summary>\n  <dl>\n"
        '  <dt>History</dt>\n  <dd class="history">\n\n'
        "  - 2 Jan 2026: Added\n"
    )


def test_what_nearly_all_have_is_in_no_summary() -> None:
    found = details(*bound(NOTES, "Claims/ropes.md"), ["2 Jan 2026: Added"])
    assert "<summary>2 sources · 1 related</summary>" in found
    assert "<dt>History</dt>" in found


def test_a_section_has_its_history_and_whether_it_was_checked() -> None:
    journal = block("changelog", "### 2026-01-02\n\n- Added [[a]]")
    files = {
        "Claims/a.md": note("A.", status="x"),
        "Changelog.md": journal,
        "Post.md": block('notes style="sections"') + block("changelog"),
    }
    markdown, html = published(files, CHECKED)
    assert "A. History: 2 Jan 2026: Added" in Page(html).text
    assert "History" not in markdown
    checked = files["Claims/a.md"].replace("status", "checked: 2026-01-02\nstatus")
    page = Page(published({**files, "Claims/a.md": checked}, CHECKED)[1])
    assert "Added Checked: against its source, 2 Jan 2026" in page.text

"""The picture of how many notes there were, and the lines that are new."""

from __future__ import annotations

import datetime
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest
from tests.blocks.sample import block, content, context, note
from tests.conftest import needs
from tests.vaults import start

from vaultsync.blocks import block_problems
from vaultsync.blocks.chart import Series, area_chart
from vaultsync.markdown import elements, parse
from vaultsync.publish.targets.page import page

JOURNAL = """Prose.

### 2026-03-01

- Moved [[a]], area: x → y
- Retired [[r]]
- By hand: [[b]]
- Removed “Gone”

### 2026-02-31

- Added [[a]]

### 2026-02-01

- Added [[b]]
- Added [[nobody]]
- Added [[draft]]

### 2026-01-01

- Initial post: 2 claims

### 2025-01-01

- Added [[a]]
"""
FILES = {
    "Changelog.md": block("changelog", JOURNAL),
    "Claims/a.md": note("A.", status="held", area="y"),
    "Claims/b.md": note("B.", status="held", area="[x, y]"),
    "Claims/r.md": note("R.", status="retired"),
    "Claims/draft.md": note("D.", status="draft", area="x"),
    "Queries/q.md": note("Q?"),
}


def spoken(opener: str, files: dict[str, str] | None = None) -> str:
    found = re.search('aria-label="([^"]*)"', content(opener, {**FILES, **(files or {})}))
    return found[1] if found else ""


def test_the_journal_is_read_backwards_from_the_notes_there_are() -> None:
    assert spoken('growth by="area" type="claim"') == (
        "Growth by area. 2026-01-01 to 2026-03-01: x from 1 to 1, y from 0 to 1, none from 1 to 0"
    )
    assert spoken("growth") == (
        "Growth. 2026-01-01 to 2026-03-01: claim from 2 to 2, query from 1 to 1"
    )


def test_one_day_is_no_growth() -> None:
    journal = block("changelog", "### 2026-01-01\n\n- Initial post: 2 claims")
    assert content("growth", {**FILES, "Changelog.md": journal}) == ""
    assert content("growth", {"Changelog.md": journal}) == ""


def test_without_a_first_entry_all_days_count() -> None:
    journal = block("changelog", "### 2026-01-02\n\n- Added [[a]]\n\n### 2025-01-01\n\n- Hello")
    assert "2025-01-01 to 2026-01-02: claim from 1 to 2" in spoken(
        "growth", {"Changelog.md": journal}
    )


@pytest.mark.parametrize(
    ("opener", "message"),
    [
        ('growth by="aera"', "no note has a property `aera`: did you mean `area`?"),
        ('growth type="clam"', "there is no type `clam`: did you mean `claim`?"),
        ('recent count="many"', '`count="many"`: write a number from 1 on'),
        ('recent count="0"', '`count="0"`: write a number from 1 on'),
    ],
)
def test_what_does_not_exist_is_named(opener: str, message: str) -> None:
    document = parse("Index.md", block(opener))
    assert [p.message for p in block_problems(document, context(FILES))] == [message]


def test_recent_shows_the_newest_lines() -> None:
    assert content('recent count="5"', FILES) == (
        "- 1 Mar: Moved [[a]], area: x → y\n- 1 Mar: Retired [[r]]\n- 1 Mar: By hand: [[b]]\n"
        "- 1 Mar: Removed “Gone”\n- 2026-02-31: Added [[a]]"
    )
    assert content('recent count="99"', FILES).endswith(
        "- 1 Jan: Initial post: 2 claims\n- 1 Jan 2025: Added [[a]]"
    )
    assert content("recent", {}) == ""


DAYS = [datetime.date(2026, 1, 1), datetime.date(2026, 1, 2), datetime.date(2026, 3, 1)]


def test_the_chart_is_one_block_of_html_that_is_well_formed() -> None:
    names = ["a & b", "<c>", *"defghi"]
    chart = area_chart("T", DAYS, [Series(name, (0, 2, 7)) for name in names])
    assert [part.kind for part in elements(chart, 0)] == ["html"]
    root = ET.fromstring(chart)  # noqa: S314 - our own
    labels = [element.text for element in root if element.tag == "text"]
    assert labels == [
        *("0", "50", "100", "2026-01-01", "2026-03-01"),
        *("a & b (7)", "<c> (7)", "d (7)", "e (7)", "f (7)", "other (21)"),
    ]
    shapes = [element.attrib["points"] for element in root if element.tag == "polygon"]
    tops = [[point.split(",") for point in shape.split()] for shape in shapes]
    # Each area stands on the one below it.
    for below, above in pairwise(tops):
        half = len(below) // 2
        assert above[half:] == below[:half][::-1]


@pytest.mark.parametrize(("most", "top"), [(0, 1), (1, 1), (3, 5), (7, 10), (10, 10), (11, 20)])
def test_the_scale_ends_with_a_round_number(most: int, top: int) -> None:
    chart = area_chart("T", DAYS, [Series("a", (0, 0, most))])
    assert f'y="16" text-anchor="end" font-size="12" fill="currentColor">{top}<' in chart


def test_the_page_shows_the_chart(tmp_path: Path) -> None:
    chart = area_chart("T", DAYS, [Series("first", (1, 2, 7))])
    file = tmp_path / "page.html"
    file.write_text(page("Title", f"Before.\n\n{chart}\n\nAfter.\n", "test"))
    script = "document.querySelector('polygon').getBoundingClientRect().height"
    browser = needs("chromium", "chromium-browser", "google-chrome")
    probe = tmp_path / "probe.html"
    probe.write_text(
        f'<iframe src="page.html" width="800" height="600" onload="document.title = '
        f'this.contentWindow.{script}"></iframe>'
    )
    code = (
        "import subprocess; print(subprocess.run("
        f"[{browser!r}, '--headless', '--no-sandbox', '--disable-gpu', "
        f"'--allow-file-access-from-files', '--dump-dom', 'file://{probe}'], "
        "capture_output=True, text=True).stdout)"
    )
    found = re.search(r"<title>([\d.]+)</title>", start(tmp_path, code=code).out)
    assert found
    assert float(found[1]) > 50

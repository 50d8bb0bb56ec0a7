"""The places of the changelog's days in the post."""

from __future__ import annotations

import pytest
from tests.blocks.sample import NOTES, block
from tests.publish.pages import Page, composed, published

JOURNAL = """### 2026-02-03

- Words

### 2026-01-02

- More: words

### 2025-02-03

- Initial post"""
FILES = {**NOTES, "Changelog.md": block("changelog", JOURNAL)}
SHORT, FULL = (block(f'changelog style="{style}"') for style in ("short", "full"))


def text(post: str) -> str:
    return composed(post, FILES, folded=True)


def test_a_line_of_the_short_style_is_its_day() -> None:
    assert [line for line in text(SHORT).split("\n") if line] == [
        '- <a id="changelog-2026-02-03"></a>3 Feb: Words',
        '- <a id="changelog-2026-01-02"></a>2 Jan: More: words',
        '- <a id="changelog-2025-02-03"></a>3 Feb 2025: Initial post',
    ]


def test_a_heading_of_the_full_style_is_its_day_and_keeps_its_name() -> None:
    page = published({**FILES, "Post.md": FULL + "[[#2026-01-02|there]]"})[1]
    Page(page).check_anchors()
    for day in ("2026-02-03", "2026-01-02", "2025-02-03"):
        assert f'<h3 id="{day}"><a id="changelog-{day}"></a><a href="#{day}">{day}</a></h3>' in page
    assert '<a href="#2026-01-02">there</a>' in page


@pytest.mark.parametrize("post", [SHORT + FULL, FULL + SHORT + "![[Changelog]]"])
def test_a_day_has_one_place(post: str) -> None:
    Page(published({**FILES, "Post.md": post})[1]).check_anchors()
    assert text(post).count('id="changelog-2026-01-02"') == 1


def test_what_is_called_like_a_day_keeps_its_name() -> None:
    files = {**FILES, "Claims/changelog-2026-02-03.md": NOTES["Claims/ropes.md"]}
    found = composed(block("notes") + SHORT, files, folded=True)
    assert '- <a id="changelog-2026-02-03"></a>Ropes' in found
    assert "- 3 Feb: Words" in found


def test_other_lists_and_files_have_no_days() -> None:
    assert "changelog-2" not in text(block("recent") + "- 3 Feb: mine\n")
    assert "changelog-2" not in composed(SHORT + FULL, FILES)


def test_a_day_of_a_private_note_alone_has_no_place() -> None:
    journal = f"### 2026-03-04\n\n- Added [[private]]\n\n{JOURNAL}"
    files = {**FILES, "Changelog.md": block("changelog", journal), "Post.md": SHORT + FULL}
    page = published(files)[1]
    assert "2026-02-03" in page
    assert "2026-03-04" not in page
    assert "4 Mar" not in page

"""Markup that is never closed."""

from __future__ import annotations

import pytest
from tests.lint.notes import found


@pytest.mark.parametrize(
    ("code", "opening"), [("MRK002", "%%"), ("MRK003", "```"), ("MRK003", "~~~~"), ("MRK004", "$$")]
)
def test_the_mark_that_opens_is_shown(code: str, opening: str) -> None:
    text = f"---\nx: |\n  {opening}\n---\nText.\n\n{opening}\nmore\n"
    assert [span for span, _ in found("MRK", text)] == [opening]
    assert found(code, text)[0][0] == opening
    assert found("MRK", f"{text}{opening}\n") == []


def test_canvases_have_no_markup() -> None:
    assert found("MRK TAG", '{"nodes": []}\n\n%% a\n', path="x.canvas") == []


def test_a_base_in_any_block_of_code_is_read() -> None:
    block = "```base\nviews: [\n```"
    quoted = "> a\n> ~~~ base x\n> views:\n>   - b: c: d\n> ~~~\n"
    text = f"---\nx: 1\n---\né\n\n{block}\n\n{quoted}\n```base\n```\n\n```bases\n[\n```\n\n    [\n"
    assert [span for span, _ in found("MRK012", text)] == ["```base", "~~~ base x"]
    assert found("MRK012", text)[1][1].endswith(" (line 2 of the block)")
    assert found("MRK012", "```base\nviews: [{{x}}\n```\n") == []


def test_a_base_that_is_no_yaml_is_found_where_it_is_wrong() -> None:
    ((covered, message),) = found("MRK012", "views: []\nviews: []\n", path="a.base")
    assert (covered, message) == (
        "v",
        "Obsidian cannot read this base: the property `views` is defined twice",
    )
    assert found("MRK PRP", "", path="a.base") == []

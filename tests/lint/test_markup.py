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

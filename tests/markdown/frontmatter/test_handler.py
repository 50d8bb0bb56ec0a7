"""python-frontmatter with the properties of Obsidian: what is written is read again as it was."""

from __future__ import annotations

from typing import Any

import frontmatter
import pytest

from vaultsync.markdown.frontmatter.handler import ObsidianHandler


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"title": "A: b", "year": 2024, "done": True},
        {"tags": ["a", "yes"], "empty": None, "aliases": []},
        {"nested": {"a": [1, "two"], "猫": None}},
        {"12": "a number as a name", "no": "a word as a name"},
    ],
    ids=["none", "scalars", "lists", "nested", "names"],
)
def test_what_is_written_is_read_again(properties: dict[str, Any]) -> None:
    handler = ObsidianHandler()
    written = frontmatter.dumps(frontmatter.Post("Text.", handler=handler, **properties))
    again = frontmatter.loads(written, handler=handler)
    assert (again.metadata, again.content) == (properties, "Text.")

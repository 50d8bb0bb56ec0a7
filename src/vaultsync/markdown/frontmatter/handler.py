"""The handler of python-frontmatter that reads and writes properties as Obsidian does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from frontmatter.default_handlers import BaseHandler

from vaultsync.core.text import Span
from vaultsync.markdown.frontmatter import yaml12
from vaultsync.markdown.frontmatter.block import find_block, read_properties
from vaultsync.markdown.frontmatter.edit import write_scalar

if TYPE_CHECKING:
    from frontmatter import Post


class ObsidianHandler(BaseHandler):
    """Reads and writes properties; the handler of python-frontmatter itself reads YAML 1.1."""

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "---"

    def detect(self, text: str) -> bool:
        """Whether the text starts with a closed block."""
        return find_block(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        """Return the YAML between the fences and the text behind them."""
        block, source = find_block(text) or (Span(0, 0), Span(0, 0))
        return source.of(text), text[block.end :]

    def load(self, fm: str) -> dict[str, Any]:
        """Return the properties; raise `yaml.YAMLError` where the block cannot be read."""
        node = yaml12.compose(fm)
        data = None if node is None else yaml12.construct(node)
        return data if isinstance(data, dict) else {}

    def export(self, metadata: Mapping[str, Any], **_: object) -> str:
        """Return properties as YAML, one on each line; a list has a line for each item."""
        return "\n".join(line for name, value in metadata.items() for line in _lines(name, value))

    def format(self, post: Post, **_: object) -> str:
        """Return a note: its properties between fences, an empty line and its content."""
        lines = [line for line in ("---", self.export(post.metadata), "---") if line]
        return "\n".join([*lines, "", post.content]).strip()


def _lines(name: str, value: Any) -> list[str]:
    # A number, too, is read as a text where it is a name.
    is_plain = read_properties(f"---\n{name}:\n---\n").data == {name: None}
    key = name if is_plain else write_scalar(name)
    if isinstance(value, list) and value:
        return [f"{key}:", *(f"  - {_written(item)}" for item in value)]
    return [f"{key}: {_written(value)}" if value is not None else f"{key}:"]


def _written(value: Any) -> str:
    """Return a value on one line; what is nested is written as JSON, which YAML contains."""
    if isinstance(value, (str, int, float)):
        return write_scalar(value)
    return json.dumps(value, ensure_ascii=False)

"""python-frontmatter's view of a note's properties, read as Obsidian does."""

from __future__ import annotations

import re
from typing import Any

from frontmatter.default_handlers import BaseHandler

from vaultsync.markdown.frontmatter import yaml12
from vaultsync.markdown.frontmatter.block import find_block


class ObsidianHandler(BaseHandler):
    """Split and load a note's properties; python-frontmatter's own handler reads YAML 1.1."""

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "---"

    def detect(self, text: str) -> bool:
        """Whether the text starts with a closed block."""
        return find_block(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        """Return the YAML between the fences and the text behind them."""
        found = find_block(text)
        if found is None:
            return "", text
        block, source = found
        return source.of(text), text[block.end :]

    def load(self, fm: str) -> dict[str, Any]:
        """Return the properties; raise `yaml.YAMLError` where the block cannot be read."""
        node = yaml12.compose(fm)
        data = None if node is None else yaml12.construct(node)
        return data if isinstance(data, dict) else {}

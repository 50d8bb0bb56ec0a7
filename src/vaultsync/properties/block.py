"""Find the block of properties and read it as Obsidian does (YAML 1.2, links in values)."""

from __future__ import annotations

import re
from typing import Any

import yaml
from frontmatter.default_handlers import BaseHandler

from vaultsync.model import Link, Properties, PropertiesError
from vaultsync.properties import yaml12
from vaultsync.properties.value_links import value_link
from vaultsync.text import Span

BOM = "\ufeff"
_OPENING = re.compile(r"---(?:\r\n|\n)")
_CLOSING = re.compile(r"^---[ \t]*(?:\r\n|\n|\Z)", re.MULTILINE)


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


def find_block(text: str) -> tuple[Span, Span] | None:
    """Return the spans of the whole block and of the YAML in it, None where there is no block.

    The first line must be exactly `---`, after an optional byte order mark.
    """
    start = len(BOM) if text.startswith(BOM) else 0
    opening = _OPENING.match(text, start)
    if opening is None:
        return None
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        return None
    return Span(start, closing.end()), Span(opening.end(), closing.start())


def read_properties(text: str) -> Properties:
    """Return a note's properties; what cannot be read is an error value, never raised."""
    found = find_block(text)
    if found is None:
        return Properties()
    block, source = found
    try:
        node = yaml12.compose(source.of(text))
        if node is None:
            return Properties(span=block)
        if not isinstance(node, yaml.MappingNode):
            message = "the properties are not a list of `name: value` lines"
            return _unreadable(block, message, source.start)
        duplicate = _duplicate(node)
        if duplicate is not None:
            message = f"the property `{duplicate.value}` stands twice"
            return _unreadable(block, message, source.start + duplicate.start_mark.index)
        return _read_mapping(text, node, block, source.start)
    except yaml.YAMLError as error:
        return _unreadable(block, _reason(error), source.start + _offset(error))


def _unreadable(block: Span, message: str, offset: int) -> Properties:
    return Properties(span=block, error=PropertiesError(message, offset))


def _reason(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error)
    context = getattr(error, "context", None)
    if problem.startswith("but "):
        return f"{context}, {problem}"
    return f"{problem} {context}" if context else problem


def _offset(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.index if mark else 0


def _duplicate(node: yaml.MappingNode) -> yaml.ScalarNode | None:
    seen: set[str] = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode):
            if key.value in seen:
                return key
            seen.add(key.value)
    return None


def _read_mapping(text: str, node: yaml.MappingNode, block: Span, base: int) -> Properties:
    keys, values = {}, {}
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            keys[key.value] = _span(key, base)
            values[key.value] = _value_span(text, value, base)
    links = tuple(_links(text, node, base))
    return Properties(yaml12.construct(node), block, keys, values, links)


def _span(node: yaml.Node, base: int) -> Span:
    return Span(base + node.start_mark.index, base + node.end_mark.index)


def _value_span(text: str, node: yaml.Node, base: int) -> Span:
    """Leave out the blanks and comments that a block list or mapping is said to end with."""
    start, last = base + node.start_mark.index, node
    while not getattr(last, "flow_style", True) and yaml12.children(last):
        last = yaml12.children(last)[-1]
    # An alias has the place of its anchor, which may lie before it.
    end = max(start, base + last.end_mark.index)
    return Span(start, start + len(text[start:end].rstrip(" \t\r\n")))


def _links(text: str, root: yaml.MappingNode, base: int) -> list[Link]:
    """Find the strings at any depth that are, as a whole, one link."""
    found, stack = [], [value for _, value in reversed(root.value)]
    while stack:
        node = stack.pop()
        if isinstance(node, yaml.ScalarNode):
            link = _scalar_link(text, node, base)
            found += [link] if link else []
        elif isinstance(node, yaml.MappingNode):
            stack += [value for _, value in reversed(node.value)]
        else:
            stack += reversed(yaml12.children(node))
    return found


def _scalar_link(text: str, node: yaml.ScalarNode, base: int) -> Link | None:
    one_line = node.start_mark.line == node.end_mark.line
    if not one_line or node.style in {"|", ">"} or "[" not in node.value:
        return None
    return value_link(text, node.value, _span(node, base))

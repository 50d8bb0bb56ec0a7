"""Read a block of properties whatever YAML it holds."""

from __future__ import annotations

import re

import yaml

from vaultsync.core.model import Link, Properties, PropertiesError
from vaultsync.core.text import Span, possessive_group
from vaultsync.markdown.frontmatter import yaml12
from vaultsync.markdown.frontmatter.values import property_link
from vaultsync.markdown.frontmatter.yaml12 import unindented_continuation

# libyaml's message about the characters that YAML reserves, and about a tab.
_NO_START = "found character that cannot start any token"
_ALIAS = re.compile(r"\*[^\s,\[\]{}]+")
_COMMENTS = possessive_group(r"\s|#[^\r\n]*")
_LAST_ALIAS = re.compile(rf"{_ALIAS.pattern}(?={_COMMENTS}\Z)")


def read_yaml(text: str, block: Span, source: Span) -> Properties:
    """Return the properties of the YAML at `source` in a block, whatever it holds."""
    try:
        node = yaml12.compose(source.of(text))
    except yaml.YAMLError as error:
        return Properties(span=block, error=_refused(error, text, source.start))
    if node is None or node.tag == "tag:yaml.org,2002:null":
        return Properties(span=block)
    if not isinstance(node, yaml.MappingNode):
        message = "the properties are not a list of `name: value` lines"
        return Properties(span=block, error=PropertiesError(message, source.start))
    wrong = _duplicate(node, source.start)
    return Properties(span=block, error=wrong) if wrong else _read(text, node, block, source.start)


def _refused(error: yaml.YAMLError, text: str, base: int) -> PropertiesError:
    mark = getattr(error, "problem_mark", None)
    offset = base + (mark.index if mark else 0)
    message = _reason(error)
    if message.startswith(_NO_START):
        message = f"a value cannot begin with `{text[offset : offset + 1]}`"
    tab = " tab " in message or text.startswith("\t", offset)
    return PropertiesError(message, offset, "tab" if tab else "form")


def _reason(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or str(error)
    context = getattr(error, "context", None)
    if problem.startswith("but "):
        return f"{context}, {problem}"
    return f"{problem} {context}" if context else problem


def _duplicate(root: yaml.MappingNode, base: int) -> PropertiesError | None:
    """Find a name that is used twice in one mapping, at any depth."""
    stack: list[yaml.Node] = [root]
    while stack:
        node = stack.pop()
        inner = node.value
        if isinstance(node, yaml.MappingNode):
            names = [key.value for key, _ in inner if isinstance(key, yaml.ScalarNode)]
            if len(set(names)) < len(names):
                return _twice([key for key, _ in inner if isinstance(key, yaml.ScalarNode)], base)
            inner = [value for _, value in inner]
        stack += [child for child in inner if not isinstance(child, yaml.ScalarNode)]
    return None


def _twice(keys: list[yaml.Node], base: int) -> PropertiesError:
    seen: dict[str, yaml.Node] = {}
    pairs = ((seen.setdefault(key.value, key), key) for key in keys)
    first, second = next(pair for pair in pairs if pair[0] is not pair[1])
    message = f"the property `{second.value}` stands twice"
    before, offset = (base + key.start_mark.index for key in (first, second))
    return PropertiesError(message, offset, "duplicate", before)


def _read(text: str, node: yaml.MappingNode, block: Span, base: int) -> Properties:
    keys, values = {}, {}
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            keys[key.value] = _span(key, base)
            values[key.value] = _value_span(text, keys[key.value].end, value, base)
    place = None if node.flow_style else unindented_continuation(text, values.values())
    if place is not None:
        message = "the value goes on at the start of a line: indent it"
        return Properties(span=block, error=PropertiesError(message, place))
    # What aliases repeat is written once.
    links = tuple(dict.fromkeys(_links(text, node, base)))
    return Properties(yaml12.construct(node), block, keys, values, links)


def _span(node: yaml.Node, base: int) -> Span:
    return Span(base + node.start_mark.index, base + node.end_mark.index)


def _value_span(text: str, key_end: int, node: yaml.Node, base: int) -> Span:
    """Leave out the white space and comments that libyaml adds to a block list or mapping.

    libyaml gives an alias the place of its anchor, which is before it.
    """
    start, last = base + node.start_mark.index, node
    if start < key_end:
        alias = _ALIAS.search(text, key_end)
        return Span(*alias.span()) if alias else Span(key_end, key_end)
    end = base + node.end_mark.index
    while not getattr(last, "flow_style", True) and (parts := yaml12.children(last)):
        if max(_start(part) for part in (last, *parts[:-1])) >= _start(parts[-1]):
            alias = _LAST_ALIAS.search(text, start, end)
            return Span(start, alias.end() if alias else end)
        last = parts[-1]
    end = base + last.end_mark.index
    return Span(start, start + len(text[start:end].rstrip(" \t\r\n")))


def _start(node: yaml.Node) -> int:
    index: int = node.start_mark.index
    return index


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
    if "[" not in node.value or node.style in {"|", ">"}:
        return None
    if node.start_mark.line != node.end_mark.line:
        return None
    return property_link(text, node.value, _span(node, base))

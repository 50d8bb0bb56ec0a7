"""Read a block of properties by libyaml, as the YAML 1.2 core schema does; libyaml reads YAML 1.1.

Source: https://yaml.org/spec/1.2.2/#103-core-schema. Dates stay strings and `<<` is a plain key,
as in the library Obsidian uses (npm `yaml` 2.7.0). Where that library reads what libyaml refuses,
or the reverse, the text is adapted or refused here; both were compared on the same texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from vaultsync.core.model import Link, Properties, PropertiesError
from vaultsync.core.text import Span, possessive_group
from vaultsync.markdown.frontmatter.values import KINDS, property_link

MAX_DEPTH = 100
MAX_NODES = 100_000
_SAFE_LENGTH = 4_000
# The message of newer builds of libyaml, which refuse 1,000 levels.
_TOO_DEEP = "exceeded maximum nesting depth"
# Indentation alone nests a text of this length less than MAX_DEPTH deep.
_SHORT = 2_000
# So many characters of a text count as a value.
_LONG = 100

_FORBIDDEN = re.compile("[\0\ud800-\udfff]")
# What libyaml refuses or takes for a line break, and Obsidian for text, is replaced by a private
# character while libyaml reads it.
_ODD = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_PRIVATE = range(0xF0000, 0xFFFFE)
# White space in front of a comment, or on a line of their own, indent nothing.
_NOTHING = re.compile(r"^[ \t]+(?=#|\r?$)", re.MULTILINE)
_ITEM = re.compile(r"^ *-[ \t]+(?=(?P<rest>[^\n]*))", re.MULTILINE)
# A list or mapping in a list item: there a tab would indent.
_NESTS = re.compile(r"[-?:](?:[ \t\r]|$)|[^\"'\[{#][^\n]*:(?:[ \t\r]|$)")
# No more of the value follows, further in.
_LONE_DASH = re.compile(r":( +)-(?=[ \t]*\r?(?:\n(?![ \t])|\Z))")
# Inside a value that is not at its end. A closing bracket may be at the start of a line.
_NOT_INDENTED = re.compile(r"\n(?:[^ \t\r\n#\]}-]|\t[ \t]*[^ \t\r\n#])")
# libyaml's message about the characters that YAML reserves, and about a tab.
_NO_START = "found character that cannot start any token"
_NO_KEY = "did not find expected key"
_DASH = re.compile(r"-\s")
_ALIAS = re.compile(r"\*[^\s,\[\]{}]+")
_COMMENTS = possessive_group(r"\s|#[^\r\n]*")
_LAST_ALIAS = re.compile(rf"{_ALIAS.pattern}(?={_COMMENTS}\Z)")


class TooComplexError(yaml.YAMLError):
    """The block nests too deep or repeats itself too often through aliases."""


class Loader(yaml.CSafeLoader):
    """Compose nodes with the tags of the YAML 1.2 core schema."""


def compose(source: str) -> yaml.Node | None:
    """Return the root node of a YAML text; raise `yaml.YAMLError`."""
    _refuse_characters(source)
    odd = _stand_ins(source)
    readable = source.translate(odd) if odd else source
    try:
        node = _composed(readable)
    except TooComplexError:
        raise
    except yaml.YAMLError as error:
        if _TOO_DEEP in str(error):
            raise _too_deep() from None
        soft = obsidian_compatible(readable)
        if soft == readable:
            raise
        node = _composed(soft)
    if node and odd:
        _restore(node, {stand_in: code for code, stand_in in odd.items()})
    return node


def _stand_ins(source: str) -> dict[int, int]:
    """Return private characters that the text does not have for those libyaml cannot read."""
    odd = set(_ODD.findall(source))
    spare = (code for code in _PRIVATE if chr(code) not in source)
    return dict(zip(map(ord, odd), spare, strict=False))


def _composed(source: str) -> yaml.Node | None:
    if len(source) > _SAFE_LENGTH:
        _refuse_size(source)
    node = yaml.compose(source, Loader=Loader)
    if "*" in source or len(source) > _SHORT or sum(map(source.count, "[{-?")) >= MAX_DEPTH:
        _refuse_bombs(node)
    return node


def construct(node: yaml.Node) -> Any:
    """Return the value of a composed node.

    A node with a tag that has no meaning here, or does not fit, is what it is by its form.
    """
    if isinstance(node, yaml.ScalarNode):
        known = _BY_TAG.get(node.tag)
        return known.value(node.value) if known and known.pattern.match(node.value) else node.value
    if isinstance(node, yaml.MappingNode):
        return {_key(key): construct(value) for key, value in node.value}
    return [construct(item) for item in node.value]


def _key(node: yaml.Node) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else "[object]"


def _refuse_characters(source: str) -> None:
    found = _FORBIDDEN.search(source)
    if found:
        mark = yaml.Mark("", found.start(), 0, 0, None, 0)
        problem = f"the character U+{ord(found[0]):04X} is not allowed"
        raise yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _refuse_size(source: str) -> None:
    """Stop before libyaml's recursive composer overflows the stack on a long hostile text."""
    depth = 0
    for count, event in enumerate(yaml.parse(source, Loader=yaml.CLoader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        _bound(depth, count)


def _refuse_bombs(node: yaml.Node | None) -> None:
    """Bound depth and size with every alias counted at each use, and long texts."""
    stack = [(node, 0)] if node else []
    count = 0
    while stack:
        current, depth = stack.pop()
        count += 1 + len(current.value) // _LONG
        _bound(depth, count)
        stack += [(child, depth + 1) for child in children(current)]


def _bound(depth: int, nodes: int) -> None:
    if depth > MAX_DEPTH:
        raise _too_deep()
    if nodes > MAX_NODES:
        raise TooComplexError(f"more than {MAX_NODES} values, aliases counted")


def _too_deep() -> TooComplexError:
    return TooComplexError(f"nested deeper than {MAX_DEPTH} levels")


def round_trips(value: str) -> bool:
    """Whether a text is read as itself where it is written without quotes."""
    try:
        node = compose(value)
    except yaml.YAMLError:
        return False
    return isinstance(node, yaml.ScalarNode) and construct(node) == value


def children(node: yaml.Node) -> list[yaml.Node]:
    """Return the nodes directly inside a node."""
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _values(node: yaml.Node) -> list[yaml.Node]:
    """Return the values directly inside a list or mapping."""
    inner = children(node)
    return inner[1::2] if isinstance(node, yaml.MappingNode) else inner


def _restore(node: yaml.Node, odd: Mapping[int, int]) -> None:
    if isinstance(node, yaml.ScalarNode):
        node.value = node.value.translate(odd)
    for child in children(node):
        _restore(child, odd)


_BY_TAG = {f"tag:yaml.org,2002:{name}": kind for name, kind in KINDS.items()}
Loader.yaml_implicit_resolvers = {}
for _tag, _kind in _BY_TAG.items():
    Loader.add_implicit_resolver(_tag, _kind.pattern, list(_kind.first))


def obsidian_compatible(source: str) -> str:
    """Return a YAML text of the same length that libyaml reads as Obsidian does.

    Tabs that indent nothing become spaces, a lone dash for a value becomes null.
    """
    if "\t" in source:
        source = _NOTHING.sub(lambda found: " " * len(found[0]), source)
        source = _ITEM.sub(_without_tabs, source)
    return _LONE_DASH.sub(r":\1~", source)


def _without_tabs(item: re.Match[str]) -> str:
    return item[0] if _NESTS.match(item["rest"]) else item[0].replace("\t", " ")


def read_yaml(text: str, block: Span, source: Span) -> Properties:
    """Return the properties of the YAML at `source` in a block, whatever it holds."""
    base = source.start
    try:
        node = compose(source.of(text))
    except yaml.YAMLError as error:
        return Properties(span=block, error=_refused(error, text, base))
    if node is None or node.tag == "tag:yaml.org,2002:null":
        return Properties(span=block)
    if not isinstance(node, yaml.MappingNode):
        message = "the properties are not a list of `name: value` lines"
        return Properties(span=block, error=PropertiesError(message, base))
    named = [pair for pair in node.value if isinstance(pair[0], yaml.ScalarNode)]
    keys = {key.value: node_span(key, base) for key, _ in named}
    values = {key.value: _value_span(text, keys[key.value].end, one, base) for key, one in named}
    wrong = _duplicate(node, base) or (None if node.flow_style else _unindented(text, values))
    if wrong:
        return Properties(span=block, error=wrong)
    # What aliases repeat is written once.
    links = tuple(dict.fromkeys(_links(text, node, base)))
    return Properties(construct(node), block, keys, values, links)


def _refused(error: yaml.YAMLError, text: str, base: int) -> PropertiesError:
    mark = getattr(error, "problem_mark", None)
    offset = base + (mark.index if mark else 0)
    problem = getattr(error, "problem", None) or str(error)
    context = getattr(error, "context", None)
    message = f"{problem} {context}" if context else problem
    if problem.startswith("but "):
        message = f"{context}, {problem}"
    elif problem.startswith(_NO_START):
        message = f"a value cannot begin with `{text[offset : offset + 1]}`"
    elif problem == _NO_KEY and _DASH.match(text, offset):
        message = "the property above has a value, and a list item follows: remove one of them"
    tab = " tab " in message or text.startswith("\t", offset)
    return PropertiesError(message, offset, "tab" if tab else "form")


def _duplicate(root: yaml.MappingNode, base: int) -> PropertiesError | None:
    """Find a name that is used twice in one mapping, at any depth."""
    stack: list[yaml.Node] = [root]
    while stack:
        node = stack.pop()
        first: dict[str, int] = {}
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode):
                if key.value in first:
                    message = f"the property `{key.value}` is defined twice"
                    offset = base + key.start_mark.index
                    return PropertiesError(message, offset, "duplicate", first[key.value])
                first[key.value] = base + key.start_mark.index
        stack += _values(node)
    return None


def _unindented(text: str, values: Mapping[str, Span]) -> PropertiesError | None:
    """Find a value that goes on without being indented."""
    for value in values.values():
        found = _NOT_INDENTED.search(text, value.start, value.end)
        if found:
            message = "the value goes on at the start of a line: indent it"
            return PropertiesError(message, found.start() + 1)
    return None


def node_span(node: yaml.Node, base: int) -> Span:
    """Return the place of a node of a YAML text that begins at `base`."""
    return Span(base + node.start_mark.index, base + node.end_mark.index)


def _value_span(text: str, key_end: int, node: yaml.Node, base: int) -> Span:
    """Leave out the white space and comments that libyaml adds to a block list or mapping.

    libyaml gives an alias the place of its anchor, which is before it.
    """
    start, end, last = base + node.start_mark.index, base + node.end_mark.index, node
    if start < key_end:
        alias = _ALIAS.search(text, key_end)
        return Span(*alias.span()) if alias else Span(key_end, key_end)
    while not getattr(last, "flow_style", True) and (parts := children(last)):
        starts = [part.start_mark.index for part in (last, *parts)]
        if max(starts[:-1]) >= starts[-1]:
            alias = _LAST_ALIAS.search(text, start, end)
            return Span(start, alias.end() if alias else end)
        last = parts[-1]
    end = base + last.end_mark.index
    return Span(start, start + len(text[start:end].rstrip(" \t\r\n")))


def _links(text: str, root: yaml.MappingNode, base: int) -> Iterator[Link]:
    """Yield the strings at any depth that are, as a whole, one link on one line."""
    stack: list[yaml.Node] = [root]
    while stack:
        node = stack.pop()
        stack += reversed(_values(node))
        if isinstance(node, yaml.ScalarNode) and "[" in node.value and node.style not in {"|", ">"}:
            one_line = node.start_mark.line == node.end_mark.line
            link = property_link(text, node.value, node_span(node, base)) if one_line else None
            if link:
                yield link

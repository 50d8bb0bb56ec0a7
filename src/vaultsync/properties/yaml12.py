"""YAML 1.2 core schema on libyaml, which by itself reads YAML 1.1.

Source: https://yaml.org/spec/1.2.2/#103-core-schema. Dates stay strings and `<<` is a plain key,
as in the library Obsidian uses (npm `yaml` 2).
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Hashable

MAX_DEPTH = 100
MAX_NODES = 100_000
_SAFE_LENGTH = 4_000

_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)$")
_INT = re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$")
_FLOAT = re.compile(
    r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
)
_NULL = re.compile(r"(?:~|null|Null|NULL|)$")
_BASES = {"0o": 8, "0x": 16}
_LIMIT = 2**63

# https://yaml.org/spec/1.2.2/#51-character-set
_FORBIDDEN = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Line breaks to YAML 1.1 alone stand as private characters while libyaml reads the text.
_OLD_BREAKS = {code: 0x100000 + code for code in (0x85, 0x2028, 0x2029)}
_RESTORED = {stand_in: code for code, stand_in in _OLD_BREAKS.items()}
_OLD_BREAK = re.compile("[\x85\u2028\u2029]")


class TooComplexError(yaml.YAMLError):
    """The block nests too deep or repeats itself too often through aliases."""


class Loader(yaml.CSafeLoader):
    """Compose and construct values as the YAML 1.2 core schema has them."""


def compose(source: str) -> yaml.Node | None:
    """Return the root node of a YAML text; raise `yaml.YAMLError`."""
    _refuse_characters(source)
    if len(source) > _SAFE_LENGTH:
        _refuse_size(source)
    old_breaks = _OLD_BREAK.search(source)
    loader = Loader(source.translate(_OLD_BREAKS) if old_breaks else source)
    try:
        node = loader.get_single_node()
    finally:
        loader.dispose()
    _refuse_bombs(node)
    if node and old_breaks:
        _restore(node)
    return node


def construct(node: yaml.Node) -> Any:
    """Return the value of a composed node; raise `yaml.YAMLError` where a tag does not fit."""
    loader = Loader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


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


def _bound(depth: int, nodes: int) -> None:
    if depth > MAX_DEPTH:
        raise TooComplexError(f"nested deeper than {MAX_DEPTH} levels")
    if nodes > MAX_NODES:
        raise TooComplexError(f"more than {MAX_NODES} values, aliases counted")


def children(node: yaml.Node) -> list[yaml.Node]:
    """Return the nodes directly inside a node."""
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _refuse_bombs(node: yaml.Node | None) -> None:
    """Bound depth and size with every alias counted as often as it stands."""
    stack = [(node, 0)] if node else []
    count = 0
    while stack:
        current, depth = stack.pop()
        count += 1
        _bound(depth, count)
        stack += [(child, depth + 1) for child in children(current)]


def _restore(node: yaml.Node) -> None:
    if isinstance(node, yaml.ScalarNode):
        node.value = node.value.translate(_RESTORED)
    for child in children(node):
        _restore(child)


def _construct_bool(loader: Loader, node: yaml.ScalarNode) -> bool:
    return _matching(loader, node, _BOOL).lower() == "true"


def _construct_int(loader: Loader, node: yaml.ScalarNode) -> int | float:
    """Return an integer of 64 bits; a larger one is a float, as every number of JavaScript is."""
    value = _matching(loader, node, _INT)
    base = _BASES.get(value[:2])
    try:
        number = int(value[2:], base) if base else int(value)
        return number if -_LIMIT <= number < _LIMIT else float(number)
    except (ValueError, OverflowError):
        return -math.inf if value.startswith("-") else math.inf


def _construct_float(loader: Loader, node: yaml.ScalarNode) -> float:
    value = _matching(loader, node, _FLOAT).lower()
    return float(value.replace(".inf", "inf").replace(".nan", "nan"))


def _matching(loader: Loader, node: yaml.ScalarNode, pattern: re.Pattern[str]) -> str:
    value = str(loader.construct_scalar(node))
    if not pattern.match(value):
        problem = f"`{value}` does not fit its tag"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    return value


def _construct_plain(
    loader: Loader, node: yaml.ScalarNode | yaml.SequenceNode | yaml.MappingNode
) -> Any:
    """Return what a node with a tag of no meaning here is by its form."""
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.MappingNode):
        return _construct_mapping(loader, node)
    return loader.construct_sequence(node, deep=True)


def _construct_mapping(loader: Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    return {_key(key): loader.construct_object(value, deep=True) for key, value in node.value}


def _key(node: yaml.Node) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else "[object]"


_TYPES = {
    "bool": (_BOOL, "tTfF", _construct_bool),
    "int": (_INT, "-+0123456789", _construct_int),
    "float": (_FLOAT, "-+.0123456789", _construct_float),
}
Loader.yaml_implicit_resolvers = {}
for _name, (_pattern, _first, _constructor) in _TYPES.items():
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", _pattern, list(_first))
    Loader.add_constructor(f"tag:yaml.org,2002:{_name}", _constructor)
Loader.add_implicit_resolver("tag:yaml.org,2002:null", _NULL, ["~", "n", "N", ""])
for _name in ("map", "timestamp", "binary", "set", "omap", "pairs"):
    Loader.add_constructor(f"tag:yaml.org,2002:{_name}", _construct_plain)
Loader.add_constructor(None, _construct_plain)

"""YAML 1.2 core schema on libyaml, which by itself reads YAML 1.1.

Source: https://yaml.org/spec/1.2.2/#103-core-schema. Dates stay strings and `<<` is a plain key,
as in the library Obsidian uses (npm `yaml` 2).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import yaml

MAX_DEPTH = 100
MAX_NODES = 100_000
_SAFE_LENGTH = 4_000
# Indentation alone nests a text of this length less than MAX_DEPTH deep.
_SHORT = 2_000

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
    """Compose nodes with the tags of the YAML 1.2 core schema."""


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
    if "*" in source or len(source) > _SHORT or sum(map(source.count, "[{-?")) >= MAX_DEPTH:
        _refuse_bombs(node)
    if node and old_breaks:
        _restore(node)
    return node


def construct(node: yaml.Node) -> Any:
    """Return the value of a composed node; raise `yaml.YAMLError` where a tag does not fit.

    A node with a tag of no meaning here is what it is by its form.
    """
    if not isinstance(node, _FORMS.get(node.tag, yaml.Node)):
        raise _misfit("this", node)
    if isinstance(node, yaml.ScalarNode):
        convert = _CONVERTERS.get(node.tag)
        return convert(node) if convert else node.value
    if isinstance(node, yaml.MappingNode):
        return {_key(key): construct(value) for key, value in node.value}
    return [construct(item) for item in node.value]


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


def _null(_node: yaml.ScalarNode) -> None:
    return None


def _bool(node: yaml.ScalarNode) -> bool:
    return _matching(node, _BOOL).lower() == "true"


def _int(node: yaml.ScalarNode) -> int | float:
    """Return an integer of 64 bits; a larger one is a float, as every number of JavaScript is."""
    value = _matching(node, _INT)
    base = _BASES.get(value[:2])
    try:
        number = int(value[2:], base) if base else int(value)
        return number if -_LIMIT <= number < _LIMIT else float(number)
    except (ValueError, OverflowError):
        return -math.inf if value.startswith("-") else math.inf


def _float(node: yaml.ScalarNode) -> float:
    value = _matching(node, _FLOAT).lower()
    return float(value.replace(".inf", "inf").replace(".nan", "nan"))


def _matching(node: yaml.ScalarNode, pattern: re.Pattern[str]) -> str:
    value = str(node.value)
    if not pattern.match(value):
        raise _misfit(f"`{value}`", node)
    return value


def _misfit(what: str, node: yaml.Node) -> yaml.YAMLError:
    problem = f"{what} does not fit its tag"
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


def _key(node: yaml.Node) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else "[object]"


_TYPES: dict[str, tuple[re.Pattern[str], list[str], Callable[[yaml.ScalarNode], Any]]] = {
    "bool": (_BOOL, list("tTfF"), _bool),
    "int": (_INT, list("-+0123456789"), _int),
    "float": (_FLOAT, list("-+.0123456789"), _float),
    "null": (_NULL, ["~", "n", "N", ""], _null),
}
_CONVERTERS = {f"tag:yaml.org,2002:{name}": convert for name, (_, _, convert) in _TYPES.items()}
_FORMS = {
    **dict.fromkeys([*_CONVERTERS, "tag:yaml.org,2002:str"], yaml.ScalarNode),
    "tag:yaml.org,2002:seq": yaml.SequenceNode,
}
Loader.yaml_implicit_resolvers = {}
for _name, (_pattern, _first, _) in _TYPES.items():
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", _pattern, _first)

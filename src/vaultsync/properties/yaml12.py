"""YAML 1.2 core schema on libyaml, which by itself reads YAML 1.1.

Source: https://yaml.org/spec/1.2.2/#103-core-schema. Dates stay strings and `<<` is a plain key,
as in the library Obsidian uses (npm `yaml` 2).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Hashable

MAX_DEPTH = 100
MAX_NODES = 100_000
_SAFE_LENGTH = 10_000


class TooComplexError(yaml.YAMLError):
    """The block nests too deep or repeats itself too often through aliases."""


class Loader(yaml.CSafeLoader):
    """Compose and construct values as the YAML 1.2 core schema has them."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


def compose(source: str) -> yaml.Node | None:
    """Return the root node of a YAML text; raise `yaml.YAMLError`."""
    if len(source) > _SAFE_LENGTH:
        _refuse_depth(source)
    loader = Loader(source)
    try:
        node = loader.get_single_node()
    finally:
        loader.dispose()
    _refuse_bombs(node)
    return node


def construct(node: yaml.Node) -> Any:
    """Return the value of a composed node."""
    loader = Loader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _refuse_depth(source: str) -> None:
    """Stop before libyaml's recursive composer overflows the stack on a long hostile text."""
    depth = 0
    for event in yaml.parse(source, Loader=yaml.CLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise TooComplexError(f"nested deeper than {MAX_DEPTH} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


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
        if depth > MAX_DEPTH:
            raise TooComplexError(f"nested deeper than {MAX_DEPTH} levels")
        if count > MAX_NODES:
            raise TooComplexError(f"more than {MAX_NODES} values, aliases counted")
        stack += [(child, depth + 1) for child in children(current)]


def _resolver(tag: str, pattern: str, first: str) -> None:
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


_resolver("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF")
_resolver("int", r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", "-+0123456789")
_resolver(
    "float",
    r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
    "-+.0123456789",
)
_resolver("null", r"^(?:~|null|Null|NULL|)$", "~nN")
Loader.yaml_implicit_resolvers[""] = [("tag:yaml.org,2002:null", re.compile(r"^$"))]


def _construct_int(loader: Loader, node: yaml.ScalarNode) -> int:
    value = loader.construct_scalar(node)
    prefix = value[:2]
    if prefix == "0o":
        return int(value[2:], 8)
    return int(value, 16) if prefix == "0x" else _bounded_int(value)


def _bounded_int(value: str) -> int:
    # Python refuses to convert very long digit strings; such a number is an infinity to JavaScript.
    return int(value) if len(value) < 400 else int(value[:400])


def _construct_float(loader: Loader, node: yaml.ScalarNode) -> float:
    return float(loader.construct_scalar(node).lower().replace(".inf", "inf").replace(".nan", "nan"))


def _construct_string(loader: Loader, node: yaml.Node) -> str:
    return str(loader.construct_scalar(node)) if isinstance(node, yaml.ScalarNode) else ""


def _construct_mapping(loader: Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    return {
        _key(key): loader.construct_object(value, deep=True) for key, value in node.value
    }


def _key(node: yaml.Node) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else "[object]"


Loader.add_constructor("tag:yaml.org,2002:int", _construct_int)
Loader.add_constructor("tag:yaml.org,2002:float", _construct_float)
Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
Loader.add_constructor(None, _construct_string)
for _name in ("timestamp", "binary", "set", "omap", "pairs"):
    Loader.add_constructor(f"tag:yaml.org,2002:{_name}", _construct_string)

"""What a scalar of the YAML 1.2 core schema means.

Source: https://yaml.org/spec/1.2.2/#103-core-schema. Dates stay strings, as in the library that
Obsidian uses (npm `yaml` 2).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, NamedTuple

_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)$")
_INT = re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$")
_FLOAT = re.compile(
    r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
)
_NULL = re.compile(r"(?:~|null|Null|NULL|)$")
_BASES = {"0o": 8, "0x": 16}
_LIMIT = 2**63


class Kind(NamedTuple):
    """A kind of scalar: how it is written, with which characters it begins, and what it means."""

    pattern: re.Pattern[str]
    first: tuple[str, ...]
    value: Callable[[str], Any]


def plain_value(written: str) -> Any:
    """Return the value of a scalar that is written without quotes and is not empty."""
    for kind in _BY_FIRST.get(written[0], ()):
        if kind.pattern.match(written):
            return kind.value(written)
    return written


def _null(_value: str) -> None:
    return None


def _bool(value: str) -> bool:
    return value.lower() == "true"


def _int(value: str) -> int | float:
    """Return an integer of 64 bits; a larger one is a float, as every number of JavaScript is."""
    base = _BASES.get(value[:2])
    try:
        number = int(value[2:], base) if base else int(value)
        return number if -_LIMIT <= number < _LIMIT else float(number)
    except (ValueError, OverflowError):
        return -math.inf if value.startswith("-") else math.inf


def _float(value: str) -> float:
    return float(value.lower().replace(".inf", "inf").replace(".nan", "nan"))


KINDS: dict[str, Kind] = {
    "bool": Kind(_BOOL, tuple("tTfF"), _bool),
    "int": Kind(_INT, tuple("-+0123456789"), _int),
    "float": Kind(_FLOAT, tuple("-+.0123456789"), _float),
    "null": Kind(_NULL, ("~", "n", "N", ""), _null),
}
_BY_FIRST: dict[str, list[Kind]] = {}
for _kind in KINDS.values():
    for _char in _kind.first:
        _BY_FIRST.setdefault(_char, []).append(_kind)

"""The attributes that the marker of a generated block may have, and their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vaultsync.blocks.fill import KINDS
from vaultsync.blocks.notes_block import OWN, STYLES
from vaultsync.core.config import Config

_FLAG = ("false", "true")
_STYLE = ("full", "short")
_CHOICES: Mapping[tuple[str, str], Iterable[str]] = {
    ("notes", "style"): STYLES,
    ("tensions", "style"): _STYLE,
    ("changelog", "style"): _STYLE,
    ("items", "group"): ("item", "note"),
    ("items", "open"): _FLAG,
    ("todos", "tasks"): _FLAG,
}


def attributes_of(kind: str, config: Config) -> Iterable[str]:
    """Return the attributes of a kind of block; one that lists notes also takes properties."""
    known = KINDS[kind].attributes if kind in KINDS else ()
    return [*sorted(OWN), *_properties(config)] if known is None else known


def values_of(kind: str, name: str, config: Config) -> Iterable[str]:
    """Return the values that an attribute may have; none where any text will do."""
    if choices := _CHOICES.get((kind, name)):
        return choices
    types = config.types.values()
    by_name: Mapping[str, Iterable[str]] = {
        "type": config.types,
        "to": config.addresses,
        "by": _properties(config),
        "group": _properties(config),
        "section": dict.fromkeys(one for each in types for one in each.body.sections),
    }
    return by_name.get(name) or config.listed_values(name)


def _properties(config: Config) -> Iterable[str]:
    return dict.fromkeys(name for kind in config.types.values() for name in kind.properties)

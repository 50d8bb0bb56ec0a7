"""Claims that say nearly the same in other words, and which pairs of them are told."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import NamedTuple

from vaultsync.lint.baseline import Key
from vaultsync.notes.similarity import Pair, alike

CODE = "BDY009"
_MOST = 10


class Repeated(NamedTuple):
    """Each note's pairs by its path, the highest score first, and how many pairs are not told."""

    pairs: Mapping[str, tuple[Pair, ...]]
    untold: int


def repeated(claims: Mapping[str, str], known: Container[Key], *, complete: bool) -> Repeated:
    """Return the pairs among claims, by path, that are told.

    Those are the ten with the highest scores, and besides them what a baseline knows, which is not
    shown; all of them if they are to be `complete`.
    """
    pairs = alike(claims)
    fresh = [pair for pair in pairs if not _is_known(pair, known)]
    untold = frozenset(() if complete else fresh[_MOST:])
    found: dict[str, tuple[Pair, ...]] = {}
    for pair in pairs:
        for name in pair.names if pair not in untold else ():
            found[name] = (*found.get(name, ()), pair)
    return Repeated(found, len(untold))


def message(path: str, pair: Pair) -> str:
    """Return what is said at one note of a pair."""
    (other,) = (name for name in pair.names if name != path)
    return f"{other} says nearly the same"


def _is_known(pair: Pair, known: Container[Key]) -> bool:
    return any((path, CODE, message(path, pair)) in known for path in pair.names)

"""Which notes are linked, whichever of the two links to the other."""

from __future__ import annotations

from collections.abc import Mapping

from vaultsync.notes.link_index import LinkIndex
from vaultsync.related.facts import Facts


def linked(facts: Mapping[str, Facts], index: LinkIndex) -> dict[str, frozenset[str]]:
    """Return the notes that each is linked with, by path."""
    found: dict[str, set[str]] = {path: set() for path in facts}
    for path, one in facts.items():
        for target in one.links:
            for other in index.resolve(target, path)[:1]:
                if other in found and other != path:
                    found[path].add(other)
                    found[other].add(path)
    return {path: frozenset(others) for path, others in found.items()}

"""Which notes are linked, whichever of the two links to the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy

from vaultsync.notes.link_index import LinkIndex
from vaultsync.related.facts import Facts
from vaultsync.related.holders import Holders

_NONE: frozenset[str] = frozenset()


class Links:
    """The notes that each note is linked with, by path.

    What is known of a version before is kept, but for the notes that changed since and, where files
    have other names, all targets.
    """

    def __init__(
        self,
        facts: Mapping[str, Facts],
        index: LinkIndex,
        changed: Collection[str],
        before: Links | None,
    ) -> None:
        """Resolve the links of what changed."""
        self.facts, self.index = facts, index
        old: Mapping[str, frozenset[str]] = before.targets if before else {}
        resolved = changed if before and before.index is index else old.keys() | facts.keys()
        self.targets: dict[str, frozenset[str]] = {
            path: found for path, found in old.items() if path in facts
        }
        self.targets |= {path: self._resolved(path) for path in resolved if path in facts}
        changes = [(p, old.get(p, _NONE), self.targets.get(p, _NONE)) for p in resolved]
        self.sources: Holders = Holders(len(facts), changes, before.sources if before else None)
        self.found: dict[str, frozenset[str]] = dict(before.found) if before else {}
        for path, had, has in changes:
            for other in {path, *(had ^ has)}:
                self.found.pop(other, None)
        for path in changed:
            for other in self.sources.of(path):
                self.found.pop(other, None)

    def _resolved(self, path: str) -> frozenset[str]:
        resolve, links = self.index.resolve, self.facts[path].links
        return frozenset(other for link in links for other in resolve(link, path)[:1])

    def __getitem__(self, path: str) -> frozenset[str]:
        """Return the notes that one is linked with."""
        if path not in self.found:
            both = self.targets[path] | self.sources.of(path)
            self.found[path] = frozenset(both & self.facts.keys()) - {path}
        return self.found[path]

    def among(self, paths: frozenset[str]) -> Links:
        """Return the links among some of the notes alone."""
        other = copy(self)
        other.found = {path: self[path] & paths if path in paths else _NONE for path in self.facts}
        return other

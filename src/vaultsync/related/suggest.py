"""The notes that are perhaps related to one, or all such pairs, the best first."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from copy import copy

import msgspec

from vaultsync.core.config import RelatedSettings
from vaultsync.core.model import Document
from vaultsync.notes.link_index import LinkIndex
from vaultsync.related.dismissed import dismissed_pairs
from vaultsync.related.facts import Facts
from vaultsync.related.model import Model
from vaultsync.related.reasons import REASONS, Pair, score, strengths

# In a vault of so many notes each pair is compared.
_FEW = 200
_MOST_CANDIDATES = 100
_MOST_PAIRS = 3000
_MOST_OF_EACH = 5
_RAREST = 12
_MOST_WITH_WORD = 100


class Because(msgspec.Struct, frozen=True):
    """A reason, how much it adds to the score, and its words."""

    kind: str
    score: float
    text: str


class Suggestion(msgspec.Struct, frozen=True):
    """Two notes, by path, that are perhaps related, and why, the strongest reason first."""

    one: str
    other: str
    score: float
    reasons: tuple[Because, ...]


class Search:
    """What finds the pairs. `dismissed` are those, as sets of two paths, that nobody wants."""

    def __init__(
        self,
        model: Model,
        settings: RelatedSettings,
        dismissed: Collection[frozenset[str]] = (),
    ) -> None:
        """Bind the values."""
        self.model, self.settings, self.dismissed = model, settings, dismissed
        self.wanted = frozenset(model.facts)

    def among(self, paths: frozenset[str]) -> Search:
        """Return what finds pairs of some of the notes, for which no reason names another note."""
        other = copy(self)
        other.model, other.wanted = self.model.among(paths), paths & self.wanted
        return other

    def of(self, path: str, count: int) -> list[Suggestion]:
        """Return the best suggestions for a note."""
        return self._best(((path, other) for other in self._open(path, _MOST_CANDIDATES)), count)

    def all(self, count: int) -> list[Suggestion]:
        """Return the best suggestions of the vault, each pair once."""
        found = {
            (min(path, other), max(path, other))
            for path in sorted(self.wanted)
            for other in self._open(path, _MOST_OF_EACH)
        }
        if len(found) > _MOST_PAIRS:
            found = set(
                heapq.nlargest(_MOST_PAIRS, sorted(found), lambda one: self.model.similar(*one))
            )
        return self._best(found, count)

    def _best(self, pairs: Iterable[tuple[str, str]], count: int) -> list[Suggestion]:
        found = [(self._score(one, other), one, other) for one, other in pairs]
        best = heapq.nsmallest(count, found, key=lambda one: (-one[0], *one[1:]))
        return [self._explained(*one) for one in best if one[0] > 0]

    def _score(self, one: str, other: str) -> float:
        pair = Pair(one, other, self.model, self.settings)
        return score(pair, strengths(pair, shown=False))

    def _explained(self, total: float, one: str, other: str) -> Suggestion:
        pair = Pair(one, other, self.model, self.settings)
        found = {k: value for k, value in strengths(pair).items() if value >= REASONS[k].least}
        added = sorted(((REASONS[kind].weight * found[kind], kind) for kind in found), reverse=True)
        reasons = (Because(kind, value, REASONS[kind].text(pair)) for value, kind in added)
        return Suggestion(one, other, total, tuple(reasons))

    def _open(self, path: str, most: int) -> Iterator[str]:
        """Yield the notes that are neither linked with one nor dismissed, and are worth a look."""
        known = {path} | self.model.links[path]
        for other in self._candidates(path, most):
            is_open = other in self.wanted and other not in known
            if is_open and frozenset((path, other)) not in self.dismissed:
                yield other

    def _candidates(self, path: str, most: int) -> Iterable[str]:
        """Return the notes to compare one with: in a large vault those that share rare words."""
        if len(self.model.facts) <= _FEW:
            return self.model.facts
        holders, met = self.model.holders, defaultdict[str, float](float)
        stems = {*self.model.facts[path].text.stems.split()}
        sized = ((len(holders.of(stem)), stem) for stem in stems)
        usable = sorted(one for one in sized if 1 < one[0] <= _MOST_WITH_WORD)
        for _, stem in usable[:_RAREST]:
            rarity = holders.rarity(stem)
            for other in holders.of(stem):
                met[other] += rarity
        return heapq.nlargest(most + 1, sorted(met), key=met.__getitem__)


def search_of(
    facts: Mapping[str, Facts],
    index: LinkIndex,
    settings: RelatedSettings,
    keeper: Document | None,
    before: Search | None = None,
) -> Search:
    """Return what finds the pairs among notes; `keeper` is the note with those dismissed.

    `before` is what found those of a version before.
    """
    model = Model(facts, index, before.model if before else None)
    return Search(model, settings, dismissed_pairs(keeper, index))

"""Reasons why two notes are perhaps related: how strong each is, from 0 to 1, and in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import permutations

import msgspec

from vaultsync.core.config import RelatedSettings
from vaultsync.related.model import Model, Vector, dot

_MOST_SHOWN = 4
# Claims of one subject.
_SUBJECT = 0.1


class Pair(msgspec.Struct, frozen=True):
    """Two notes, by path, and all notes."""

    one: str
    other: str
    model: Model
    settings: RelatedSettings

    @property
    def both(self) -> tuple[str, str]:
        """The two paths."""
        return self.one, self.other

    def name(self, path: str) -> str:
        """Return the name of a note."""
        return self.model.facts[path].name


class Reason(msgspec.Struct, frozen=True):
    """A kind of reason: its weight in the sum, how strong it is for a pair, and its words.

    One that is weaker than `least` is not shown.
    """

    weight: float
    strength: Callable[[Pair], float]
    text: Callable[[Pair], str]
    least: float = 0.05


def _words(pair: Pair) -> float:
    return pair.model.similar(*pair.both)


def _words_text(pair: Pair) -> str:
    return f"similar words: {_most_telling(pair, *map(pair.model.of_text, pair.both))}"


def _most_telling(pair: Pair, one: Vector, other: Vector) -> str:
    shared = sorted(one.keys() & other.keys(), key=lambda word: (-one[word] * other[word], word))
    text = pair.model.facts[pair.one].text
    return ", ".join(text.form(word) for word in shared[:_MOST_SHOWN])


def _around(pair: Pair) -> float:
    return sum(pair.model.around(*both) for both in permutations(pair.both)) / 2


def _around_text(pair: Pair) -> str:
    found = [
        (pair.model.similar(a, near), a, b, near)
        for a, b in permutations(pair.both)
        for near in pair.model.links[b]
    ]
    _, a, b, near = max(found)
    return f"{pair.name(a)} is similar to {pair.name(near)}, which is linked with {pair.name(b)}"


def _shared(pair: Pair) -> list[str]:
    links = pair.model.links
    return sorted(links[pair.one] & links[pair.other], key=lambda path: (len(links[path]), path))


def _neighbours(pair: Pair) -> float:
    counts = (max(2, len(pair.model.links[path])) for path in _shared(pair))
    return min(1.0, sum(1 / math.log(count + 0.5) for count in counts) / 2)


def _neighbours_text(pair: Pair) -> str:
    return f"both are linked with {_listed([pair.name(path) for path in _shared(pair)])}"


def _shared_works(pair: Pair) -> dict[str, str]:
    return _in_both(*(pair.model.facts[path].cited_works() for path in pair.both))


def _works(pair: Pair) -> float:
    return _commons(pair, _shared_works(pair))


def _works_text(pair: Pair) -> str:
    return f"both cite “{'”, “'.join(_shared_works(pair).values())}”"


def _shared_authors(pair: Pair) -> dict[str, str]:
    return _in_both(*(pair.model.facts[path].cited_authors() for path in pair.both))


def _authors(pair: Pair) -> float:
    return _commons(pair, _shared_authors(pair))


def _authors_text(pair: Pair) -> str:
    return f"both cite {_listed([*_shared_authors(pair).values()])}"


def _in_both(one: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    return {key: name for key, name in one.items() if key in other}


def _commons(pair: Pair, things: Iterable[str]) -> float:
    return min(1.0, sum(map(pair.model.holders.rarity, things)))


def _mentioned(pair: Pair) -> Iterator[tuple[float, str, str, str]]:
    for one, other in permutations(pair.both):
        text = f" {pair.model.facts[one].text.stems} "
        for name, words in pair.model.facts[other].names:
            if words.stems and f" {words.stems} " in text:
                rare = max(map(pair.model.holders.rarity, words.stems.split()))
                yield rare, one, other, name


def _mention(pair: Pair) -> float:
    return max((found[0] for found in _mentioned(pair)), default=0.0)


def _mention_text(pair: Pair) -> str:
    _, one, other, name = max(_mentioned(pair))
    return f"{pair.name(one)} mentions {pair.name(other)}: “{name}”"


def _properties(pair: Pair) -> float:
    found = list(_by_property(pair))
    return sum(found) / max(1, len(found))


def _by_property(pair: Pair) -> Iterator[float]:
    for number in range(len(pair.settings.properties)):
        yield dot(*(pair.model.of_property(path, number) for path in pair.both))


def _properties_text(pair: Pair) -> str:
    one, other = (pair.model.facts[path].properties for path in pair.both)
    parts = []
    for name, a, b in zip(pair.settings.properties, one, other, strict=True):
        shared = [w for w in dict.fromkeys(a.stems.split()) if w in b.stems.split()]
        if shared:
            parts.append(f"{name}: {', '.join(a.form(word) for word in shared[:_MOST_SHOWN])}")
    return f"same {'; '.join(parts)}"


def _asked(pair: Pair) -> Iterator[tuple[float, str, str, str]]:
    for one, other in permutations(pair.both):
        for text, words in pair.model.facts[one].questions:
            near = dot(pair.model.vector(words.stems.split()), pair.model.of_claim(other))
            yield near, one, other, text


def _question(pair: Pair) -> float:
    return max((found[0] for found in _asked(pair)), default=0.0)


def _question_text(pair: Pair) -> str:
    _, one, other, text = max(_asked(pair))
    return f"{pair.name(other)} may bear on a question of {pair.name(one)}: {text}"


def _claims(pair: Pair) -> float:
    return dot(*map(pair.model.of_claim, pair.both))


def _claims_text(pair: Pair) -> str:
    return f"similar claims: {_most_telling(pair, *map(pair.model.of_claim, pair.both))}"


def _opposed(pair: Pair) -> tuple[str, str] | None:
    one, other = (frozenset(pair.model.facts[path].said.split()) for path in pair.both)
    for pair_of in pair.settings.opposites:
        for a, b in permutations(pair_of):
            if a in one - other and b in other - one:
                return a, b
    return None


def _tension(pair: Pair) -> float:
    near = _claims(pair)
    return near if near >= _SUBJECT and _opposed(pair) else 0.0


def _tension_text(pair: Pair) -> str:
    a, b = _opposed(pair) or ("", "")
    return f"perhaps a tension: “{a}” in one claim, “{b}” in the other"


def _listed(names: list[str]) -> str:
    shown, more = names[:_MOST_SHOWN], len(names) - _MOST_SHOWN
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


# `benchmarks/related.py` finds the weights; what has none is shown, and adds nothing.
REASONS = {
    "words": Reason(1.0, _words, _words_text),
    "around": Reason(1.0, _around, _around_text),
    "claims": Reason(0.45, _claims, _claims_text, least=0.1),
    "sources": Reason(0.35, _works, _works_text),
    "properties": Reason(0.15, _properties, _properties_text),
    "neighbours": Reason(0.12, _neighbours, _neighbours_text),
    "authors": Reason(0.05, _authors, _authors_text),
    "mention": Reason(0.05, _mention, _mention_text),
    "question": Reason(0.0, _question, _question_text, least=0.15),
    "tension": Reason(0.0, _tension, _tension_text),
}
_USUAL = 1.3


def score(pair: Pair, strengths: Mapping[str, float]) -> float:
    """Return how likely two notes are related: the reasons, less what the notes share with all."""
    usual = sum(map(pair.model.usual, pair.both))
    return sum(one.weight * strengths[kind] for kind, one in REASONS.items()) - _USUAL * usual


def strengths(pair: Pair, *, shown: bool = True) -> dict[str, float]:
    """Return how strong each reason is; 0 for those without a weight, if they are not shown."""
    return {
        kind: one.strength(pair) if shown or one.weight else 0.0 for kind, one in REASONS.items()
    }

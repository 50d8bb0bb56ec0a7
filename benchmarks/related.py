"""How well `vaultsync related` finds the relations that authors wrote, against easy rivals.

    python -m benchmarks.related VAULT [--since REV] [--fit] [--sample N] [--seed 0]

Each pair of linked notes is hidden in turn, with all that either note says where it links to the
other, and each of the two is asked for the other. The notes that it is still linked with are no
candidates. `--since REV`: the pairs of which a note is newer than that revision are held out: they
are counted apart, and no choice was made by them. `--fit` finds weights for the reasons, by the
other pairs. docs/related.md describes the protocol and shows the results.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.blocks.context import Context
from vaultsync.blocks.quote import authored_content
from vaultsync.core.config import Config
from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span, apply_edits
from vaultsync.markdown import elements, parse
from vaultsync.notes.link_index import LinkIndex
from vaultsync.notes.note import is_readable, note_of
from vaultsync.related.facts import Facts, facts_of
from vaultsync.related.model import Model, Vector, dot
from vaultsync.related.reasons import REASONS, Pair, score, strengths

_FOLDS, _SAMPLES = 8, 2000
_STEPS, _PENALTY, _PACE = 150, 0.5, 0.05
_USUAL = "like all"
_WORD = re.compile(r"\w\w+")
_BEST = "combination"
Two = tuple[str, str]
Figure = Callable[[float], float]
Scores = Mapping[str, Sequence[float]]
_FITTED = (*(kind for kind, reason in REASONS.items() if reason.weight), _USUAL)


class Asked(msgspec.Struct, frozen=True):
    """One note of a hidden pair, asked for the other one.

    `scores` holds for each method a number for each candidate, and `wanted` is the place of the
    hidden note among them.
    """

    pair: Two
    wanted: int
    scores: Scores

    def rank(self, method: str) -> float:
        """Return the place of the hidden note; of notes with the same score it is in the middle."""
        return rank(self.scores[method], self.wanted)


def rank(scores: Sequence[float], wanted: int) -> float:
    """Return the place of one among scores."""
    own = scores[wanted]
    better = sum(score > own + 1e-12 for score in scores)
    same = sum(abs(score - own) <= 1e-12 for score in scores)  # noqa: PLR2004
    return better + (same + 1) / 2


class Notes:
    """The notes of a vault, and what is left of them where a pair is hidden."""

    def __init__(self, root: Path) -> None:
        """Read the vault."""
        workspace = Workspace(str(root), cached=False)
        self.context: Context = workspace.context
        self.config: Config = workspace.config
        self.index: LinkIndex = self.context.index
        self.documents = {document.path: document for document in self._documents()}
        self.facts = {path: self._facts(one) for path, one in self.documents.items()}
        self.model = Model(self.facts, self.index)

    def _documents(self) -> Iterator[Document]:
        if self.config.types:
            yield from (note.document for note in self.context.notes)
            return
        for path in sorted(self.context.vault.documents):
            document = self.context.vault.documents[path]
            if document.kind == "note" and is_readable(document):
                yield authored_content(document)

    def _facts(self, document: Document) -> Facts:
        return facts_of(document, note_of(document, self.config), self.config.related)

    @property
    def pairs(self) -> list[Two]:
        """The pairs of notes that are linked."""
        return sorted(
            {
                (min(one, other), max(one, other))
                for one in self.facts
                for other in self.model.links[one]
            }
        )

    def topic(self, path: str) -> str | None:
        """Return the topic of a note."""
        return self.documents[path].text_property("topic")

    def is_across(self, pair: Two) -> bool:
        """Whether two notes have different topics."""
        one, other = map(self.topic, pair)
        return bool(one and other and one != other)

    def without(self, pair: Two) -> tuple[Mapping[str, Document], Model]:
        """Return both notes without what names the pair, and the model of all notes."""
        hidden = {a: self._hide(self.documents[a], b) for a, b in (pair, pair[::-1])}
        facts = {
            a: msgspec.structs.replace(self._facts(hidden[a]), links=self._links(a, b))
            for a, b in (pair, pair[::-1])
        }
        return hidden, Model(self.facts | facts, self.index, self.model)

    def _links(self, path: str, other: str) -> tuple[str, ...]:
        """Return the links of a note but those to another one, also those next to them."""
        links = self.facts[path].links
        return tuple(one for one in links if self.index.resolve(one, path)[:1] != (other,))

    def _hide(self, document: Document, other: str) -> Document:
        """Return a note without the paragraphs, items and properties that link to another one."""
        links = [
            link
            for link in document.internal
            if self.index.resolve(link.target, document.path)[:1] == (other,)
        ]
        spans = {_around(document, link.start) for link in links}
        cut = [span for span in spans if not any(_within(span, one) for one in spans - {span})]
        text = apply_edits(document.text, [Edit(span, "") for span in sorted(cut)])
        left = parse(document.path, text)
        if any(
            self.index.resolve(link.target, document.path)[:1] == (other,) for link in left.internal
        ):
            raise ValueError(f"{document.path}: it still links to {other}")
        return left


def _within(span: Span, other: Span) -> bool:
    return other.start <= span.start and span.end <= other.end


def _around(document: Document, at: int) -> Span:
    """Return the smallest item or block around a place, else its line."""
    parts = [
        one.span for one in elements(document.text, document.body) if one.start <= at < one.end
    ]
    if parts:
        return min(parts, key=lambda span: span.end - span.start)
    text = document.text
    end = text.find("\n", at)
    return Span(text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end)


class Plain:
    """TF-IDF as a textbook has it: all words of a text, raw counts, smooth rarity, cosine."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        """Count the words of the whole files."""
        self.counts = {path: _count(one) for path, one in documents.items()}
        self.notes = Counter(word for counts in self.counts.values() for word in counts)
        self.vectors = {path: self._vector(one) for path, one in self.counts.items()}

    def _vector(self, counts: Counter[str]) -> Vector:
        total = len(self.counts)
        found = {
            word: count * (math.log((1 + total) / (1 + self.notes[word])) + 1)
            for word, count in counts.items()
        }
        length = math.hypot(*found.values()) or 1.0
        return {word: weight / length for word, weight in found.items()}

    def with_hidden(self, hidden: Mapping[str, Document]) -> Plain:
        """Return the same with other texts of two notes; how rare words are stays."""
        other = object.__new__(Plain)
        other.counts, other.notes = self.counts, self.notes
        other.vectors = self.vectors | {path: self._vector(_count(d)) for path, d in hidden.items()}
        return other


def _count(document: Document) -> Counter[str]:
    return Counter(_WORD.findall(document.text.lower()))


def ask(notes: Notes, pairs: Iterable[Two]) -> Iterator[Asked]:
    """Hide each pair, and yield what each method answers at both ends."""
    plain = Plain(notes.documents)
    for pair in pairs:
        hidden, model = notes.without(pair)
        rival = plain.with_hidden(hidden)
        for one, other in (pair, pair[::-1]):
            others = [path for path in model.facts if path != one and path not in model.links[one]]
            scores = dict(_scores(notes, model, rival, one, others))
            yield Asked(pair, others.index(other), scores)


def _scores(
    notes: Notes, model: Model, plain: Plain, one: str, others: Sequence[str]
) -> Iterator[tuple[str, Sequence[float]]]:
    pairs = [Pair(one, other, model, notes.config.related) for other in others]
    found = [strengths(pair) for pair in pairs]
    for kind in REASONS:
        yield kind, [one[kind] for one in found]
    yield _USUAL, [-sum(map(model.usual, pair.both)) for pair in pairs]
    yield _BEST, [score(pair, one) for pair, one in zip(pairs, found, strict=True)]
    texts = [dot(plain.vectors[one], plain.vectors[other]) for other in others]
    yield "plain TF-IDF", texts
    yield "shared neighbours", [len(model.links[one] & model.links[b]) for b in others]
    topic = notes.topic(one)
    same = [bool(topic) and notes.topic(other) == topic for other in others]
    yield "same topic first", [own + text for own, text in zip(same, texts, strict=True)]


def fit(asked: Sequence[Asked]) -> dict[str, float]:
    """Return weights, none below 0, by which the hidden notes are likeliest among the candidates.

    It is a softmax over the candidates with a quadratic penalty, by gradient ascent with Adam.
    """
    scale = {kind: _deviation(asked, kind) for kind in _FITTED}
    tables = [
        [[value / scale[kind] for value in one.scores[kind]] for kind in _FITTED] for one in asked
    ]
    weights = [0.0] * len(_FITTED)
    first, second = list(weights), list(weights)
    for step in range(1, _STEPS + 1):
        slope = [-_PENALTY * weight for weight in weights]
        for one, columns in zip(asked, tables, strict=True):
            odds = _odds(weights, columns)
            for k, column in enumerate(columns):
                mean = sum(map(float.__mul__, odds, column))
                slope[k] += (column[one.wanted] - mean) / len(asked)
        for k, value in enumerate(slope):
            first[k] = 0.9 * first[k] + 0.1 * value
            second[k] = 0.99 * second[k] + 0.01 * value**2
            root = math.sqrt(second[k] / (1 - 0.99**step)) + 1e-8
            weights[k] = max(0.0, weights[k] + _PACE * first[k] / (1 - 0.9**step) / root)
    return {kind: w / scale[kind] for kind, w in zip(_FITTED, weights, strict=True)}


def _odds(weights: Sequence[float], columns: Sequence[Sequence[float]]) -> list[float]:
    sums = [0.0] * len(columns[0])
    for weight, column in zip(weights, columns, strict=True):
        if weight:
            sums = [total + weight * value for total, value in zip(sums, column, strict=True)]
    top = max(sums)
    odds = [math.exp(value - top) for value in sums]
    total = sum(odds)
    return [odd / total for odd in odds]


def _deviation(asked: Sequence[Asked], kind: str) -> float:
    values = [value for one in asked for value in one.scores[kind]]
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) or 1.0


def cross_validated(asked: Sequence[Asked], seed: int) -> list[float]:
    """Return the ranks by weights that were fitted to the other folds; a pair is in one fold."""
    pairs = sorted({one.pair for one in asked})
    random.Random(seed).shuffle(pairs)  # noqa: S311 - a sample, no secret
    fold = {pair: number % _FOLDS for number, pair in enumerate(pairs)}
    fitted = [fit([one for one in asked if fold[one.pair] != number]) for number in range(_FOLDS)]
    return [_rank_by(one, fitted[fold[one.pair]]) for one in asked]


def _rank_by(one: Asked, weights: Mapping[str, float]) -> float:
    columns = [one.scores[kind] for kind in weights]
    sums = [
        sum(w * value for w, value in zip(weights.values(), row, strict=True))
        for row in zip(*columns, strict=True)
    ]
    return rank(sums, one.wanted)


class Figures(msgspec.Struct, frozen=True):
    """The ranks that a method gave, by pair, one for each end."""

    ranks: Mapping[Two, Sequence[float]]

    def of(self, figure: Figure) -> float:
        """Return the mean of a figure."""
        return _mean([figure(rank) for ranks in self.ranks.values() for rank in ranks])

    def interval(self, figure: Figure, rival: Figures | None = None) -> tuple[float, float]:
        """Return the 95 % bootstrap interval of a figure, or of its difference to a rival's.

        Pairs are drawn, with both ends of each.
        """
        values = []
        for pair, ranks in self.ranks.items():
            other = rival.ranks[pair] if rival else ()
            values.append(
                _mean([*map(figure, ranks)]) - (_mean([*map(figure, other)]) if other else 0)
            )
        drawn = random.Random(0)  # noqa: S311 - a sample, no secret
        means = sorted(_mean(drawn.choices(values, k=len(values))) for _ in range(_SAMPLES))
        return means[int(0.025 * _SAMPLES)], means[int(0.975 * _SAMPLES)]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def figures(asked: Sequence[Asked], ranks: Sequence[float]) -> Figures:
    """Return ranks by pair."""
    found: dict[Two, list[float]] = {}
    for one, place in zip(asked, ranks, strict=True):
        found.setdefault(one.pair, []).append(place)
    return Figures(found)


def table(title: str, asked: Sequence[Asked], methods: Mapping[str, Sequence[float]]) -> str:
    """Return a table of the methods' figures, and of the last one's difference to each other."""
    if not asked:
        return ""
    found = {name: figures(asked, ranks) for name, ranks in methods.items()}
    best = found[_BEST]
    pairs = len(best.ranks)
    lines = [f"\n{title}: {pairs} pairs\n", "| method | recall@5 | recall@10 | MRR | difference |"]
    lines.append("|---|---|---|---|---|")
    for name, one in found.items():
        cells = [f"{one.of(figure):.2f} ({_span(one.interval(figure))})" for figure in _FIGURES]
        apart = best.of(_within_ten) - one.of(_within_ten)
        behind = f"{apart:+.2f} ({_span(best.interval(_within_ten, one))})"
        lines.append(f"| {name} | {' | '.join(cells)} | {'' if one is best else behind} |")
    return "\n".join(lines)


def _span(interval: tuple[float, float]) -> str:
    return f"{interval[0]:.2f} to {interval[1]:.2f}"


def _within_five(place: float) -> float:
    return float(place <= 5)  # noqa: PLR2004


def _within_ten(place: float) -> float:
    return float(place <= 10)  # noqa: PLR2004


def _reciprocal(place: float) -> float:
    return 1 / place


_FIGURES: tuple[Figure, ...] = (_within_five, _within_ten, _reciprocal)


def first_notes(root: Path, revision: str) -> frozenset[str]:
    """Return the notes of a vault at a revision."""
    command = ["git", "-C", str(root), "ls-tree", "-r", "--name-only", "-z", revision, "."]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return frozenset(out.split("\0"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("vault", type=Path)
    parser.add_argument("--since", metavar="REV", help="hold out the pairs of newer notes")
    parser.add_argument("--fit", action="store_true", help="find weights, cross-validated")
    parser.add_argument("--sample", type=int, metavar="N", help="only so many pairs")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    notes = Notes(given.vault)
    pairs = notes.pairs
    if given.sample and given.sample < len(pairs):
        pairs = sorted(random.Random(given.seed).sample(pairs, given.sample))  # noqa: S311
    asked = list(ask(notes, pairs))
    old = first_notes(given.vault, given.since) if given.since else frozenset(notes.facts)
    chosen = [one for one in asked if old.issuperset(one.pair)]
    held = [one for one in asked if not old.issuperset(one.pair)]
    for title, ones in {"pairs": asked, "chosen by": chosen, "held out": held}.items():
        if title == "pairs" or held:
            _print(notes, title, ones)
    if given.fit:
        weights = fit(chosen)
        print("\nweights:", {kind: round(w / weights["words"], 3) for kind, w in weights.items()})
        places = {"cross-validated": cross_validated(chosen, given.seed)}
        places[_BEST] = [one.rank(_BEST) for one in chosen]
        across = [i for i, one in enumerate(chosen) if notes.is_across(one.pair)]
        print(table("cross-validated", chosen, places))
        few = {name: [ranks[i] for i in across] for name, ranks in places.items()}
        print(table("cross-validated, across topics", [chosen[i] for i in across], few))


def _print(notes: Notes, title: str, asked: Sequence[Asked]) -> None:
    across = [one for one in asked if notes.is_across(one.pair)]
    for name, ones in {title: asked, f"{title}, across topics": across}.items():
        if ones:
            methods = {method: [one.rank(method) for one in ones] for method in ones[0].scores}
            print(table(name, ones, methods), flush=True)


if __name__ == "__main__":
    main()

"""How well and how fast the same claim in other words is found among many.

    python benchmarks/repeated_claims.py [--claims 10000] [--planted 200] [--seed 0]

Makes claims of 20 to 50 words, each on one of many subjects, whose words it shares with some
thirty others. For some of them plants another that says the same: a share of the telling words is
replaced by others of its subject, some are dropped, endings change, and the order is another.
Prints recall and precision for several shares, and the time.
"""

from __future__ import annotations

import argparse
import random
import time

from vaultsync.notes.similarity import similar_texts

_SYLLABLES = [first + vowel for first in "bcdfghklmnprtvz" for vowel in "aeiou"]
_JOINING = ("the", "of", "a", "in", "that", "to", "it", "is", "by", "when", "as", "with", "for")
_ENDINGS = ("", "", "s", "ed", "ing")


class Language:
    """Made-up words: some general, some of one subject; the first of a list are the commonest."""

    def __init__(self, seed: int, subjects: int) -> None:
        """Make the words."""
        self.random = random.Random(seed)  # noqa: S311 - a sample, no secret
        self.general = [self.word() for _ in range(1500)]
        self.subjects = [[self.word() for _ in range(60)] for _ in range(subjects)]

    def word(self) -> str:
        """Return a new word."""
        return "".join(self.random.choices(_SYLLABLES, k=self.random.randint(2, 4))) + "k"

    def pick(self, subject: list[str]) -> str:
        """Return a telling word of a claim."""
        words = subject if self.random.random() < 0.6 else self.general  # noqa: PLR2004
        return words[int(len(words) * self.random.random() ** 2)]

    def claim(self, subject: list[str]) -> list[str]:
        """Return the telling words of a claim."""
        return [self.pick(subject) for _ in range(self.random.randint(12, 26))]

    def again(self, claim: list[str], subject: list[str], share: float) -> list[str]:
        """Return the telling words of the same claim in other words."""
        said = [self.pick(subject) if self.random.random() < share else word for word in claim]
        kept = [word for word in said if self.random.random() > 0.1]  # noqa: PLR2004
        half = len(kept) // 2
        return kept[half:] + kept[:half]

    def written(self, words: list[str]) -> str:
        """Return words with endings and with what joins them."""
        parts = [
            f"{word}{self.random.choice(_ENDINGS)} {self.random.choice(_JOINING)}" for word in words
        ]
        return " ".join(parts)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--planted", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    for share in (0.1, 0.2, 0.3, 0.4, 0.5):
        measure(given.claims, given.planted, given.seed, share)


def measure(claims: int, planted: int, seed: int, share: float) -> None:
    """Print the figures for one share of replaced words."""
    language = Language(seed, max(1, claims // 30))
    texts, truth = {}, set()
    for number in range(claims - planted):
        subject = language.random.choice(language.subjects)
        claim = language.claim(subject)
        texts[f"{number:06}"] = language.written(claim)
        if number < planted:
            twin = language.again(claim, subject, share)
            texts[f"{number:06} again"] = language.written(twin)
            truth.add((f"{number:06}", f"{number:06} again"))
    started = time.perf_counter()
    pairs = similar_texts(texts)
    taken = time.perf_counter() - started
    found = {pair.names for pair in pairs}
    right = len(found & truth)
    first = sum(pair.names in truth for pair in pairs[:10])
    print(
        f"{share:.0%} replaced: recall {right / planted:.3f}, precision "
        f"{right / max(1, len(found)):.3f}, {first} of the ten shown are right; "
        f"{len(texts):,} claims in {taken:.1f} s"
    )


if __name__ == "__main__":
    main()

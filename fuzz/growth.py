"""How the time to read a text grows with its size."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from fuzz.checks import RULES
from fuzz.patterns import MARKDOWN, YAML, Make, Pattern
from vaultsync.markdown import parse
from vaultsync.markdown.events import events
from vaultsync.markdown.unclosed_markup import numeric_tags, unclosed_markup
from vaultsync.notes.body import read_body
from vaultsync.notes.link_index import LinkIndex, has_subpath, resolvable_links

# Texts of these sizes, in characters, are read.
SIZES = (12_500, 25_000, 50_000, 100_000)
# Below these seconds nothing is reported: the clock and the cache are coarse.
FLOOR = 0.05
# n log n is 1.1 here, n squared is 2.
STEEP = 1.5
# A character takes a few microseconds at most. What takes longer is looked at closely.
SLOWEST = 8e-6
_MOST_ROUNDS = 4


# Calls of functions that are counted where nothing may depend on a clock.
FEWEST = 1_000


class Growth(NamedTuple):
    """CPU seconds for texts of `SIZES`, and the power of the size that they grow with."""

    name: str
    seconds: tuple[float, ...]
    exponent: float

    @property
    def is_steep(self) -> bool:
        """Whether the time grows clearly faster than the text."""
        return self.seconds[-1] > FLOOR and self.exponent > STEEP


def read(text: str) -> None:
    """Read all that parse, properties and body give, and resolve the links."""
    document = parse("d/n.md", text)
    read_body(document, RULES)
    for kind in ("comment", "math", "fence"):
        list(unclosed_markup(document.text, document.body, kind))
    list(numeric_tags(document.text, document.body))
    index = LinkIndex(["a.md", "d/n.md", "d/a.md"])
    for link in resolvable_links(document):
        index.resolve(link.target, "d/n.md")
        has_subpath(document, link.subpath)


def events_alone(text: str) -> None:
    """Take pyromark's events and do nothing with them."""
    for _ in events(text):
        pass


def seconds(work: Callable[[str], None], text: str, rounds: int) -> float:
    """Return the best CPU time of several rounds."""
    best = math.inf
    for _ in range(rounds):
        started = time.process_time()
        work(text)
        best = min(best, time.process_time() - started)
    return best


def calls(work: Callable[[str], None], text: str) -> int:
    """Return how many functions are called, Python's own and those in C."""
    count = 0

    def note(_frame: object, event: str, _value: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work(text)
    finally:
        sys.setprofile(before)
    return count


def calls_are_steep(make: Make, work: Callable[[str], None], sizes: tuple[int, ...]) -> bool:
    """Return whether the calls grow clearly faster than the text."""
    texts = [make(size) for size in sizes]
    counts = [calls(work, text) for text in texts]
    return counts[-1] > FEWEST and exponent([len(text) for text in texts], counts) > STEEP


def measure(
    name: str, make: Make, work: Callable[[str], None] = read, *, sizes: tuple[int, ...] = SIZES
) -> Growth:
    """Measure one pattern. What looks steep is measured again, with more rounds."""
    texts = [make(size) for size in sizes]
    rounds = 1
    while True:
        times = tuple(seconds(work, text, rounds) for text in texts)
        found = Growth(name, times, exponent([len(text) for text in texts], times))
        if not found.is_steep or rounds > _MOST_ROUNDS:
            return found
        rounds += 2


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Return the slope of the line of least squares through the logarithms."""
    xs = [math.log(size) for size in sizes]
    ys = [math.log(max(taken, 1e-6)) for taken in times]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    over = sum((one - x) * (other - y) for one, other in zip(xs, ys, strict=True))
    return over / sum((one - x) ** 2 for one in xs)


def all_patterns() -> Iterator[Growth]:
    """Measure all patterns."""
    for name, make in (MARKDOWN | YAML).items():
        yield measure(name, make)


def any_pattern(pattern: Pattern) -> None:
    """Check that a pattern nobody thought of is read in proportion to its size."""
    small = SIZES[1]
    if seconds(read, pattern(small), 1) > SLOWEST * small:
        found = measure(pattern.name, pattern, sizes=(small, 2 * small, 4 * small))
        assert not found.is_steep, found

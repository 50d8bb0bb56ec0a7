"""Rounds of one check: the same seed gives the same texts."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from fuzz import checks, growth
from fuzz.patterns import Pattern
from fuzz.texts import BODIES, HEADS, NOTES, PIECES, PLAIN, SECTIONS, YAML_PIECES, joined
from vaultsync.core.text import POSSESSIVE_WORKS

# CPU seconds that a check may take, one of growth being several readings on a slow machine.
SLOW = 15.0
_UNITS = joined(*PIECES, *YAML_PIECES, most=4)
PATTERNS = st.builds(
    Pattern,
    st.sampled_from(["", "", "---\n", "---\na: [", "# Sources\n- "]) | _UNITS,
    _UNITS.filter(bool),
    _UNITS,
    st.just("") | _UNITS,
    st.sampled_from(["", "", "\n---\n"]) | _UNITS,
)
CHECKS: dict[str, tuple[st.SearchStrategy[Any], Callable[[Any], None]]] = {
    "facts": (NOTES, checks.facts),
    "body": (SECTIONS, checks.body),
    "properties": (HEADS, checks.properties),
    "edits": (HEADS, checks.edits),
    "links": (NOTES, checks.links),
    "canvas": (BODIES, checks.canvas),
    "growth": (PATTERNS, growth.any_pattern),
}
if POSSESSIVE_WORKS:
    CHECKS["plain"] = (PLAIN | BODIES, checks.plain)


def run(name: str, number: int, examples: int, *, show: bool = False) -> int:
    """Run a check on texts made from a seed; raise where it fails. Returns how many there were."""
    strategy, check = CHECKS[name]
    count = 0

    def holds(made: object) -> None:
        nonlocal count
        count += 1
        if show:
            print(ascii(made), flush=True)
        started = time.process_time()
        check(made)
        taken = time.process_time() - started
        assert taken < SLOW, f"took {taken:.1f} s"

    limits = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        print_blob=False,
    )
    seed(number)(limits(given(strategy)(holds)))()
    return count

"""Leave out the findings that are in a baseline, and return which of those are gone.

A finding is known under the code that it had until this release too.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Sequence

from vaultsync.lint.baseline import Baseline, Key, Stale, key_of
from vaultsync.lint.rule import Diagnostic
from vaultsync.lint.rules import RULES

# Displaced properties lose a claim, and a conflict of a merge loses one side of it.
_NEVER_KNOWN = {"PRP014", "MRK008"}


def known(found: Iterable[Diagnostic]) -> Counter[Key]:
    """Return what a baseline of these findings holds: not what is let off in a draft anyway."""
    return _counted(one for one in found if not one.eased and one.code not in _NEVER_KNOWN)


def gone(before: Iterable[Diagnostic], after: Iterable[Diagnostic]) -> int:
    """Return how many findings are not there any more, those that are let off included."""
    return (_counted(before) - _counted(after)).total()


def _counted(found: Iterable[Diagnostic]) -> Counter[Key]:
    return Counter(key_of(one.path, one.code, one.message) for one in found)


def _key(diagnostic: Diagnostic) -> Key:
    return _former(key_of(diagnostic.path, diagnostic.code, diagnostic.message))


def _former(key: Key) -> Key:
    path, code, message = key
    return path, _former_codes().get(code, code), message


@functools.cache
def _former_codes() -> dict[str, str]:
    return {rule.code: rule.formerly for rule in RULES if rule.formerly}


def compare(
    baseline: Baseline, found: Sequence[Diagnostic], files: frozenset[str]
) -> tuple[list[Diagnostic], list[Stale]]:
    """Return the findings that the baseline does not know, and its entries that are out of date.

    Where a note has more findings of a kind than are known, the last ones are new. The entries of
    a note that is not among the `files` hold for the note that has just those findings and no
    entries of its own: it was renamed.
    """
    rest = Counter[Key]()
    for entry in baseline.entries:
        rest[_former(entry.key)] += entry.count
    left = _unknown(found, rest)
    renamed = _renamed(rest, left, files, {entry.path for entry in baseline.entries})
    for old, new in renamed.items():
        moved = {key: count for key, count in rest.items() if key[0] == old}
        left = _unknown(left, Counter({(new, *key[1:]): count for key, count in moved.items()}))
    stale = []
    for entry in baseline.entries:
        gone = min(entry.count, rest[_former(entry.key)])
        rest[_former(entry.key)] -= gone
        if gone:
            now = renamed.get(entry.path, "")
            stale.append(Stale(entry, entry.count - gone, entry.path not in files, now))
    return left, stale


def _unknown(found: Iterable[Diagnostic], rest: Counter[Key]) -> list[Diagnostic]:
    """Return the findings beyond those that are known, which are taken from `rest`."""
    left = []
    for diagnostic in found:
        key = _key(diagnostic)
        if rest[key] > 0 and diagnostic.code not in _NEVER_KNOWN:
            rest[key] -= 1
        else:
            left.append(diagnostic)
    return left


def _renamed(
    rest: Counter[Key], left: Iterable[Diagnostic], files: frozenset[str], paths: set[str]
) -> dict[str, str]:
    """Return where notes that are gone went to."""
    gone: dict[str, Counter[tuple[str, str]]] = {}
    for (path, code, message), count in rest.items():
        if count > 0 and path not in files:
            gone.setdefault(path, Counter())[code, message] += count
    fresh: dict[str, Counter[tuple[str, str]]] = {}
    for diagnostic in left if gone else ():
        if diagnostic.path not in paths:
            path, code, message = _key(diagnostic)
            fresh.setdefault(path, Counter())[code, message] += 1
    renamed: dict[str, str] = {}
    for old, wanted in gone.items():
        fitting = [new for new, has in fresh.items() if wanted <= has]
        if fitting:
            renamed[old] = min(fitting, key=lambda new: _unlike(old, new))
            del fresh[renamed[old]]
    return renamed


def _unlike(old: str, new: str) -> tuple[bool, str]:
    """Order a note in another folder before one with another name."""
    return old.rpartition("/")[2] != new.rpartition("/")[2], new

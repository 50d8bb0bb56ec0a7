"""The findings that a change introduces: all in the files that it touches, new ones elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

import msgspec

from vaultsync.lint.context import Context
from vaultsync.lint.engine.incremental import Checked
from vaultsync.lint.engine.report_findings import Certain, report
from vaultsync.lint.rule import Diagnostic


class Earlier(msgspec.Struct, frozen=True, eq=False):
    """An earlier state of a vault, and the paths of all files that differ since.

    None instead of a state: the settings differ too, so all findings of the later state are new.
    """

    checked: Checked | None
    paths: frozenset[str]


def introduced(
    earlier: Iterable[Earlier], after: Checked, paths: Collection[str] | None = None
) -> list[Diagnostic]:
    """Return the findings that a change introduces, by path and position.

    There are several earlier states where a merge unites them: then only what none of them had is
    new. `paths` limits the findings to some files (None: all). A link whose target the change
    removed is certainly wrong; one that a new file makes look misspelt is so only where the note
    changes too.
    """
    chosen, states = None if paths is None else frozenset(paths), tuple(earlier)
    versions = [one.checked.context for one in states if one.checked]

    def removed(path: str, target: str) -> bool:
        return _is_removed(path, target, versions)

    first, *others = (_introduced(one, after, chosen, removed) for one in states)
    shared = [{(*_place(one), one.message) for one in more} for more in others]
    found = [d for d in first if all((*_place(d), d.message) in more for more in shared)]
    return sorted(found, key=lambda one: (one.path, one.span, one.code))


def _is_removed(path: str, target: str, versions: Sequence[Context]) -> bool:
    """Whether a link led somewhere in one of the versions, and was broken in none of them."""
    leads = {bool(one.index.resolve(target, path)): one for one in versions}
    return True in leads and not (False in leads and _has_link(path, target, leads[False]))


def _has_link(path: str, target: str, version: Context) -> bool:
    document = version.vault.documents.get(path)
    return document is not None and any(link.target == target for link in document.internal)


def _introduced(
    earlier: Earlier, after: Checked, chosen: frozenset[str] | None, removed: Certain
) -> list[Diagnostic]:
    before = earlier.checked
    if before is None:
        return report(after, chosen)
    touched = earlier.paths if chosen is None else earlier.paths & chosen
    others = _differing(before, after) - earlier.paths
    others = others if chosen is None else others & chosen

    def certain(path: str, target: str) -> bool:
        return removed(path, target) or after.context.nearest(target) is not None

    return [*report(after, touched, certain=certain), *_new(before, after, others, removed)]


def _differing(before: Checked, after: Checked) -> frozenset[str]:
    """Return the files whose results differ; of the same result there can be nothing new."""
    found, known = after.results, before.results
    differing = {path for path, result in found.items() if known.get(path) is not result}
    return frozenset(differing)


def _new(
    before: Checked, after: Checked, paths: Collection[str], removed: Certain
) -> list[Diagnostic]:
    """Return the findings in unchanged notes that were not there before.

    Each finding before is matched with one of the same rule at the same place after, in any words:
    the same one if it is there, else another.
    """
    found = report(after, paths, certain=removed) if paths else []
    earlier = {one.path for one in found}
    known = report(before, earlier, certain=lambda *_: False) if found else []
    same = {(_place(one), one.message) for one in known}
    left = Counter(map(_place, known))
    new = []
    for one in sorted(found, key=lambda one: (_place(one), one.message) not in same):
        if left[_place(one)]:
            left[_place(one)] -= 1
        else:
            new.append(one)
    return new


def _place(found: Diagnostic) -> tuple[str, str, int, int]:
    return found.path, found.code, found.span.start, found.span.end

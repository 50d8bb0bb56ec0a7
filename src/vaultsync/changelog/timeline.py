"""The history by days: when commits were made, which are new, and what they change together."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby

import msgspec

from vaultsync.core.commits import Commit, FileChange, day_of


def dated(
    commits: Iterable[Commit], zone: str, until: str = "9999", certain: str = ""
) -> Iterator[tuple[str, Commit]]:
    """Yield commits, the oldest first, each with its day, YYYY-MM-DD.

    That is the author's day in the time zone, "" being the author's own; not after the committer's
    day, and never before the day of an older commit. A clock that was wrong does not count: a day
    that later commits, or `until`, contradict is capped by theirs. The commit with the id `certain`
    is right, whatever the others are.
    """
    known, floor = list(commits), ""
    made = [day_of(commit.made, zone) for commit in known]
    fixed = next((place for place, commit in enumerate(known) if commit.id == certain), -1)
    for commit, cap in zip(known, _caps(made, until, fixed), strict=True):
        floor = max(floor, min(day_of(commit.written, zone), cap))
        yield floor, commit


def _caps(days: Sequence[str], until: str, fixed: int) -> list[str]:
    """Return each day, or the next one of those that agree on an order where it is not of them."""
    agreeing, caps, cap = _longest_order(days, until, fixed), [], until
    for place in range(len(days) - 1, -1, -1):
        cap = days[place] if place in agreeing else cap
        caps.append(min(cap, days[place]))
    return caps[::-1]


def _longest_order(days: Sequence[str], until: str, fixed: int) -> set[int]:
    """Return the places of the most days that do not decrease, none of them after `until`.

    The place `fixed` is one of them, unless it is -1 or its day is after `until`.

    Source: patience sorting, https://en.wikipedia.org/wiki/Longest_increasing_subsequence.
    """
    ends: list[str] = []
    places: list[int] = []
    former: dict[int, int] = {}
    start = (fixed, days[fixed]) if fixed >= 0 and days[fixed] <= until else (-1, "")
    for place, day in enumerate(days):
        agrees = day == start[1] or (place > start[0]) is (day > start[1])
        if day <= until and agrees:
            at = bisect_right(ends, day)
            former[place] = places[at - 1] if at else -1
            ends[at : at + 1], places[at : at + 1] = [day], [place]
    found, place = set(), places[-1] if places else -1
    while place >= 0:
        found.add(place)
        place = former[place]
    return found


def since_lock(commits: Iterator[Commit], lock: str) -> tuple[list[Commit], Commit | None]:
    """Return the commits after the one that wrote the lock last, and that one, None for none.

    `commits` come newest first and are not read further. `lock` is the path of the lock.
    """
    newer: list[Commit] = []
    for commit in commits:
        if any(change.after == lock for change in commit.changes):
            return newer, commit
        newer.append(commit)
    return newer, None


def undone(ids: Mapping[str, str], commits: Sequence[Commit]) -> dict[str, str]:
    """Return the content ids of notes before some commits, the newest first, from those after."""
    found = dict(ids)
    for commit in commits:
        for change in commit.changes:
            found.pop(change.after or "", None)
        found |= {one.before: one.old for one in commit.changes if one.before and one.old}
    return found


def leading(
    commits: Iterable[Commit], before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[Commit]:
    """Yield commits with what leads from some content ids of notes to those after the commits.

    They come newest first and are not read further than needed: each note changes at once, with the
    last commit that changed it. What no commit changed is left out.
    """
    left = {path for path, _ in before.items() ^ after.items()}
    gone = {before[path]: path for path in left if path not in after}
    for commit in commits:
        changes = []
        for change in commit.changes:
            path = change.after if change.after in left else change.before
            if path in left:
                known = after.get(path)
                origins = (gone.get(known or ""), change.before, path)
                origin = next((one for one in origins if one in left and one in before), None)
                left -= {path, origin}
                new = path if known else None
                changes.append(FileChange(origin, new, before.get(origin or ""), known))
        yield msgspec.structs.replace(commit, changes=tuple(changes))
        if not left:
            break


def carried(commits: Iterable[Commit], recorded: Mapping[str, str]) -> list[Commit]:
    """Return commits, the oldest first, with only the renames of some notes.

    `recorded` are the ids that count as recorded of these, "" for none: what the commits made of
    them is not on the way from there to what they are now.
    """
    ids, found = dict(recorded), []
    for commit in commits:
        kept = []
        for change in commit.changes:
            known = ids.get(change.before or change.after or "")
            if known is None:
                kept.append(change)
            elif known and change.before and change.after and change.before != change.after:
                ids[change.after] = ids.pop(change.before)
                kept.append(FileChange(change.before, change.after, known, known))
        found.append(msgspec.structs.replace(commit, changes=tuple(kept)))
    return found


class Step(msgspec.Struct, frozen=True):
    """Commits of one day that belong together, as their net effect.

    `origins` are renames, new path to old. `reads` are the notes that changed, each with the
    content id it has in the end, None where it is gone. Changes of `silent` ones are not reported.
    """

    silent: bool
    origins: dict[str, str]
    reads: dict[str, str | None]

    @property
    def versions(self) -> list[tuple[str, str]]:
        """The versions that have to be read, each a path and a content id, in order."""
        return [(path, known) for path, known in self.reads.items() if known]

    @property
    def paths(self) -> set[str]:
        """The paths that change, and those from which notes came."""
        return {*self.reads, *self.origins.values()}


class Span(msgspec.Struct, frozen=True):
    """All commits of one day, and their net effect."""

    date: str
    steps: tuple[Step, ...]
    commits: tuple[Commit, ...] = ()

    @property
    def versions(self) -> list[tuple[str, str]]:
        """The versions that have to be read, each a path and a content id, in order."""
        return [version for step in self.steps for version in step.versions]

    @property
    def is_eventful(self) -> bool:
        """Whether a note changed, or a commit had something to say."""
        return any(step.reads for step in self.steps) or any(one.lines for one in self.commits)


def spans(commits: Iterable[tuple[str, Commit]]) -> list[Span]:
    """Group dated commits, the oldest first, by day."""
    return [_span(date, [c for _, c in group]) for date, group in groupby(commits, lambda c: c[0])]


def in_order(found: Iterable[Span]) -> list[Span]:
    """Return spans by day, those of one day as one."""
    groups = groupby(sorted(found, key=lambda span: span.date), lambda span: span.date)
    return [reduce(_joined, group) for _, group in groups]


def _joined(one: Span, other: Span) -> Span:
    return Span(one.date, (*one.steps, *other.steps), (*one.commits, *other.commits))


def _span(date: str, commits: list[Commit]) -> Span:
    groups = groupby(commits, lambda commit: commit.is_silent)
    steps = tuple(net(group, silent=silent) for silent, group in groups)
    return Span(date, steps, tuple(commits))


def difference(
    before: Mapping[str, str],
    after: Mapping[str, str],
    moves: Mapping[str, str] = {},
) -> Step:
    """Return what leads from some content ids of notes to others.

    A note whose content is at another path then was renamed, and so were `moves`, old path to new.
    """
    reads = {
        path: after.get(path) for path in sorted({p for p, _ in before.items() ^ after.items()})
    }
    gone = {before[path]: path for path in reads if path not in after}
    origins = {new: gone[known] for new, known in reads.items() if known in gone}
    origins |= {new: old for old, new in moves.items() if {old, new} <= reads.keys()}
    return Step(silent=False, origins=origins, reads=reads)


def net(commits: Iterable[Commit], *, silent: bool = True) -> Step:
    """Return the net effect of commits, the oldest first."""
    step = Step(silent, {}, {})
    for change in (change for commit in commits for change in commit.changes):
        before, after = change.before, change.after
        if before is not None and before != after:
            step.reads[before] = None
            if after is not None:
                step.origins[after] = step.origins.pop(before, before)
        if after is not None:
            step.reads[after] = change.new
    return step


def renamed(steps: Iterable[Step]) -> dict[str, str]:
    """Return where notes came to in several steps, old path to new."""
    origins: dict[str, str] = {}
    for step in steps:
        origins.update({new: origins.pop(old, old) for new, old in step.origins.items()})
    return {old: new for new, old in origins.items()}

"""From commits to days: when things happened, and which versions of notes have to be read."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

_SILENT = frozenset({"", "none", "no", "skip"})


class Touch(msgspec.Struct, frozen=True, gc=False):
    """A note that a commit changed: its path and content id before and after, None for none."""

    before: str | None
    after: str | None
    old: str | None
    new: str | None


class Revision(msgspec.Struct, frozen=True):
    """A commit: `written` is the author's date and `made` the committer's, ISO 8601 with offset.

    `trailers` are the values of its `Changelog:` lines. `folder` is the vault's, in it, from the
    top level: "" or "vault/".
    """

    id: str
    parents: tuple[str, ...]
    author: str
    written: str
    made: str
    trailers: tuple[str, ...]
    touches: tuple[Touch, ...]
    folder: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether the commit speaks for itself, or wants nothing said."""
        return bool(self.trailers)

    @property
    def lines(self) -> tuple[str, ...]:
        """What the commit says in place of its changes."""
        words = (" ".join(text.split()) for text in self.trailers)
        return tuple(text for text in words if text.lower() not in _SILENT)


def dated(
    revisions: Iterable[Revision], zone: str, floor: str = ""
) -> Iterator[tuple[str, Revision]]:
    """Yield commits, the oldest first, each with its day, YYYY-MM-DD.

    That is the author's day in the time zone, "" being the author's own; not after the committer's
    day, and never before the day of an older commit or `floor`.
    """
    for revision in revisions:
        floor = max(floor, min(day_of(revision.written, zone), day_of(revision.made, zone)))
        yield floor, revision


def day_of(moment: str, zone: str) -> str:
    """Return the day of a moment, ISO 8601 with offset, in a time zone; "" is that of the text."""
    if not zone:
        return moment[:10]
    there = zoneinfo.ZoneInfo(zone)
    return datetime.datetime.fromisoformat(moment).astimezone(there).date().isoformat()


class Step(msgspec.Struct, frozen=True):
    """Commits of one day that belong together, as their net effect.

    `origins` are renames, new path to old. `reads` are the notes that changed, each with the
    content id it has in the end, None where it is gone. `silent` ones are not told.
    """

    silent: bool
    origins: dict[str, str]
    reads: dict[str, str | None]

    @property
    def versions(self) -> list[tuple[str, str]]:
        """The versions that have to be read, each a path and a content id, in order."""
        return [(path, known) for path, known in self.reads.items() if known]


class Span(msgspec.Struct, frozen=True):
    """All commits of one day; `lines` are what they say for themselves."""

    date: str
    steps: tuple[Step, ...]
    lines: tuple[str, ...]
    authors: tuple[str, ...]

    @property
    def versions(self) -> list[tuple[str, str]]:
        """The versions that have to be read, in order."""
        return [version for step in self.steps for version in step.versions]


def spans(commits: Iterable[tuple[str, Revision]]) -> list[Span]:
    """Group dated commits, the oldest first, by day."""
    return [_span(date, [r for _, r in group]) for date, group in groupby(commits, lambda c: c[0])]


def with_step(days: Sequence[Span], last: Span) -> list[Span]:
    """Return spans with a later one, which is part of the last day if it is of the same."""
    if not days or days[-1].date != last.date:
        return [*days, last]
    steps = (*days[-1].steps, *last.steps)
    return [*days[:-1], msgspec.structs.replace(days[-1], steps=steps)]


def _span(date: str, revisions: list[Revision]) -> Span:
    steps = [
        net(group, silent=silent)
        for silent, group in groupby(revisions, lambda revision: revision.is_silent)
    ]
    lines = dict.fromkeys(line for revision in revisions for line in revision.lines)
    authors = dict.fromkeys(revision.author for revision in revisions)
    return Span(date, tuple(steps), tuple(lines), tuple(authors))


def net(revisions: Iterable[Revision], *, silent: bool = True) -> Step:
    """Return the net effect of commits, the oldest first."""
    step = Step(silent, {}, {})
    for revision in revisions:
        for touch in revision.touches:
            _take(step, touch)
    return step


def _take(step: Step, touch: Touch) -> None:
    before, after = touch.before, touch.after
    if before is not None and before != after:
        step.reads[before] = None
        if after is not None:
            step.origins[after] = step.origins.pop(before, before)
    if after is not None:
        step.reads[after] = touch.new


def renamed(steps: Iterable[Step]) -> dict[str, str]:
    """Return where notes came to in several steps, old path to new."""
    origins: dict[str, str] = {}
    for step in steps:
        came = {new: origins.pop(old, old) for new, old in step.origins.items()}
        origins |= came
    return {old: new for new, old in origins.items()}

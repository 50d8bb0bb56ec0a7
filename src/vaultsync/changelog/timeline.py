"""The history of the notes, day by day: commits grouped by day, and the notes replayed."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from vaultsync.changelog.compare import Change, Surroundings, compare
from vaultsync.changelog.note_state import NoteState, Version
from vaultsync.core.commits import Commit, day_of
from vaultsync.notes.link_index import LinkIndex, name_key


def dated(commits: Iterable[Commit], zone: str, floor: str = "") -> Iterator[tuple[str, Commit]]:
    """Yield commits, the oldest first, each with its day, YYYY-MM-DD.

    That is the author's day in the time zone, "" being the author's own; not after the committer's
    day, and never before the day of an older commit or `floor`.
    """
    for commit in commits:
        floor = max(floor, min(day_of(commit.written, zone), day_of(commit.made, zone)))
        yield floor, commit


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


class Span(msgspec.Struct, frozen=True):
    """All commits of one day; `lines` are the texts of their `Changelog:` trailers."""

    date: str
    steps: tuple[Step, ...]
    lines: tuple[str, ...]
    authors: tuple[str, ...]

    @property
    def versions(self) -> list[tuple[str, str]]:
        """The versions that have to be read, in order."""
        return [version for step in self.steps for version in step.versions]


def spans(commits: Iterable[tuple[str, Commit]]) -> list[Span]:
    """Group dated commits, the oldest first, by day."""
    return [_span(date, [c for _, c in group]) for date, group in groupby(commits, lambda c: c[0])]


def with_step(days: Sequence[Span], last: Span) -> list[Span]:
    """Return spans with a later one, which is part of the last day if it is of the same."""
    if not days or days[-1].date != last.date:
        return [*days, last]
    steps = (*days[-1].steps, *last.steps)
    return [*days[:-1], msgspec.structs.replace(days[-1], steps=steps)]


def _span(date: str, commits: list[Commit]) -> Span:
    groups = groupby(commits, lambda commit: commit.is_silent)
    steps = tuple(net(group, silent=silent) for silent, group in groups)
    lines = dict.fromkeys(line for commit in commits for line in commit.lines)
    return Span(date, steps, tuple(lines), tuple(dict.fromkeys(c.author for c in commits)))


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


# Returns the state of the note with a path and a content id.
Read = Callable[[str, str], NoteState]


class Day(msgspec.Struct, frozen=True):
    """What happened to the notes on a day, YYYY-MM-DD, as one net change.

    `lines` are the texts of `Changelog:` trailers. On the first day that has notes `types`
    names the type of each of them; else it is empty.
    """

    date: str
    changes: tuple[Change, ...]
    lines: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


class Replay:
    """The published notes, at first none, by path."""

    def __init__(self, read: Read) -> None:
        """Start before the first commit; `read` is called in the order of the spans' versions."""
        self.read = read
        self.notes: dict[str, Version] = {}
        self._files: set[str] = set()
        self._withheld: dict[str, Version] = {}
        self._names: dict[str, set[str]] = {}

    def days(self, spans: Iterable[Span]) -> Iterator[Day]:
        """Yield each day, also one without changes."""
        around = Surroundings(self.resolve, self._files, self._withheld, self.notes.get)
        for span in spans:
            before: dict[str, Version | None] = {}
            began = not self.notes
            for step in span.steps:
                self.take(step, before)
            old = {path: known for path, known in before.items() if known}
            new = {path: self.notes[path] for path in before if path in self.notes}
            changes = compare(old, new, renamed(span.steps), around)
            types = tuple(note.type for note in self.notes.values()) if began else ()
            yield Day(span.date, changes, span.lines, span.authors, types)

    def take(self, step: Step, before: dict[str, Version | None]) -> None:
        """Bring the notes forward; `before` receives the earlier version of those to report."""
        for path, identity in step.reads.items():
            origin = step.origins.get(path, path)
            if not step.silent or path in before or origin in before:
                before.setdefault(path, self.notes.get(path))
            namesakes = self._names.setdefault(name_key(posixpath.basename(path)), set())
            self._withheld.pop(path, None)
            if identity is None:
                self._files.discard(path)
                namesakes.discard(path)
                self.notes.pop(path, None)
            else:
                self._files.add(path)
                namesakes.add(path)
                self._put(path, identity)

    def _put(self, path: str, identity: str) -> None:
        found = self.read(path, identity)
        if path in self.notes and found.indeterminate:
            return
        if found.withheld:
            self._withheld[path] = found.withheld
        if found.published:
            self.notes[path] = found.published
        else:
            self.notes.pop(path, None)

    def resolve(self, target: str, source: str) -> tuple[str, ...]:
        """Return the notes that a link's target may mean now, from a path."""
        name = name_key(posixpath.basename(target))
        files = self._names.get(name, set()) | self._names.get(f"{name}.md", set())
        return LinkIndex(files).resolve(target, source)


def of_note(days: Iterable[Day], path: str) -> list[Day]:
    """Return what happened to one note, of days the newest first; earlier names are followed."""
    found = []
    for day in days:
        changes = tuple(change for change in day.changes if path in _about(change))
        if changes:
            found.append(msgspec.structs.replace(day, changes=changes, lines=(), types=()))
        path = next((c.before for c in changes if c.kind == "renamed" and c.path == path), path)
    return found


def latest_name(days: Iterable[Day], path: str) -> str:
    """Return where a note came to that once had a path; days come newest first."""
    for day in list(days)[::-1]:
        renamed = {change.before: change.path for change in day.changes if change.kind == "renamed"}
        path = renamed.get(path, path)
    return path


def _about(change: Change) -> tuple[str, ...]:
    other = {"linked": change.after, "merged": change.before}.get(change.kind, change.path)
    return change.path, other

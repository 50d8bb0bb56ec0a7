"""The history of the notes, day by day: commits grouped by day, and the notes replayed."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from vaultsync.changelog.compare import Change, Surroundings, compare
from vaultsync.changelog.note_state import NoteState, Version
from vaultsync.core.commits import Commit, FileChange, day_of
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
    steps = [
        net(group, silent=silent)
        for silent, group in groupby(commits, lambda commit: commit.is_silent)
    ]
    lines = dict.fromkeys(line for commit in commits for line in commit.lines)
    authors = dict.fromkeys(commit.author for commit in commits)
    return Span(date, tuple(steps), tuple(lines), tuple(authors))


def net(commits: Iterable[Commit], *, silent: bool = True) -> Step:
    """Return the net effect of commits, the oldest first."""
    step = Step(silent, {}, {})
    for commit in commits:
        for change in commit.changes:
            _take(step, change)
    return step


def _take(step: Step, change: FileChange) -> None:
    before, after = change.before, change.after
    if before is not None and before != after:
        step.reads[before] = None
        if after is not None:
            step.origins[after] = step.origins.pop(before, before)
    if after is not None:
        step.reads[after] = change.new


def renamed(steps: Iterable[Step]) -> dict[str, str]:
    """Return where notes came to in several steps, old path to new."""
    origins: dict[str, str] = {}
    for step in steps:
        came = {new: origins.pop(old, old) for new, old in step.origins.items()}
        origins |= came
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
        self._files: dict[str, None] = {}
        self._names: dict[str, set[str]] = {}

    def days(self, spans: Iterable[Span]) -> Iterator[Day]:
        """Yield each day, also one without changes."""
        for span in spans:
            before: dict[str, Version | None] = {}
            began = not self.notes
            for step in span.steps:
                self.take(step, before)
            changes = self._changes(before, renamed(span.steps))
            types = tuple(note.type for note in self.notes.values()) if began else ()
            yield Day(span.date, changes, span.lines, span.authors, types)

    def take(self, step: Step, before: dict[str, Version | None]) -> None:
        """Bring the notes forward; `before` receives the earlier version of those to report."""
        for path, identity in step.reads.items():
            origin = step.origins.get(path, path)
            if not step.silent or path in before or origin in before:
                before.setdefault(path, self.notes.get(path))
            if identity is None:
                self._drop(path)
            else:
                self._put(path, identity)

    def _drop(self, path: str) -> None:
        self.notes.pop(path, None)
        self._files.pop(path, None)
        self._names.get(_name(path), set()).discard(path)

    def _put(self, path: str, identity: str) -> None:
        self._files[path] = None
        self._names.setdefault(_name(path), set()).add(path)
        found = self.read(path, identity)
        if path in self.notes and found.indeterminate:
            return
        if found.version:
            self.notes[path] = found.version
        else:
            self.notes.pop(path, None)

    def _changes(
        self, before: dict[str, Version | None], moves: dict[str, str]
    ) -> tuple[Change, ...]:
        old = {path: known for path, known in before.items() if known}
        new = {path: self.notes[path] for path in before if path in self.notes}
        return compare(old, new, moves, Surroundings(self.resolve, self._files, self.notes.get))

    def resolve(self, target: str, source: str) -> str | None:
        """Return the note that a link's target means now, from a path."""
        name = name_key(posixpath.basename(target))
        files = self._names.get(name, set()) | self._names.get(f"{name}.md", set())
        return next(iter(LinkIndex(files).resolve(target, source)), None)


def _name(path: str) -> str:
    return name_key(posixpath.basename(path))


def of_note(days: Iterable[Day], path: str) -> list[Day]:
    """Return what happened to one note, of days the newest first; earlier names are followed."""
    found = []
    for day in days:
        changes = tuple(change for change in day.changes if path in _about(change))
        if changes:
            found.append(msgspec.structs.replace(day, changes=changes, lines=(), types=()))
        renamed = (c.before for c in changes if c.kind == "renamed" and c.path == path)
        path = next(renamed, path)
    return found


def latest_name(days: Iterable[Day], path: str) -> str:
    """Return where a note came to that once had a path; days come newest first."""
    for day in list(days)[::-1]:
        renamed = {change.before: change.path for change in day.changes if change.kind == "renamed"}
        path = renamed.get(path, path)
    return path


def _about(change: Change) -> tuple[str, ...]:
    if change.kind == "linked":
        return change.path, change.after
    return (change.path, change.before) if change.kind == "merged" else (change.path,)

"""The history of the notes, day by day: commits grouped by day, and the notes replayed."""

from __future__ import annotations

import posixpath
from bisect import bisect_right
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby

import msgspec

from vaultsync.changelog.compare import Change, Surroundings, compare
from vaultsync.changelog.lock import Recorded
from vaultsync.changelog.note_state import NoteState, Version, state_digest
from vaultsync.core.commits import Commit, day_of
from vaultsync.notes.link_index import LinkIndex, name_key


def dated(
    commits: Iterable[Commit], zone: str, floor: str = "", until: str = "9999"
) -> Iterator[tuple[str, Commit]]:
    """Yield commits, the oldest first, each with its day, YYYY-MM-DD.

    That is the author's day in the time zone, "" being the author's own; not after the committer's
    day, and never before the day of an older commit or `floor`. A clock that was wrong does not
    count: a day that later commits, or `until`, contradict is capped by theirs.
    """
    known = list(commits)
    made = [day_of(commit.made, zone) for commit in known]
    for commit, cap in zip(known, _caps(made, until), strict=True):
        floor = max(floor, min(day_of(commit.written, zone), cap))
        yield floor, commit


def _caps(days: Sequence[str], until: str) -> list[str]:
    """Return each day, or the next one of those that agree on an order where it is not of them."""
    agreeing, caps, cap = _longest_order(days, until), [], until
    for place in range(len(days) - 1, -1, -1):
        cap = days[place] if place in agreeing else cap
        caps.append(min(cap, days[place]))
    return caps[::-1]


def _longest_order(days: Sequence[str], until: str) -> set[int]:
    """Return the places of the most days that do not decrease, none of them after `until`.

    Source: patience sorting, https://en.wikipedia.org/wiki/Longest_increasing_subsequence.
    """
    ends: list[str] = []
    places: list[int] = []
    former: dict[int, int] = {}
    for place, day in enumerate(days):
        if day <= until:
            at = bisect_right(ends, day)
            former[place] = places[at - 1] if at else -1
            ends[at : at + 1], places[at : at + 1] = [day], [place]
    found, place = set(), places[-1] if places else -1
    while place >= 0:
        found.add(place)
        place = former[place]
    return found


def unrecorded(
    commits: Iterable[Commit],
    recorded: Mapping[str, str],
    differing: Mapping[str, str],
    lock: str,
    merged: Mapping[str, str] | None = None,
) -> list[Commit]:
    """Return what commits changed since the lock was written, the oldest first.

    `commits` come newest first and are not read further than needed. `recorded` are the ids of the
    contents recorded last, `differing` those at the newest commit that are other ones ("" for
    none). `lock` is the path of the lock. What is below the commit that wrote it last is recorded,
    but for notes that had another content there; that commit is there for its day. Of a note that a
    merge renamed, and that was recorded under its new name in the other branch, all has that name;
    `merged` are those of a merge in progress, old path to new.
    """
    found: list[Commit] = []
    names = dict(merged or {})
    state, below = dict(differing), False
    for read in commits:
        if below and not state:
            break
        for c in read.changes if len(read.parents) > 1 else ():
            if c.before and c.after and c.after in recorded and c.before not in recorded:
                names[c.before] = c.after
        commit = _with_names(read, names) if names else read
        below = below or any(change.after == lock for change in commit.changes)
        kept = [c for c in commit.changes if not below or {c.before, c.after} & state.keys()]
        for change in kept:
            earlier = {change.after: None} | {change.before: change.old}
            if not earlier.keys().isdisjoint((*state, *recorded)):
                state |= {path: known or "" for path, known in earlier.items() if path}
        state = {path: known for path, known in state.items() if known != recorded.get(path, "")}
        found.append(msgspec.structs.replace(commit, changes=tuple(kept)))
    return _with_last_changes(_unnamed(found, state.keys(), recorded), state.keys())[::-1]


def _unnamed(
    commits: list[Commit], lost: Collection[str], recorded: Container[str]
) -> list[Commit]:
    """Return commits, the newest first, in which some notes have their newest name throughout."""
    names: dict[str, str] = {}
    for change in (change for commit in commits for change in commit.changes):
        after = names.get(change.after or "", change.after)
        is_new = change.before not in recorded and change.before != after
        if change.before and after and after in lost and is_new:
            names[change.before] = after
    return [_with_names(commit, names) for commit in commits] if names else commits


def _with_names(commit: Commit, names: Mapping[str, str]) -> Commit:
    """Return a commit with other names of some notes."""
    changes = (
        msgspec.structs.replace(
            change,
            before=names.get(change.before or "", change.before),
            after=names.get(change.after or "", change.after),
        )
        for change in commit.changes
    )
    kept = (c for c in changes if (c.before, c.old) != (c.after, c.new))
    return msgspec.structs.replace(commit, changes=tuple(kept))


def _with_last_changes(commits: list[Commit], lost: Collection[str]) -> list[Commit]:
    """Return commits, the newest first, with only the last change of each of some notes.

    What is recorded of these is not in their history: it was rewritten.
    """
    if not lost:
        return commits
    seen: set[str | None] = set()
    found = []
    for commit in commits:
        paths = [{c.before, c.after} for c in commit.changes]
        kept = (
            change
            for change, ends in zip(commit.changes, paths, strict=True)
            if not ends <= {*lost, None} or ends - seen
        )
        found.append(msgspec.structs.replace(commit, changes=tuple(kept)))
        seen.update(*paths)
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
    """All commits of one day; `lines` are the texts of their `Changelog:` trailers."""

    date: str
    steps: tuple[Step, ...]
    lines: tuple[str, ...]
    authors: tuple[str, ...]

    @property
    def versions(self) -> list[tuple[str, str]]:
        """The versions that have to be read, each a path and a content id, in order."""
        return [version for step in self.steps for version in step.versions]

    @property
    def is_eventful(self) -> bool:
        """Whether any note changes."""
        return any(step.reads for step in self.steps)

    def without(self, paths: Container[str]) -> Span:
        """Return the span without what happened to some notes."""
        steps = (
            Step(
                step.silent,
                {new: old for new, old in step.origins.items() if new not in paths},
                {path: known for path, known in step.reads.items() if path not in paths},
            )
            for step in self.steps
        )
        return msgspec.structs.replace(self, steps=tuple(steps))


def spans(commits: Iterable[tuple[str, Commit]]) -> list[Span]:
    """Group dated commits, the oldest first, by day."""
    return [_span(date, [c for _, c in group]) for date, group in groupby(commits, lambda c: c[0])]


def in_order(found: Iterable[Span]) -> list[Span]:
    """Return spans by day, those of one day as one."""
    groups = groupby(sorted(found, key=lambda span: span.date), lambda span: span.date)
    return [reduce(_joined, group) for _, group in groups]


def _joined(one: Span, other: Span) -> Span:
    return Span(
        one.date,
        (*one.steps, *other.steps),
        tuple(dict.fromkeys((*one.lines, *other.lines))),
        tuple(dict.fromkeys((*one.authors, *other.authors))),
    )


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
    names the type of each of them; else it is empty. `recorded` are the notes that the day is
    about, as they are to be recorded but for their lines; those of silent commits have no day.
    """

    date: str
    changes: tuple[Change, ...]
    lines: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    recorded: tuple[Recorded, ...] = ()


class Shown(msgspec.Struct, frozen=True, eq=False):
    """A note that readers see, and the id of its content."""

    id: str
    version: Version


class Opened(msgspec.Struct, frozen=True, eq=False):
    """A note that was recorded on a day before: what it was before that day, and where."""

    path: str
    origin: str
    before: Shown | None


class Replay:
    """The notes that readers see, by path, as commits change them.

    `read` is called in the order of the spans' versions. At first there are `notes` that will
    change, and `files`; `other` returns a note that does not change. With `is_first` there is none.
    """

    def __init__(
        self,
        read: Read,
        notes: Mapping[str, Shown] | None = None,
        files: Iterable[str] = (),
        other: Callable[[str], Version | None] = lambda _path: None,
        *,
        is_first: bool = True,
    ) -> None:
        """Start before the first commit."""
        self._read, self._other, self._is_first = read, other, is_first
        self.notes = dict(notes or {})
        self._files: set[str] = set()
        self._withheld: dict[str, Version] = {}
        self._names: dict[str, set[str]] = {}
        for path in files:
            self._place(path)

    def days(
        self, spans: Iterable[Span], opened: Callable[[str], Iterable[Opened]] = lambda _date: ()
    ) -> Iterator[Day]:
        """Yield each day, also one without changes.

        `opened` returns the notes that are recorded on a date already: the day of these is one net
        change with what is new.
        """
        around = Surroundings(self.resolve, self._files, self._withheld, self._version)
        for span in spans:
            started: dict[str, Shown | None] = {}
            again = list(opened(span.date))
            is_first = self._is_first and not any(one.before for one in again)
            began = is_first and self.notes.keys() <= {one.path for one in again}
            for step in span.steps:
                self.take(step, started)
            moves = renamed(span.steps)
            for one in again:
                started.pop(one.path, None)
                started[one.origin] = one.before
                if one.origin != one.path:
                    moves[one.origin] = moves.pop(one.path, one.path)
            yield self._day(span, started, moves, around, began=began)

    def _day(
        self,
        span: Span,
        started: Mapping[str, Shown | None],
        moves: Mapping[str, str],
        around: Surroundings,
        *,
        began: bool,
    ) -> Day:
        old = {path: known.version for path, known in started.items() if known}
        paths = dict.fromkeys((*started, *moves.values()))
        new = {path: self.notes[path].version for path in paths if path in self.notes}
        changes = compare(old, new, moves, around)
        types = tuple(note.version.type for note in self.notes.values()) if began else ()
        origins = {new: old for old, new in moves.items()}
        origins |= {change.path: change.before for change in changes if change.kind == "renamed"}
        touched = dict.fromkeys((*paths, *(path for step in span.steps for path in step.reads)))
        recorded = tuple(
            self._recorded(path, span.date if path in paths else "", origins, started)
            for path in touched
        )
        return Day(span.date, changes, span.lines, span.authors, types, recorded)

    def _recorded(
        self,
        path: str,
        date: str,
        origins: Mapping[str, str],
        started: Mapping[str, Shown | None],
    ) -> Recorded:
        """Return what is to be recorded of a note, without a day where it is silent."""
        now = self.notes.get(path)
        if now is None:
            before = started.get(path) if path not in origins.values() else None
            former = (date, before.id) if before else ("", "")
            return Recorded(path, "", "", *former, origin=path)
        origin = origins.get(path, path)
        before = started.get(origin)
        former = (date, before.id) if before and date else (date, "")
        return Recorded(path, now.id, state_digest(now.version), *former, origin=origin)

    def take(self, step: Step, started: dict[str, Shown | None]) -> None:
        """Bring the notes forward; `started` receives the earlier state of those to report."""
        for path, identity in step.reads.items():
            origin = step.origins.get(path, path)
            if not step.silent or path in started or origin in started:
                started.setdefault(path, self.notes.get(path))
            self._withheld.pop(path, None)
            if identity is None:
                self._files.discard(path)
                self._namesakes(path).discard(path)
                self.notes.pop(path, None)
            else:
                self._place(path)
                self._put(path, identity)

    def _namesakes(self, path: str) -> set[str]:
        return self._names.setdefault(name_key(posixpath.basename(path)), set())

    def _place(self, path: str) -> None:
        self._files.add(path)
        self._namesakes(path).add(path)

    def _put(self, path: str, identity: str) -> None:
        found = self._read(path, identity)
        if path in self.notes and found.indeterminate:
            return
        if found.withheld:
            self._withheld[path] = found.withheld
        if found.published:
            self.notes[path] = Shown(identity, found.published)
        else:
            self.notes.pop(path, None)

    def _version(self, path: str) -> Version | None:
        known = self.notes.get(path)
        return known.version if known else self._other(path)

    def resolve(self, target: str, source: str) -> tuple[str, ...]:
        """Return the notes that a link's target may mean now, from a path."""
        name = name_key(posixpath.basename(target))
        files = self._names.get(name, set()) | self._names.get(f"{name}.md", set())
        return LinkIndex(files).resolve(target, source)


def of_note(days: Sequence[Day], path: str) -> list[Day]:
    """Return what happened to one note; earlier names are followed."""
    found = []
    for day in days[::-1]:
        changes = tuple(change for change in day.changes if path in about(change))
        if changes:
            found.append(msgspec.structs.replace(day, changes=changes, lines=(), types=()))
        path = next((c.before for c in changes if c.kind == "renamed" and c.path == path), path)
    return found[::-1]


def latest_name(days: Iterable[Day], path: str) -> str:
    """Return where a note came to that once had a path."""
    for day in days:
        renamed = {change.before: change.path for change in day.changes if change.kind == "renamed"}
        path = renamed.get(path, path)
    return path


def about(change: Change) -> tuple[str, str]:
    """Return the paths of the notes that a change is about."""
    other = {"linked": change.after, "merged": change.before}.get(change.kind, change.path)
    return change.path, other

"""The notes that readers see, brought forward day by day, and what happened to them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

import msgspec

from vaultsync.changelog.compare import Change, Surroundings, compare
from vaultsync.changelog.lock import Recorded, readable
from vaultsync.changelog.note_state import NoteState, Version
from vaultsync.changelog.timeline import Span, Step, renamed
from vaultsync.core.commits import Commit
from vaultsync.notes.link_index import LinkIndex, name_key
from vaultsync.notes.note import stem

# Returns the state of the note with a path and a content id.
Read = Callable[[str, str], NoteState]


class Day(msgspec.Struct, frozen=True):
    """What happened to the notes on a day, YYYY-MM-DD, as one net change.

    On the first day that has notes `types` names the type of each of them; else it is empty.
    `recorded` are the notes that the day is about, as they are to be recorded but for their lines
    and states; those of silent commits have no day. `versions` are these notes at its end.
    """

    date: str
    changes: tuple[Change, ...]
    commits: tuple[Commit, ...] = ()
    types: tuple[str, ...] = ()
    recorded: tuple[Recorded, ...] = ()
    versions: Mapping[str, Version] = {}

    @property
    def lines(self) -> tuple[str, ...]:
        """The texts of `Changelog:` trailers."""
        return tuple(dict.fromkeys(line for commit in self.commits for line in commit.lines))

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors of the commits, in order."""
        return tuple(dict.fromkeys(commit.author for commit in self.commits))


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
        versions = {path: self.notes[path].version for path in touched if path in self.notes}
        return Day(span.date, changes, span.commits, types, recorded, versions)

    def _recorded(
        self,
        path: str,
        date: str,
        origins: Mapping[str, str],
        started: Mapping[str, Shown | None],
    ) -> Recorded:
        """Return what is to be recorded of a note, without a day where it is silent."""
        now, origin = self.notes.get(path), origins.get(path, path)
        if now is None:
            is_elsewhere = path in origins.values() or origin in self.notes
            before = None if is_elsewhere else started.get(origin)
            former = (date, before.id) if before else ("", "")
            return Recorded(path, "", "", *former, origin=origin)
        before = started.get(origin)
        former = (date, before.id) if before and date else (date, "")
        return Recorded(path, now.id, "", *former, origin=origin)

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
                self._put(path, identity, self.notes.get(path) or started.get(origin))

    def _namesakes(self, path: str) -> set[str]:
        return self._names.setdefault(name_key(posixpath.basename(path)), set())

    def _place(self, path: str) -> None:
        self._files.add(path)
        self._namesakes(path).add(path)

    def _put(self, path: str, identity: str, known: Shown | None) -> None:
        found = self._read(path, identity)
        if known and found.indeterminate:
            # What it was counts until it can be read again.
            version = msgspec.structs.replace(known.version, path=path, unreadable=True)
            self.notes[path] = Shown(f"{identity}~{readable(known.id)}", version)
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
            found.append(msgspec.structs.replace(day, changes=changes, types=()))
        path = next((c.before for c in changes if c.kind == "renamed" and c.path == path), path)
    return found[::-1]


def latest_path(days: Sequence[Day], named: str) -> str:
    """Return where a note came to that once had a path, or a name; `named` where there is none."""
    path = next((path for path in _former_paths(days) if _is_named(path, named)), named)
    for day in days:
        renamed = {change.before: change.path for change in day.changes if change.kind == "renamed"}
        path = renamed.get(path, path)
    return path


def _former_paths(days: Sequence[Day]) -> Iterator[str]:
    """Yield the paths that notes had, the newest first."""
    for change in (change for day in days[::-1] for change in day.changes):
        yield change.path
        if change.kind in {"renamed", "merged"}:
            yield change.before


def _is_named(path: str, named: str) -> bool:
    is_bare = "/" not in named and name_key(stem(path)) == name_key(stem(named))
    return path in {named, f"{named}.md"} or is_bare


def about(change: Change) -> tuple[str, str]:
    """Return the paths of the notes that a change is about."""
    ends = {"linked": change.after, "unlinked": change.before, "merged": change.before}
    return change.path, ends.get(change.kind, change.path)


def commits_about(day: Day, paths: Container[str]) -> list[Commit]:
    """Return the commits of a day that changed one of some notes."""
    return [
        commit
        for commit in day.commits
        if any(change.before in paths or change.after in paths for change in commit.changes)
    ]

"""The notes as they were, brought forward day by day."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Callable, Iterable, Iterator

import msgspec

from vaultsync.changelog.history.diff import Around, Change, compare
from vaultsync.changelog.history.timeline import Span, Step, renamed
from vaultsync.changelog.history.versions import Said, Version
from vaultsync.core.model import Document, Properties
from vaultsync.markdown.frontmatter import find_block, read_properties
from vaultsync.notes.link_index import Index, key

# Gives what the version of the note at a path says that has a content id.
Read = Callable[[str, str], Said]


class Day(msgspec.Struct, frozen=True):
    """What happened to the notes on a day, YYYY-MM-DD, as one net change.

    `lines` are what commits say for themselves. On the first day that has notes `types` names the
    type of each of them; else it is empty.
    """

    date: str
    changes: tuple[Change, ...]
    lines: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


class Replay:
    """The published notes, at first none, by path."""

    def __init__(self, read: Read) -> None:
        """Start before the first commit; `read` is asked in the order of the spans' contents."""
        self.read = read
        self.notes: dict[str, Version] = {}
        self._files: dict[str, None] = {}
        self._names: dict[str, set[str]] = {}

    def days(self, spans: Iterable[Span]) -> Iterator[Day]:
        """Yield what happened on each day; where that is nothing there are no changes."""
        for span in spans:
            before: dict[str, Version | None] = {}
            began = not self.notes
            for step in span.steps:
                self.take(step, before)
            changes = self._changes(before, renamed(span.steps))
            types = tuple(note.type for note in self.notes.values()) if began else ()
            yield Day(span.date, changes, span.lines, span.authors, types)

    def take(self, step: Step, before: dict[str, Version | None]) -> None:
        """Bring the notes forward; `before` takes what those that are told were like."""
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
        if path in self.notes and found.mute:
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
        return compare(old, new, moves, Around(self.resolve, self._files, self.notes.get))

    def resolve(self, target: str, source: str) -> str | None:
        """Return the note that a link's target means now, from a path."""
        name = key(posixpath.basename(target))
        files = self._names.get(name, set()) | self._names.get(f"{name}.md", set())
        return next(iter(Index(files).resolve(target, source)), None)


def _name(path: str) -> str:
    return key(posixpath.basename(path))


def properties_of(path: str, data: bytes) -> Document:
    """Return a version of a note with its text and its properties, and no other facts."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return Document(path, "note", "", error=f"not UTF-8 at byte {error.start}")
    found = find_block(text)
    if found is None:
        return Document(path, "note", text, body=int(text.startswith("\ufeff")))
    end = found[0].end
    return Document(path, "note", text, _properties(text[:end]), end)


@functools.lru_cache(maxsize=16384)
def _properties(block: str) -> Properties:
    """Read the properties; most versions of a note leave them as they were."""
    return read_properties(block)

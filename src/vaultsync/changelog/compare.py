"""Compare two versions of a vault: what happened to its notes, and which note is which."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping
from typing import Literal

import msgspec

from vaultsync.changelog.note_state import Version
from vaultsync.notes.link_index import name_key
from vaultsync.notes.note import stem

Kind = Literal[
    "added",
    "answered",
    "retired",
    "merged",
    "renamed",
    "reworded",
    "moved",
    "changed",
    "cited",
    "uncited",
    "asked",
    "dropped",
    "linked",
    "removed",
]
KINDS: tuple[Kind, ...] = Kind.__args__  # type: ignore[attr-defined]
_STATES: tuple[Kind, ...] = ("retired", "answered")
Resolve = Callable[[str, str], str | None]


class Change(msgspec.Struct, frozen=True):
    """One note, one kind; `field` names what changed, `before` and `after` are its values.

    `path` and `title` are those of the newer version. `other` is the title of the second note of
    a relation or a merge, or how a source is cited.
    """

    kind: Kind
    path: str
    title: str
    before: str = ""
    after: str = ""
    field: str = ""
    other: str = ""


class Surroundings(msgspec.Struct, frozen=True, eq=False):
    """What surrounds the notes that are compared.

    `resolve` gives the note that a link's target means from a path, now; `files` are there now,
    readable or not; `other` gives a note that did not change.
    """

    resolve: Resolve
    files: Container[str] = ()
    other: Callable[[str], Version | None] = lambda _path: None


def compare(
    before: Versions, after: Versions, moves: Mapping[str, str], around: Surroundings
) -> tuple[Change, ...]:
    """Return what happened between two versions, in the order of `KINDS`, then by title.

    `moves` are the renames that git sees, old path to new. A note is also the same under another
    path when the old name or title is among its aliases, or when its source is the same, unless
    the old one is still there, as a draft is.
    """
    return _Comparison(before, after, moves, around).changes()


class _Comparison:
    def __init__(
        self, before: Versions, after: Versions, moves: Mapping[str, str], around: Surroundings
    ) -> None:
        gone = {path: old for path, old in before.items() if path not in after}
        lost = {path: old for path, old in gone.items() if path not in around.files}
        fresh = {path: new for path, new in after.items() if path not in before}
        self.renamed = renames(lost, fresh, moves)
        self.former = {new: old for old, new in self.renamed.items()}
        self.merged = merges(
            {path: old for path, old in lost.items() if path not in self.renamed}, before, after
        )
        self.removed = [old for path, old in gone.items() if path not in self.renamed]
        self.carried = {self.renamed.get(path, path): old for path, old in before.items()}
        self.after, self.resolve, self.other = after, around.resolve, around.other

    def changes(self) -> tuple[Change, ...]:
        found = [*self._renamed(), *self._gone(), *self._linked()]
        for path, new in self.after.items():
            old = self.carried.get(path)
            if old is None:
                found.append(_change("added", new, field="claim" if new.whole else ""))
            elif old is not new:
                found += _revised(old, new)
        return tuple(sorted(found, key=lambda change: (KINDS.index(change.kind), change.title)))

    def _renamed(self) -> Iterable[Change]:
        for old, new in self.renamed.items():
            if unicodedata.normalize("NFC", old) != unicodedata.normalize("NFC", new):
                title = self.after[new].title
                yield Change("renamed", new, title, old, new, "path")

    def _gone(self) -> Iterable[Change]:
        for old in self.removed:
            heir = self.merged.get(old.path)
            if heir:
                title = self.after[heir].title
                yield Change("merged", heir, title, old.path, heir, "path", old.title)
            else:
                yield Change(
                    "removed",
                    old.path,
                    old.title,
                    before=old.lead,
                    field="claim" if old.whole else "",
                )

    def _linked(self) -> Iterable[Change]:
        """Yield relations between notes that were both there before, each pair once."""
        paired: set[frozenset[str]] = set()
        for path, new in self.after.items():
            old = self.carried.get(path)
            if old is None:
                continue
            for target in new.related:
                if target in old.related:
                    continue
                found = self.resolve(target, path)
                other = self._there(found) if found and found != path else None
                pair = frozenset((path, found or ""))
                if other and found and pair not in paired and not self._knew(path, found):
                    paired.add(pair)
                    yield Change("linked", path, new.title, "", found, "related", other.title)

    def _there(self, path: str) -> Version | None:
        """Return the note at a path if it was there before and still is."""
        return self.after.get(path) if path in self.carried else self.other(path)

    def _knew(self, path: str, other: str) -> bool:
        """Whether either note had a relation to the other before."""
        sides = ((path, other), (other, path))
        return any(self._had(one, two) for one, two in sides)

    def _had(self, path: str, other: str) -> bool:
        old = self.carried.get(path) or self.other(path)
        former = name_key(stem(self.former.get(other, other)))
        return any(
            self.resolve(target, path) == other or name_key(stem(target)) == former
            for target in (old.related if old else ())
        )


def _change(kind: Kind, new: Version, before: str = "", *, field: str) -> Change:
    return Change(kind, new.path, new.title, before, new.lead, field)


def _revised(old: Version, new: Version) -> list[Change]:
    reached = [kind for kind in _STATES if kind in new.states and kind not in old.states]
    settled = {name for kind in reached for name in new.states[kind]}
    found = [
        Change(kind, new.path, new.title, old.fields.get(name, ""), new.fields.get(name, ""), name)
        for kind in reached
        for name in sorted(new.states[kind])[:1]
    ]
    found += _reworded(old, new)
    found += _properties(old, new, settled)
    found += _sources(old, new)
    found += _questions(old, new)
    return found


def _reworded(old: Version, new: Version) -> Iterable[Change]:
    if old.lead != new.lead:
        yield _change("reworded", new, old.lead, field="claim")
    elif old.title != new.title and not (_is_name(old) and _is_name(new)):
        yield Change("reworded", new.path, new.title, old.title, new.title, "title")


def _is_name(version: Version) -> bool:
    """Whether a note has no title but the name of its file."""
    return version.title == stem(version.path)


def _properties(old: Version, new: Version, settled: set[str]) -> Iterable[Change]:
    """Yield the properties that changed, except those that follow from a state it reached."""
    for name in dict.fromkeys((*old.fields, *new.fields)):
        before, after = old.fields.get(name, ""), new.fields.get(name, "")
        if before != after and name not in settled:
            kind: Kind = "moved" if new.whole else "changed"
            yield Change(kind, new.path, new.title, before, after, name)


def _sources(old: Version, new: Version) -> Iterable[Change]:
    for name, (url, cite) in new.sources.items():
        if name not in old.sources:
            yield Change("cited", new.path, new.title, "", url, "source", cite)
    for name, (url, cite) in old.sources.items():
        if name not in new.sources:
            yield Change("uncited", new.path, new.title, url, "", "source", cite)


def _questions(old: Version, new: Version) -> Iterable[Change]:
    for question, answer in new.questions.items():
        if answer and not old.questions.get(question):
            yield Change("answered", new.path, new.title, question, answer, "question")
        elif question not in old.questions and answer is None:
            yield Change("asked", new.path, new.title, "", question, "question")
    for question, answer in old.questions.items():
        if question not in new.questions and answer is None:
            yield Change("dropped", new.path, new.title, question, "", "question")


Versions = Mapping[str, Version]
_Keys = Callable[[Version], Iterable[str]]


def renames(gone: Versions, fresh: Versions, moves: Mapping[str, str]) -> dict[str, str]:
    """Pair notes that are gone with new ones: what git saw first, then names, then sources."""
    found = {old: new for old, new in moves.items() if old in gone and new in fresh}
    for of_old, of_new in ((_names, _aliases), (_source, _source)):
        free = {path: new for path, new in fresh.items() if path not in set(found.values())}
        by_key = _by_key(free, of_new)
        for path, old in gone.items():
            if path in found:
                continue
            known = (new for one in of_old(old) for new in by_key.get(one, ()) if new in free)
            successor = next(known, None)
            if successor:
                found[path] = successor
                del free[successor]
    return found


def merges(gone: Versions, before: Versions, after: Versions) -> dict[str, str]:
    """Pair notes that are gone with one that was there and took up their name or their source."""
    if not gone:
        return {}
    kept = {path: new for path, new in after.items() if path in before}
    names = _by_key(kept, lambda new: new.aliases - before[new.path].aliases)
    sources = _by_key(kept, lambda new: new.sources.keys() - before[new.path].sources.keys())
    found = {}
    for path, old in gone.items():
        by_name = (new for one in _names(old) for new in names.get(one, ()))
        by_source = (new for one in _source(old) for new in sources.get(one, ()))
        heir = next(by_name, None) or next(by_source, None)
        if heir:
            found[path] = heir
    return found


def _by_key(versions: Versions, keys: _Keys) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, known in versions.items():
        for name in keys(known):
            found.setdefault(name, []).append(path)
    return found


def _names(known: Version) -> Iterable[str]:
    return dict.fromkeys((stem(known.path), known.title))


def _aliases(known: Version) -> Iterable[str]:
    return known.aliases


def _source(known: Version) -> Iterable[str]:
    return (known.source,) if known.source else ()

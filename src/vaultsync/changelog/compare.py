"""Compare two versions of a vault: what happened to its notes, and which note is which."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from itertools import chain
from operator import attrgetter
from typing import Literal, get_args

import msgspec

from vaultsync.changelog.note_state import Version
from vaultsync.notes.link_index import name_key
from vaultsync.notes.note import stem

# What happens to a note, and what to its properties, sources, questions and relations.
_OfNote = Literal["added", "answered", "retired", "merged", "renamed", "reworded"]
_OfPart = Literal["moved", "changed", "cited", "uncited", "asked", "dropped", "linked"]
_Gone = Literal["removed", "withheld"]
Kind = _OfNote | _OfPart | _Gone
KINDS: tuple[Kind, ...] = (*get_args(_OfNote), *get_args(_OfPart), *get_args(_Gone))
_STATES: tuple[Kind, ...] = ("retired", "answered")
Versions = Mapping[str, Version]


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

    `resolve` gives the notes that a link's target may mean from a path, now; `files` are there now,
    readable or not; `withheld` are the private ones; `other` gives a note that did not change.
    """

    resolve: Callable[[str, str], tuple[str, ...]]
    files: Container[str] = ()
    withheld: Versions = {}
    other: Callable[[str], Version | None] = lambda _path: None


def compare(
    before: Versions, after: Versions, moves: Mapping[str, str], around: Surroundings
) -> tuple[Change, ...]:
    """Return what happened between two versions, in the order of `KINDS`, then by title.

    `moves` are the renames that git sees, old path to new. A note is also the same under another
    path when the old name or title is among its aliases, or when its source is the same, unless
    the old one is still there, as a draft is.
    """
    gone = {path: old for path, old in before.items() if path not in after}
    lost = {path: old for path, old in gone.items() if path not in around.files}
    fresh = {path: new for path, new in after.items() if path not in before}
    renamed = renames(lost, fresh, moves)
    carried = {renamed.get(path, path): old for path, old in before.items()}
    hidden = _withheld(gone, lost, moves, around.withheld)
    removed = {path: old for path, old in gone.items() if path not in {*renamed, *hidden}}
    unfound = {path: old for path, old in removed.items() if path in lost}
    found = [
        *_renamed(renamed, after),
        *(_change("withheld", gone[path], "", "", "") for path in hidden - renamed.keys()),
        *_gone(removed, merges(unfound, before, after), after),
        *_linked(carried, after, renamed, around),
    ]
    for path, new in after.items():
        old = carried.get(path)
        if old is None:
            found.append(_change("added", new, "", new.lead, "claim" if new.whole else ""))
        elif old is not new:
            found += _revised(old, new)
    return tuple(sorted(found, key=lambda change: (KINDS.index(change.kind), change.title)))


def _renamed(renamed: Mapping[str, str], after: Versions) -> Iterable[Change]:
    for old, new in renamed.items():
        if unicodedata.normalize("NFC", old) != unicodedata.normalize("NFC", new):
            yield _change("renamed", after[new], old, new, "path")


def _withheld(
    gone: Versions, lost: Versions, moves: Mapping[str, str], private: Versions
) -> set[str]:
    """Return the notes that are private now, perhaps under another path."""
    named = {
        path: msgspec.structs.replace(one, aliases=one.aliases | {one.title})
        for path, one in private.items()
    }
    return {*(gone.keys() & private.keys()), *renames(lost, named, moves)}


def _gone(removed: Versions, heirs: Mapping[str, str], after: Versions) -> Iterable[Change]:
    for path, old in removed.items():
        heir = heirs.get(path)
        if heir:
            yield _change("merged", after[heir], path, heir, "path", old.title)
        else:
            yield _change("removed", old, old.lead, "", "claim" if old.whole else "")


def _linked(
    carried: Versions, after: Versions, renamed: Mapping[str, str], around: Surroundings
) -> Iterable[Change]:
    """Return relations between notes that were both there before, each pair once."""
    former = {new: old for old, new in renamed.items()}

    def had(path: str, other: str) -> bool:
        """Whether a note had a relation to the other before."""
        old = carried.get(path) or around.other(path)
        name = name_key(stem(former.get(other, other)))
        return any(
            around.resolve(target, path)[:1] == (other,) or name_key(stem(target)) == name
            for target in (old.related if old else ())
        )

    found: dict[frozenset[str], Change] = {}
    for path, new in after.items():
        known = carried[path].related if path in carried else new.related
        for target in (target for target in new.related if target not in known):
            to = next(iter(around.resolve(target, path)), path)
            # The note there, if it was there before and still is.
            other = after.get(to) if to in carried else around.other(to)
            if other and to != path and not (had(path, to) or had(to, path)):
                change = _change("linked", new, "", to, "related", other.title)
                found.setdefault(frozenset((path, to)), change)
    return found.values()


def _change(
    kind: Kind, note: Version, before: str, after: str, field: str, other: str = ""
) -> Change:
    return Change(kind, note.path, note.title, before, after, field, other)


def _revised(old: Version, new: Version) -> Iterable[Change]:
    reached = [kind for kind in _STATES if kind in new.states and kind not in old.states]
    for kind in reached:
        for name in sorted(new.states[kind])[:1]:
            yield _change(kind, new, old.fields.get(name, ""), new.fields.get(name, ""), name)
    if old.lead != new.lead:
        yield _change("reworded", new, old.lead, new.lead, "claim")
    # A note without a title has the name of its file.
    elif old.title != new.title and (old.title, new.title) != (stem(old.path), stem(new.path)):
        yield _change("reworded", new, old.title, new.title, "title")
    yield from _properties(old, new, {name for kind in reached for name in new.states[kind]})
    yield from _sources(old, new)
    yield from _questions(old, new)


def _properties(old: Version, new: Version, settled: set[str]) -> Iterable[Change]:
    """Yield the properties that changed, except those that follow from a state it reached."""
    kind: Kind = "moved" if new.whole else "changed"
    for name in dict.fromkeys((*old.fields, *new.fields)):
        before, after = old.fields.get(name, ""), new.fields.get(name, "")
        if before != after and name not in settled:
            yield _change(kind, new, before, after, name)


def _sources(old: Version, new: Version) -> Iterable[Change]:
    for name, (url, cite) in new.sources.items():
        if name not in old.sources:
            yield _change("cited", new, "", url, "source", cite)
    for name, (url, cite) in old.sources.items():
        if name not in new.sources:
            yield _change("uncited", new, url, "", "source", cite)


def _questions(old: Version, new: Version) -> Iterable[Change]:
    for question, answer in new.questions.items():
        if answer and not old.questions.get(question):
            yield _change("answered", new, question, answer, "question")
        elif question not in old.questions and answer is None:
            yield _change("asked", new, "", question, "question")
    for question, answer in old.questions.items():
        if question not in new.questions and answer is None:
            yield _change("dropped", new, question, "", "question")


def renames(gone: Versions, fresh: Versions, moves: Mapping[str, str]) -> dict[str, str]:
    """Pair notes that are gone with new ones: what git saw first, then names, then sources."""
    found = {old: new for old, new in moves.items() if old in gone and new in fresh}
    for keys_of_old, keys_of_new in ((_names, attrgetter("aliases")), (_source, _source)):
        taken = set(found.values())
        free = {path: new for path, new in fresh.items() if path not in taken}
        by_key = _by_key(free, keys_of_new)
        for path in [path for path in gone if path not in found]:
            known = _with_keys(by_key, keys_of_old(gone[path]))
            successor = next((new for new in known if new not in taken), None)
            if successor:
                found[path] = successor
                taken.add(successor)
    return found


def merges(gone: Versions, before: Versions, after: Versions) -> dict[str, str]:
    """Pair notes that are gone with one that was there and took up their name or their source."""
    kept = {path: new for path, new in after.items() if path in before}
    names = _by_key(kept, lambda new: new.aliases - before[new.path].aliases)
    sources = _by_key(kept, lambda new: new.sources.keys() - before[new.path].sources.keys())
    found = {}
    for path, old in gone.items():
        heirs = chain(_with_keys(names, _names(old)), _with_keys(sources, _source(old)))
        heir = next(heirs, None)
        if heir:
            found[path] = heir
    return found


def _by_key(versions: Versions, keys: Callable[[Version], Iterable[str]]) -> dict[str, list[str]]:
    """Return the paths of versions by each of their keys."""
    found: dict[str, list[str]] = {}
    for path, known in versions.items():
        for name in keys(known):
            found.setdefault(name, []).append(path)
    return found


def _with_keys(paths: Mapping[str, list[str]], keys: Iterable[str]) -> Iterator[str]:
    return (path for key in keys for path in paths.get(key, ()))


def _names(known: Version) -> Iterable[str]:
    return stem(known.path), known.title


def _source(known: Version) -> Iterable[str]:
    return (known.source,) if known.source else ()

"""Compare two versions of a vault: what happened to its notes, and which note is which."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from itertools import chain
from typing import Literal, get_args

import msgspec

from vaultsync.changelog.note_state import Version
from vaultsync.changelog.wording import sense
from vaultsync.notes.link_index import name_key
from vaultsync.notes.note import stem

# What happens to a note, and what to its properties, sources, questions and relations.
_OfNote = Literal["added", "answered", "retired", "merged", "renamed", "reworded"]
_OfField = Literal["moved", "changed", "checked", "cited", "uncited", "recast", "asked", "dropped"]
_OfPair = Literal["linked", "unlinked", "related"]
_Gone = Literal["removed", "withheld", "unreadable", "readable"]
Kind = _OfNote | _OfField | _OfPair | _Gone
KINDS: tuple[Kind, ...] = tuple(chain(*map(get_args, get_args(Kind))))
# A claim of which so many words are in another is near it.
_NEAR = 0.5
_STATES: tuple[Kind, ...] = ("retired", "answered")
Versions = Mapping[str, Version]


class Change(msgspec.Struct, frozen=True):
    """One note, one kind; `field` names what changed, `before` and `after` are its values.

    `path` and `title` are those of the newer version. `other` is the title of the second note of
    a relation or a merge, how a source is cited, or the type of a note that came or went. `more` is
    the address of a source with a new role, the path of a note with a relation that was reworded,
    or the text of a relation that came or went.
    """

    kind: Kind
    path: str
    title: str
    before: str = ""
    after: str = ""
    field: str = ""
    other: str = ""
    more: str = ""


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
    path when the old name or title is among its aliases, or when its source is the same and a name
    or most of its claim, unless the old one is still there, as a draft is.
    """
    gone = {path: old for path, old in before.items() if path not in after}
    lost = {path: old for path, old in gone.items() if path not in around.files}
    fresh = {path: new for path, new in after.items() if path not in before}
    renamed = renames(lost, fresh, moves)
    carried = {renamed.get(path, path): old for path, old in before.items()}
    hidden = _withheld(gone, lost, moves, around.withheld)
    removed = {path: old for path, old in gone.items() if path not in {*renamed, *hidden}}
    unfound = {path: old for path, old in removed.items() if path in lost}
    relations = tuple(_relations(carried, after, renamed, around))
    found = [
        *_renamed(renamed, after),
        *(_change("withheld", gone[path]) for path in hidden - renamed.keys()),
        *_gone(removed, merges(unfound, before, after), after),
        *relations,
    ]
    linked = {change.path for change in relations}
    for path, new in after.items():
        old = carried.get(path)
        if old is None:
            field = "claim" if new.whole else ""
            found.append(_change("added", new, "", new.lead, field, new.type))
        elif new.unreadable:
            found += [] if old.unreadable else [_change("unreadable", new)]
        elif old is not new:
            revised = [*_revised(old, new)]
            is_same = old.unreadable and not revised and path not in linked
            found += [_change("readable", new)] if is_same else revised
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
            yield _change("removed", old, old.lead, "", "claim" if old.whole else "", old.type)


def _relations(
    carried: Versions, after: Versions, renamed: Mapping[str, str], around: Surroundings
) -> Iterable[Change]:
    """Return what happened to relations between notes that were both there before, by pair."""
    former = {new: name_key(stem(old)) for old, new in renamed.items()}
    latter = {name: new for new, name in former.items()}

    def reached(target: str, path: str) -> str:
        found = around.resolve(target, path)
        return found[0] if found else latter.get(name_key(stem(target)), path)

    def texts(notes: Versions, path: str, other: str) -> Iterator[str]:
        """Yield the texts of the relations between two notes, whichever has them."""
        for one, to in ((path, other), (other, path)):
            known = notes.get(one) or around.other(one)
            for target, text in known.related if known else ():
                if reached(target, one) == to or name_key(stem(target)) == former.get(to):
                    yield text

    found: dict[frozenset[str], Change] = {}
    # Where both notes have the relation, the first one by path is named first.
    for path, new in sorted(after.items(), key=lambda one: one[0]):
        old = carried.get(path, new)
        for target, _ in dict.fromkeys((*old.related, *new.related)):
            to = reached(target, path)
            # The note there, if it was there before and still is.
            other = after.get(to) if to in after or to in carried else around.other(to)
            is_known = to in carried or to not in after
            if old.related != new.related and other and is_known and to != path:
                change = _pair(new, other, [*texts(carried, path, to)], [*texts(after, path, to)])
                if change:
                    found.setdefault(frozenset((path, to)), change)
    return found.values()


def _pair(new: Version, other: Version, before: list[str], after: list[str]) -> Change | None:
    """Return what happened to the relations of two notes, from their texts."""
    gone, came = ("; ".join(_only(*texts)) for texts in ((before, after), (after, before)))
    if not before:
        return _change("linked", new, "", other.path, "related", other.title, came)
    if not after:
        return _change("unlinked", new, other.path, "", "related", other.title, gone)
    if not gone and not came:
        return None
    return _change("related", new, gone, came, "reason", other.title, other.path)


def _only(texts: Iterable[str], others: Iterable[str]) -> list[str]:
    known = {sense(text) for text in others}
    return [text for text in texts if sense(text) not in known]


def _change(kind: Kind, note: Version, *parts: str) -> Change:
    return Change(kind, note.path, note.title, *parts)


def _revised(old: Version, new: Version) -> Iterable[Change]:
    reached = [kind for kind in _STATES if kind in new.states and kind not in old.states]
    for kind in reached:
        for name in sorted(new.states[kind])[:1]:
            yield _change(kind, new, old.field(name), new.field(name), name)
    texts = {"claim": (old.lead, new.lead), "caveat": (old.caveat, new.caveat)}
    # A note without a title has the name of its file.
    if (old.title, new.title) != (stem(old.path), stem(new.path)):
        texts["title"] = (old.title, new.title)
    for field, (before, after) in texts.items():
        if before != after and sense(before) != sense(after):
            yield _change("reworded", new, before, after, field)
    yield from _properties(old, new, {name for kind in reached for name in new.states[kind]})
    yield from _sources(old, new)
    yield from _questions(old, new)


def _properties(old: Version, new: Version, settled: set[str]) -> Iterable[Change]:
    """Yield the properties that changed, except those that follow from a state it reached."""
    for name, (known, _) in {**old.fields, **new.fields}.items():
        before, after = old.field(name), new.field(name)
        is_same = before == after or (new.whole and sense(before) == sense(after))
        if not is_same and name not in settled:
            kind: Kind = "changed" if known == "checked" and not after else known
            yield _change(kind, new, before, after, name)


def _sources(old: Version, new: Version) -> Iterable[Change]:
    for name, (url, cite, role) in new.sources.items():
        if name not in old.sources:
            yield _change("cited", new, "", url, "source", cite)
        elif role != old.sources[name][2]:
            yield _change("recast", new, old.sources[name][2], role, "role", cite, url)
    for name, (url, cite, _) in old.sources.items():
        if name not in new.sources:
            yield _change("uncited", new, url, "", "source", cite)


def _questions(old: Version, new: Version) -> Iterable[Change]:
    """Yield what happened to questions: one may be open, or have an answer, and then another."""
    known, kept = _by_sense(old.questions), _by_sense(new.questions)
    for key, (question, answer) in kept.items():
        before = known.get(key, ("", None))[1]
        if answer is None and (key not in known or before is not None):
            yield _change("asked", new, "", question, "question")
        elif answer != before and (answer or key in known):
            yield _change("answered", new, question, answer or "", "question")
    for key, (question, _) in known.items():
        if key not in kept:
            yield _change("dropped", new, question, "", "question")


def _by_sense(questions: Mapping[str, str | None]) -> dict[str, tuple[str, str | None]]:
    return {sense(question): (question, answer) for question, answer in questions.items()}


def renames(gone: Versions, fresh: Versions, moves: Mapping[str, str]) -> dict[str, str]:
    """Pair notes that are gone with new ones: by names, then sources, then what git saw.

    What git saw comes first where the two have one source and are near: in a merge, a note may have
    given up its new name to another one.
    """
    seen = {old: new for old, new in moves.items() if old in gone and new in fresh}
    pairs = ((old, new, gone[old], fresh[new]) for old, new in seen.items())
    found = {o: n for o, n, old, new in pairs if old.source == new.source and _is_near(old, new)}
    named, alike = _heirs(fresh, lambda new: new.aliases, lambda new: {new.source})
    for heirs in (named, alike, lambda old: [seen.get(old.path, "")]):
        taken = {"", *found.values()}
        for path in [path for path in gone if path not in found]:
            heir = next((new for new in heirs(gone[path]) if new not in taken), None)
            if heir:
                found[path] = heir
                taken.add(heir)
    return found


def merges(gone: Versions, before: Versions, after: Versions) -> dict[str, str]:
    """Pair notes that are gone with one that was there and took up their name or their source."""
    kept = {path: new for path, new in after.items() if path in before}
    named, alike = _heirs(
        kept,
        lambda new: new.aliases - before[new.path].aliases,
        lambda new: new.sources.keys() - before[new.path].sources.keys(),
    )
    found = {path: next(chain(named(old), alike(old)), "") for path, old in gone.items()}
    return {path: heir for path, heir in found.items() if heir}


_Keys = Callable[[Version], Iterable[str]]


def _heirs(notes: Versions, names: _Keys, sources: _Keys) -> tuple[_Keys, _Keys]:
    """Return what finds the notes that have a name of another, and those that have its source.

    The same source is not enough: a name or most of the claim must be the same, too.
    """
    by_name, by_source = _by_key(notes, names), _by_key(notes, sources)

    def named(old: Version) -> Iterator[str]:
        return (path for name in _names(old) for path in by_name.get(name, ()))

    def alike(old: Version) -> Iterator[str]:
        same = by_source.get(old.source, ()) if old.source else ()
        return (path for path in same if _is_near(old, notes[path]))

    return named, alike


def _is_near(old: Version, new: Version) -> bool:
    """Whether two notes share a name, or most words of their claims."""
    names = [{sense(name) for name in (*_names(one), *one.aliases)} for one in (old, new)]
    claims = [Counter(sense(one.lead).split()) for one in (old, new)]
    shared = (claims[0] & claims[1]).total()
    return bool(names[0] & names[1]) or shared > _NEAR * max(one.total() for one in claims)


def _by_key(versions: Versions, keys: _Keys) -> dict[str, list[str]]:
    """Return the paths of versions by each of their keys."""
    found: dict[str, list[str]] = {}
    for path, known in versions.items():
        for name in keys(known):
            found.setdefault(name, []).append(path)
    return found


def _names(known: Version) -> Iterable[str]:
    return stem(known.path), known.title

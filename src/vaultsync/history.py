"""What happened to the notes between two versions of a vault."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from vaultsync.blocks import Context
from vaultsync.links import Index
from vaultsync.notes import DRAFT, Note, stem

Kind = Literal["added", "removed", "renamed", "reworded", "retired", "answered", "linked"]
KINDS: tuple[Kind, ...] = (
    "added",
    "answered",
    "retired",
    "renamed",
    "reworded",
    "linked",
    "removed",
)
_STATES: tuple[Kind, ...] = ("retired", "answered")


class Version(msgspec.Struct, frozen=True):
    """A published note as readers knew it at one time.

    `related` holds paths, `answered` the questions in the note that name their answer.
    """

    path: str
    title: str
    lead: str
    states: frozenset[str]
    aliases: frozenset[str]
    source: str
    related: tuple[str, ...]
    answered: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """One note, one kind; `before` and `after` are titles, texts or paths, as the kind has it."""

    kind: Kind
    path: str
    title: str
    before: str = ""
    after: str = ""


class Claim(msgspec.Struct, frozen=True):
    """A note's first paragraph and when a person checked it, in the version of a day."""

    day: str
    text: str | None
    checked: str | None


Snapshot = Mapping[str, Version]


def snapshot(context: Context) -> Snapshot:
    """Return the notes that readers see: typed, neither draft nor private."""
    return {note.path: _version(note, context.index) for note in context.published}


def _version(note: Note, index: Index) -> Version:
    found = (index.resolve(relation.target, note.path) for relation in note.relations())
    sources = note.sources()
    return Version(
        note.path,
        note.title,
        note.lead,
        frozenset(name for name in note.type.states if name != DRAFT and note.in_state(name)),
        frozenset(note.document.list_property("aliases")),
        sources[0].identity if sources else "",
        tuple(paths[0] for paths in found if paths),
        tuple(question.text for question in note.questions() if question.answer),
    )


def last_reworded(versions: Sequence[Claim]) -> str | None:
    """Return the day on which a claim last changed, None where it was checked in the same step.

    `versions` come newest first; what is before the oldest is nothing.
    """
    for version, before in pairwise([*versions, Claim("", None, None)]):
        if version.text != before.text:
            return version.day if version.checked == before.checked else None
    return None


def compare(
    before: Snapshot, after: Snapshot, moves: Mapping[str, str], files: Container[str] = ()
) -> tuple[Change, ...]:
    """Return what happened between two versions, in the order of `KINDS`, then by title.

    `moves` are the renames that git sees, old path to new. A note is also the same under another
    path when the old name or title is among its aliases, or when its source is the same, unless
    the old one is among the `files` still there, as a draft is.
    """
    gone = {path: old for path, old in before.items() if path not in after and path not in files}
    renames = _renames(
        gone, {path: new for path, new in after.items() if path not in before}, moves
    )
    changes: list[Change] = []
    for old, new in renames.items():
        changes.append(Change("renamed", new, after[new].title, old, new))
    carried = {renames.get(path, path): version for path, version in before.items()}
    for path, version in after.items():
        old_version = carried.get(path)
        changes += _revised(old_version, version) if old_version else [_added(version)]
    changes += [_removed(version) for path, version in carried.items() if path not in after]
    changes += _linked(carried, after, renames)
    return tuple(sorted(changes, key=lambda change: (KINDS.index(change.kind), change.title)))


def _renames(gone: Snapshot, fresh: Snapshot, moves: Mapping[str, str]) -> dict[str, str]:
    """Pair notes that are gone with new ones: what git saw first, then names, then sources."""
    found: dict[str, str] = {}
    for same in (
        lambda old, new: moves.get(old.path) == new.path,
        lambda old, new: bool({stem(old.path), old.title} & new.aliases),
        lambda old, new: bool(old.source) and old.source == new.source,
    ):
        for path, old in gone.items():
            free = (new for new in fresh.values() if new.path not in found.values())
            successor = next((new.path for new in free if same(old, new)), None)
            if path not in found and successor:
                found[path] = successor
    return found


def _added(version: Version) -> Change:
    return Change("added", version.path, version.title, after=version.lead)


def _removed(version: Version) -> Change:
    return Change("removed", version.path, version.title, before=version.lead)


def _revised(old: Version, new: Version) -> Iterable[Change]:
    for kind in _STATES:
        if kind in new.states - old.states:
            yield Change(kind, new.path, new.title)
    for question in new.answered:
        if question not in old.answered:
            yield Change("answered", new.path, new.title, after=question)
    if old.lead != new.lead:
        yield Change("reworded", new.path, new.title, old.lead, new.lead)
    elif old.title != new.title:
        yield Change("reworded", new.path, new.title, old.title, new.title)


def _linked(before: Snapshot, after: Snapshot, renames: Mapping[str, str]) -> Iterable[Change]:
    """Yield relations between notes that were both there before, each pair once."""
    known = {
        frozenset((path, renames.get(target, target)))
        for path, version in before.items()
        for target in version.related
    }
    for path, version in after.items():
        for target in version.related:
            pair = frozenset((path, target))
            both = {path, target} <= before.keys() & after.keys() and path != target
            if both and pair not in known:
                known.add(pair)
                yield Change("linked", path, version.title, after=target)

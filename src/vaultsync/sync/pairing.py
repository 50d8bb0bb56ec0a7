"""Which notes are one: renamed on a side, or added on both sides under two names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from vaultsync.core.config import Config
from vaultsync.core.model import Document
from vaultsync.notes.link_index import name_key
from vaultsync.notes.note import note_of, stem
from vaultsync.notes.similarity import similar_texts
from vaultsync.sync.merge_tree import Renames, paired

Documents = Mapping[str, Document]


def renamed(gone: Documents, new: Documents, origins: Mapping[str, str], config: Config) -> Renames:
    """Return which notes that are gone are new ones, old path to new; what is ambiguous is not.

    `origins` has former names of new notes as they are recorded. Other signs are the old name among
    the aliases, then the same handle.
    """
    recorded = ((old, path) for path, old in origins.items() if path in new and old in gone)
    names = ((path, alias) for path in new for alias in new[path].list_property("aliases"))
    by_alias = _pairs(((path, stem(path)) for path in gone), names)
    by_handle = _pairs(_handles(gone, config), _handles(new, config))
    return paired(recorded, by_alias, by_handle)


def _handles(documents: Documents, config: Config) -> Iterator[tuple[str, str]]:
    for path, document in documents.items():
        note = note_of(document, config)
        if note and note.handle:
            yield path, note.handle


def _pairs(
    old: Iterable[tuple[str, str]], new: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Yield the paths of which one alone is old, and one new, with the same name."""
    paths = defaultdict[str, tuple[set[str], set[str]]](lambda: (set(), set()))
    for side, named in enumerate((old, new)):
        for path, name in named:
            paths[name_key(name)][side].add(path)
    for one, other in paths.values():
        if len(one) == len(other) == 1:
            yield one.pop(), other.pop()


def duplicates(ours: Documents, theirs: Documents, config: Config) -> list[tuple[str, str]]:
    """Return the typed notes of two sides that have one name, or claim nearly the same."""
    notes = {path: note_of(one, config) for path, one in {**ours, **theirs}.items()}
    typed = {path: note for path, note in notes.items() if note}
    alike = {pair.names for pair in similar_texts({p: note.lead for p, note in typed.items()})}
    pairs = product(ours.keys() & typed.keys(), theirs.keys() & typed.keys())
    return sorted(
        (one, other)
        for one, other in pairs
        if tuple(sorted((one, other))) in alike
        or name_key(typed[one].name) == name_key(typed[other].name)
    )

"""Which note is which: renames and merges between two versions of a vault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from vaultsync.changelog.history.versions import Version
from vaultsync.notes.note import stem

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
            known = (new for key in of_old(old) for new in by_key.get(key, ()) if new in free)
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
        by_name = (new for key in _names(old) for new in names.get(key, ()))
        by_source = (new for key in _source(old) for new in sources.get(key, ()))
        heir = next(by_name, None) or next(by_source, None)
        if heir:
            found[path] = heir
    return found


def _by_key(versions: Versions, keys: _Keys) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path, known in versions.items():
        for key in keys(known):
            found.setdefault(key, []).append(path)
    return found


def _names(known: Version) -> Iterable[str]:
    return dict.fromkeys((stem(known.path), known.title))


def _aliases(known: Version) -> Iterable[str]:
    return known.aliases


def _source(known: Version) -> Iterable[str]:
    return (known.source,) if known.source else ()

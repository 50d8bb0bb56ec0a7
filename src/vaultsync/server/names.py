"""The names by which notes can be found: their files', their titles, aliases and handles."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from vaultsync.core.model import Document
from vaultsync.lint.context import Context
from vaultsync.markdown import kind_of
from vaultsync.notes.link_index import name_key
from vaultsync.notes.note import stem


@functools.lru_cache(maxsize=2)
def _stems(files: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the folded names of notes, each with the paths of those that have it."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(files):
        if kind_of(path):
            name = name_key(stem(path))
            found[name] = (*found.get(name, ()), path)
    return found


def _handles(context: Context) -> Iterator[tuple[str, str]]:
    kinds = context.config.types
    if any(kind.handle for kind in kinds.values()):
        for path in filter(context.config.type_name, context.vault.documents):
            note = context.note(context.vault.documents[path])
            if note and note.handle:
                yield name_key(note.handle), path


def notes_named(context: Context, key: str) -> tuple[str, ...]:
    """Return the notes of which a folded text is a name."""
    found = [*_stems(context.vault.files).get(key, ()), *context.link_graph.aliases.get(key, ())]
    found += [path for name, path in _handles(context) if name == key]
    return tuple(dict.fromkeys(found))


def search(
    context: Context, wanted: str, most: int, type_name: str | None = None
) -> list[tuple[str, str]]:
    """Return names as they are written, each with its note, of which a text is a part.

    Those that begin with it come first, and of these the shorter ones. With the name of a type only
    notes of that count.
    """
    key = name_key(wanted.strip())
    known = [*_stems(context.vault.files).items(), *context.link_graph.aliases.items()]
    known += [(name, (path,)) for name, path in _handles(context)]
    fitting = [(name, paths) for name, paths in known if key in name]
    if type_name is not None:
        of_type = context.config.type_name
        fitting = [(n, tuple(p for p in ps if of_type(p) == type_name)) for n, ps in fitting]
        fitting = [(name, paths) for name, paths in fitting if paths]
    fitting.sort(key=lambda item: (not item[0].startswith(key), len(item[0]), item[0]))
    found: dict[tuple[str, str], None] = {}
    for name, paths in fitting[:most]:
        for path in paths:
            document = context.vault.documents.get(path)
            if document:
                found[written(document, name, context), path] = None
    return list(found)[:most]


def written(document: Document, key: str, context: Context) -> str:
    """Return the name of a note that folds to a key, as it is written there."""
    note = context.note(document)
    names = [stem(document.path), document.text_property("title") or ""]
    names += [*document.list_property("aliases"), *document.list_property("alias")]
    names += [note.handle or ""] if note else []
    return next((name for name in names if name_key(name.strip()) == key), key)

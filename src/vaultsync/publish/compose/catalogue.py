"""The notes of the post as data: what the page is searched and filtered by, and its map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from vaultsync.blocks.context import Context
from vaultsync.blocks.note_parts import property_label
from vaultsync.blocks.tensions import is_tension
from vaultsync.notes.citation import Source
from vaultsync.notes.note import RETIRED, Note
from vaultsync.publish.compose.details import NoteHistory, is_checked


class Entry(msgspec.Struct, frozen=True):
    """A note that has a place in the post, by the name of that place.

    `title` is what lists call it, `former` are further names it has or had. `values` are what it is
    filtered by. `group` is its place on the map, "" for a note that the map leaves out. `added`
    and `changed` are the last days of which the journal records that, "" for none. `claim` is its
    title as a sentence, `sources` are what it rests on. `unchecked`: no person has compared it with
    them, as its type wants.
    """

    name: str
    title: str
    former: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]
    group: str
    added: str = ""
    changed: str = ""
    claim: str = ""
    sources: tuple[Source, ...] = ()
    unchecked: bool = False


class Edge(msgspec.Struct, frozen=True, order=True):
    """A relation between two entries, by their numbers, the lower first."""

    one: int
    other: int
    tension: bool


class Filter(msgspec.Struct, frozen=True):
    """A property with its values, each with the number of notes that have it."""

    name: str
    label: str
    options: tuple[tuple[str, int], ...]


class Catalogue(msgspec.Struct, frozen=True):
    """The entries in the order of the vault, what relates them, and the filters.

    `groups` are those of the entries, in the order of the map. `abbreviations` are what search
    takes for their long forms.
    """

    entries: tuple[Entry, ...] = ()
    edges: tuple[Edge, ...] = ()
    filters: tuple[Filter, ...] = ()
    groups: tuple[str, ...] = ()
    abbreviations: Mapping[str, str] = {}


def catalogue(context: Context, names: Mapping[str, str], history: NoteHistory) -> Catalogue:
    """Return the notes that readers see and that have a name in the post, by path."""
    notes = [note for note in context.published if note.path in names]
    entries = tuple(_entry(note, context, names[note.path], history) for note in notes)
    edges, filters = _edges(context, notes), tuple(_filters(context, entries))
    settings = context.config.publish
    return Catalogue(entries, edges, filters, _groups(context, entries), settings.abbreviations)


def _entry(note: Note, context: Context, name: str, history: NoteHistory) -> Entry:
    settings = context.config.publish
    more = [name for key in settings.permalinks for name in note.document.list_property(key)]
    values = {key: found for key in settings.filters if (found := _values(note, key))}
    is_on_map = settings.map and not note.in_state(RETIRED)
    group = next(iter(note.document.list_property(settings.map)), "") if is_on_map else ""
    own = [note.title] if note.handle else []
    former = tuple(dict.fromkeys((*own, *history.names.get(note.path, ()), *more)))
    days = history.on_page(note.path, context)
    added = next((one.date for one in days if one.adds), "")
    changed = next((one.date for one in days if not one.adds), "")
    first = note.first_source()
    sources = tuple(one for one in note.sources() if first and one.role == first[1].role)
    unchecked = is_checked(note) is False
    return Entry(
        name, note.name, former, values, group, added, changed, note.title, sources, unchecked
    )


def _values(note: Note, key: str) -> tuple[str, ...]:
    if key == note.type.checked:
        return ("yes" if is_checked(note) else "no",)
    # Obsidian takes a tag with or without its mark.
    found = (value.removeprefix("#") for value in note.document.list_property(key))
    return tuple(dict.fromkeys(found))


def _edges(context: Context, notes: Iterable[Note]) -> tuple[Edge, ...]:
    numbers = {note.path: number for number, note in enumerate(notes)}
    found: dict[tuple[int, int], bool] = {}
    for path, number in numbers.items():
        for other, _, relation in context.related.get(path, ()):
            if other.path in numbers:
                pair = min(number, numbers[other.path]), max(number, numbers[other.path])
                found[pair] = found.get(pair, False) or is_tension(relation, context)
    return tuple(sorted(Edge(*pair, tension) for pair, tension in found.items()))


def _groups(context: Context, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the groups of the map: as the settings list them, then by name."""
    found = {entry.group for entry in entries if entry.group}
    places = context.config.listed_values(context.config.publish.map)
    rest = len(places)
    return tuple(sorted(found, key=lambda name: (places.get(name, rest), name)))


def _filters(context: Context, entries: Iterable[Entry]) -> Iterable[Filter]:
    """Yield the filters that part the notes; values come as the settings list them, or by count."""
    for key in context.config.publish.filters:
        counts = Counter(value for entry in entries for value in entry.values.get(key, ()))
        places = context.config.listed_values(key)
        ranked = sorted(counts.items(), key=lambda one: (places.get(one[0], 0), -one[1], one[0]))
        if len(ranked) > 1:
            yield Filter(key, property_label(key), tuple(ranked))

"""Properties that repeat a part of the note's first source."""

from __future__ import annotations

from vaultsync.config import Section
from vaultsync.notes import Note
from vaultsync.sources import Source, canonical_url


def first_source(note: Note) -> tuple[Section, Source] | None:
    """Return the first source in the role that its section puts first, with the section."""
    for name, section in note.type.body.sections.items():
        for value in note.body.values(name):
            if section.first and isinstance(value, Source) and value.role == section.first:
                return section, value
    return None


def fills(note: Note) -> dict[str, str | int]:
    """Return the values that the first source gives to properties, by property."""
    found = first_source(note)
    if found is None:
        return {}
    section, source = found
    cite = source.cite if source.who else None
    parts = {"url": canonical_url(source.url), "cite": cite, "year": source.year}
    values = {name: parts[part] for name, part in section.fill.items()}
    return {name: value for name, value in values.items() if value is not None}

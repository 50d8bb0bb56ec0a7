"""Properties that repeat a part of the note's first source."""

from __future__ import annotations

from vaultsync.notes.citation import canonical_url
from vaultsync.notes.note import Note


def fills(note: Note) -> dict[str, str | int]:
    """Return the values that the first source gives to properties, by property."""
    found = note.first_source()
    if found is None:
        return {}
    section, source = found
    cite = source.cite if source.who else None
    parts = {"url": canonical_url(source.url), "cite": cite, "year": source.year}
    values = {name: parts[part] for name, part in section.fill.items()}
    return {name: value for name, value in values.items() if value is not None}

"""The names of places in the post."""

from __future__ import annotations

from vaultsync.notes.note import stem
from vaultsync.publish.anchors import RESERVED, free_name


class Names:
    """The names given so far: to notes by path, to headings by path and number in the note."""

    def __init__(self) -> None:
        """Start without any."""
        self.notes: dict[str, str] = {}
        self.headings: dict[tuple[str, int], str] = {}
        self._taken = set(RESERVED)

    def note(self, path: str) -> str | None:
        """Name the place of a note, None where it has one."""
        if path in self.notes:
            return None
        self.notes[path] = self._free(stem(path))
        return self.notes[path]

    def heading(self, path: str, number: int, text: str) -> str | None:
        """Name a heading of a note by its text, None where it has a name."""
        if (path, number) in self.headings:
            return None
        self.headings[path, number] = self._free(text)
        return self.headings[path, number]

    def _free(self, text: str) -> str:
        name = free_name(text, self._taken)
        self._taken.add(name)
        return name

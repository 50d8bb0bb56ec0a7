"""The works that a post cites, each once."""

from __future__ import annotations

from collections.abc import Iterable

from vaultsync.blocks import literal, web_link
from vaultsync.notes.citation import Source, canonical_url, identity
from vaultsync.notes.note import Note


class References:
    """The sources of notes that readers see, and of these the ones cited so far, in order."""

    def __init__(self, notes: Iterable[Note]) -> None:
        """Collect the sources; of those that are one work, the one that says most is kept."""
        self._known: dict[str, Source] = {}
        self.cited: dict[str, Source] = {}
        for source in (source for note in notes for source in note.sources()):
            kept = self._known.setdefault(source.identity, source)
            if _fullness(source) > _fullness(kept):
                self._known[source.identity] = source

    def address(self, url: str) -> str:
        """Return the address to cite a work at, and note that it is cited.

        An address that leads to a place within the work stays as it is.
        """
        source = self._known.get(identity(url))
        if source:
            self.cited.setdefault(source.identity, source)
        return url if "#" in url else canonical_url(url)


def _fullness(source: Source) -> tuple[bool, bool, int]:
    return source.year is not None, bool(source.who), len(source.details)


def reference_list(text: str, heading: str, cited: dict[str, Source]) -> str:
    """Return a text with the works it cites listed under a heading, by author, before footnotes."""
    if not cited:
        return text
    lines = [_line(source) for source in sorted(cited.values(), key=_by_author)]
    body, mark, footnotes = text.partition("\n\n[^1]: ")
    listed = "\n".join(f"- {line}" for line in lines)
    return f"{body.rstrip()}\n\n## {literal(heading)}\n\n{listed}{mark}{footnotes}"


def _by_author(source: Source) -> tuple[str, int, str]:
    return (source.who or source.title).lower(), source.year or 0, source.title.lower()


def _line(source: Source) -> str:
    who = literal(source.cite) if source.who else ""
    parts = [who, web_link(source.title, canonical_url(source.url))]
    return ". ".join(filter(None, parts))

"""What keeps a post from being published, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from vaultsync.core.model import Document
from vaultsync.core.text import Lines


class PublishProblem(msgspec.Struct, frozen=True, order=True):
    """What cannot be published, in which note, and in which line, 0 where that is unknown."""

    path: str
    line: int
    message: str


class Problems:
    """The problems found so far, each placed by the source text it is about."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        """Start without any; the documents are the notes as they were read."""
        self._documents = documents
        self._found: dict[PublishProblem, None] = {}

    def __iter__(self) -> Iterator[PublishProblem]:
        return iter(self._found)

    def add(self, message: str, source: str, paths: Iterable[str]) -> None:
        """Add a problem in the first of the notes that holds the source text."""
        named = list(paths)
        for path in named:
            text = self._documents[path].text
            at = text.find(source)
            if at >= 0:
                self._found[PublishProblem(path, Lines(text).position(at)[0], message)] = None
                return
        self._found[PublishProblem(named[0], 0, message)] = None

"""What the parts of one composition share: the vault, the works it cites and its problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from vaultsync.blocks.context import Context, escape_markdown, external_link
from vaultsync.core.model import Document
from vaultsync.core.text import Lines
from vaultsync.notes.citation import Source, canonical_url, identity
from vaultsync.notes.note import Note, is_private, is_readable, note_of
from vaultsync.publish.compose.anchors import Names
from vaultsync.publish.compose.footnotes import Footnotes
from vaultsync.publish.compose.images import Images


class CompositionContext(msgspec.Struct, frozen=True):
    """The vault, what was collected so far, and `document`: a note as the post may show it."""

    context: Context
    names: Names
    footnotes: Footnotes
    images: Images
    problems: Problems
    references: References
    document: Callable[[str], Document]

    @property
    def post(self) -> str:
        """The path of the post."""
        return self.context.config.publish.post

    def is_hidden(self, path: str) -> bool:
        """Whether a file is a note that readers must not see: private, a draft, or unreadable."""
        document = self.context.vault.documents.get(path)
        if document is None:
            return False
        note = note_of(document, self.context.config)
        is_draft = note is not None and note.is_draft
        return not is_readable(document) or is_private(document) or is_draft


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


class References:
    """The sources of notes that readers see, and of these the ones cited so far, in order."""

    def __init__(self, notes: Iterable[Note]) -> None:
        """Collect the sources; of those that are one work, the fullest counts."""
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
    return source.year is not None, bool(source.authors), len(source.details)


def reference_list(text: str, heading: str, cited: dict[str, Source]) -> str:
    """Return a text with the works it cites listed under a heading, by author, before footnotes."""
    if not cited:
        return text
    lines = [_line(source) for source in sorted(cited.values(), key=_by_author)]
    body, mark, footnotes = text.partition("\n\n[^1]: ")
    listed = "\n".join(f"- {line}" for line in lines)
    return f"{body.rstrip()}\n\n## {escape_markdown(heading)}\n\n{listed}{mark}{footnotes}"


def _by_author(source: Source) -> tuple[str, int, str]:
    return (source.authors or source.title).lower(), source.year or 0, source.title.lower()


def _line(source: Source) -> str:
    who = escape_markdown(source.cite) if source.authors else ""
    parts = [who, external_link(source.title, canonical_url(source.url))]
    return ". ".join(filter(None, parts))

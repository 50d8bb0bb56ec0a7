"""What the parts of one composition share: the vault, the works it cites and its problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

import msgspec

from vaultsync.blocks.comments import without_comments
from vaultsync.blocks.context import Context, bullet_list, escape_markdown, external_link
from vaultsync.blocks.fill import contents, replaced
from vaultsync.blocks.journal_blocks import DayEntry
from vaultsync.blocks.quote import GeneratedBlock, uncommented
from vaultsync.core.model import Document
from vaultsync.core.text import Lines
from vaultsync.notes.citation import Source, author_names, venue_of
from vaultsync.notes.note import Note, is_private, is_readable, note_of
from vaultsync.notes.source_address import canonical_url, identity
from vaultsync.publish.compose.anchors import Footnotes, Names
from vaultsync.publish.compose.days import DayMarks
from vaultsync.publish.compose.images import Images
from vaultsync.publish.compose.pieces import parsed

# Of the notes that a problem may be in, so many are named.
_MOST_NAMED = 3


class CompositionContext:
    """The vault as the post shows it, and what was collected so far."""

    def __init__(
        self, context: Context, read: Callable[[str], bytes], days: Iterable[DayEntry] = ()
    ) -> None:
        """Start with nothing collected; `read` returns the bytes of a file of the vault.

        `days` are those of the journal that get places where the post shows them.
        """
        self.context, self.post = context, context.config.publish.post
        self.names, self.footnotes, self.images = Names(), Footnotes(), Images(read)
        self.problems = Problems(context.vault.documents)
        self.references = References(context.published)
        self.days = DayMarks(days, self.names)
        self._documents: dict[str, Document] = {}

    def document(self, path: str) -> Document:
        """Return a note's body without comments and with its blocks filled, as a text of its own.

        It begins with a line break, which keeps a rule `---` from opening a block of properties.
        """
        if path not in self._documents:
            # A block may quote a footnote of the note that it is in.
            note = self._documents[path] = self.context.vault.documents[path]
            bare = uncommented(note)
            made = contents(bare, self.context, "tree", "history")
            # What is listed has its names before the days have theirs.
            filled = replaced(
                bare, [(block, self._marked(block, bare, new)) for block, new in made]
            )
            body = without_comments(filled[bare.body :])
            self._documents[path] = parsed(path, body, self.context.memo)
        return self._documents[path]

    def _marked(self, block: GeneratedBlock, note: Document, new: str | None) -> str:
        content = block.content(note.text) if new is None else new
        return self.days.marked(block, content)

    def is_hidden(self, path: str) -> bool:
        """Whether a file is a note that readers must not see: private, a draft, or unreadable."""
        document = self.context.vault.documents.get(path)
        if document is None:
            return False
        note = note_of(document, self.context.config)
        is_draft = bool(note and note.is_draft)
        return is_draft or is_private(document) or not is_readable(document)


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

    def add(self, message: str, source: str, paths: Sequence[str]) -> None:
        """Add a problem in that of the notes which holds the source text.

        Where several hold it, it is one of the first note without a line, and they are named.
        """
        texts = {path: self._documents[path].text for path in paths if source}
        places = [
            (path, Lines(text).position(text.index(source))[0])
            for path, text in texts.items()
            if source in text
        ]
        path, line = places[0] if len(places) == 1 else (paths[0], 0)
        if len(places) > 1:
            named = [f"`{path}` (line {line})" for path, line in places[:_MOST_NAMED]]
            named += ["…"] if len(places) > _MOST_NAMED else []
            message = f"{message}; it is in one of {', '.join(named)}"
        self._found[PublishProblem(path, line, message)] = None


class References:
    """The sources of notes that readers see, and of these the ones cited so far, in order."""

    def __init__(self, notes: Iterable[Note]) -> None:
        """Collect the sources; of those that are one work, the fullest parts count."""
        self._known: dict[str, Source] = {}
        self.cited: dict[str, Source] = {}
        for source in chain.from_iterable(note.sources() for note in notes):
            kept = self._known.get(source.identity)
            self._known[source.identity] = _united(kept, source) if kept else source

    def address(self, url: str) -> str:
        """Return the address to cite a work at, and note that it is cited.

        An address that leads to a place within the work stays as it is.
        """
        source = self._known.get(identity(url))
        if source:
            self.cited.setdefault(source.identity, source)
        return url if "#" in url else canonical_url(url)


def _united(source: Source, other: Source) -> Source:
    """Return a source, completed from another line on the same work."""
    return msgspec.structs.replace(
        source,
        year=source.year or other.year,
        authors=max(source.authors, other.authors, key=_named),
        details=max(source.details, other.details, key=_placed),
    )


def _named(authors: str) -> tuple[int, bool]:
    names, has_others = author_names(authors)
    return len(names), has_others


def _placed(details: tuple[str, ...]) -> tuple[bool, int]:
    return bool(venue_of(details)), len(details)


def reference_list(text: str, heading: str, cited: dict[str, Source]) -> str:
    """Return a text with the works it cites listed under a heading, by author, before footnotes."""
    body, mark, footnotes = text.partition("\n\n[^1]: ")
    listed = bullet_list(_line(source) for source in sorted(cited.values(), key=_by_author))
    return f"{body.rstrip()}\n\n## {escape_markdown(heading)}\n\n{listed}{mark}{footnotes}"


def _by_author(source: Source) -> tuple[str, int, str]:
    return (source.authors or source.title).lower(), source.year or 0, source.title.lower()


def _line(source: Source) -> str:
    who = f"{escape_markdown(source.cite)}. " if source.authors else ""
    return who + external_link(source.title, canonical_url(source.url))

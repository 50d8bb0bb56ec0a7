"""One Markdown text out of the post, the notes in its blocks and what it embeds.

Places are marked with `<a id="name"></a>`, links within the post lead to those, footnotes are at
the end, images are files below `images/`. Nothing private, no comment and no marker of ours is left
in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import groupby
from urllib.parse import quote as url_quote

import msgspec

from vaultsync.blocks.context import Context, Decoration
from vaultsync.blocks.journal_blocks import day_entries, format_day, visible_journal
from vaultsync.blocks.quote import quote
from vaultsync.blocks.related_block import suggested
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.core.text import printable
from vaultsync.notes.citation import Source
from vaultsync.notes.note import Note, is_readable, stem
from vaultsync.publish.compose.about import About, about
from vaultsync.publish.compose.anchors import linked_names, relinked
from vaultsync.publish.compose.catalogue import Catalogue, catalogue
from vaultsync.publish.compose.context import CompositionContext, Problems, reference_list
from vaultsync.publish.compose.details import NoteHistory, appendix, details, more, note_history
from vaultsync.publish.compose.resolve_links import LinkResolver
from vaultsync.publish.compose.transclude import Transcluder
from vaultsync.related.suggest import Search

Read = Callable[[str], bytes]
_BOARD = '<section class="board">\n\n{}\n\n</section>'
_LINKING = re.compile(r"[\[<]")
_MOST_SUGGESTED = 3


class Composition(msgspec.Struct, frozen=True):
    """The post as one Markdown text with its title.

    `paths` are the notes in it, and those that might belong there but cannot be read. `images` are
    cleaned, by the name that the text has for each. `places` are the names that its notes and
    headings have. `references` are the works it cites, once each, in the order in which it
    cites them. `about`, `catalogue` and `history`, the history of its notes, are of a folded post
    alone. `shared` is what its parts share.
    """

    title: str
    text: str
    paths: tuple[str, ...]
    shared: CompositionContext
    images: Mapping[str, bytes] = {}
    places: frozenset[str] = frozenset()
    references: tuple[Source, ...] = ()
    catalogue: Catalogue = Catalogue()
    history: NoteHistory = NoteHistory()
    about: About = About()

    @property
    def problems(self) -> Problems:
        """Why it cannot be published; targets add what they cannot show."""
        return self.shared.problems

    def refuse(self, message: str, source: str) -> None:
        """Add a problem of a source text in one of its notes."""
        self.problems.add(message, source, self.paths)

    @property
    def context(self) -> Context:
        """The vault as its readers see it."""
        return self.shared.context.decorated(Decoration(readers=True))

    @property
    def authors(self) -> tuple[str, ...]:
        """The names of its authors, by its property or else the settings; () where unknown."""
        config = self.shared.context.config.publish
        written = self.shared.context.vault.documents[config.post].list_property("author")
        names = (printable(name).strip() for name in written or (config.author,))
        return tuple(filter(None, names))

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes of readers that are of a type of which the post shows one."""
        published, shown = self.shared.context.published, frozenset(self.paths)
        types = {note.type_name for note in published if note.path in shown}
        return tuple(note for note in published if note.type_name in types)

    @property
    def inputs(self) -> dict[str, str]:
        """The files of the vault that it shows, by path, each under a name that readers may see.

        A draft is shown by its title alone, so that its path is private.
        """
        journal = self.context.config.changelog.note
        paths = (*self.paths, *([journal] if journal in self.context.vault.documents else []))
        notes = {path: path for path in paths if not self.shared.is_hidden(path)}
        return notes | self.shared.images.names

    def whole(self) -> Composition:
        """Return the composition with all these notes among its paths."""
        paths = dict.fromkeys((*self.paths, *(note.path for note in self.notes)))
        return msgspec.structs.replace(self, paths=tuple(paths))

    def place(self, path: str) -> str | None:
        """Return the name that the note at a path has in the text, None where it has none."""
        return self.shared.names.notes.get(path)

    def piece(self, text: str, path: str) -> str:
        """Return a piece of the note at a path as Markdown that is readable outside the post.

        Links to what is in the post lead to the page if it has an address, and are text if not. Of
        a picture its caption is left.
        """
        context = self.shared.context
        bare = quote(text, path, context.index, pictures=True)
        if not _LINKING.search(bare):
            return bare
        resolved = LinkResolver(self.shared, [path]).resolved(bare)
        page = context.config.publish.page
        there = {name: f"{page}#{url_quote(name)}" for name in linked_names(resolved)}
        return relinked(resolved, there if page else {})


def compose(context: Context, read: Read, *, folded: bool) -> Composition:
    """Compose the post. `folded` puts what a note has in addition to its claim under each bullet.

    Behind the post come the board of tensions and the notes that it lists no longer, then.
    `read` returns the bytes of a file of the vault and raises `VaultError` where that cannot be.
    Raises `VaultError` where the vault has no post.
    """
    return _Composer(context, read, folded=folded).composition()


class _Composer:
    def __init__(self, context: Context, read: Read, *, folded: bool) -> None:
        self.config, self.read, self.folded = context.config, read, folded
        self.title = _post(context).text_property("title") or stem(self.config.publish.post)
        board = _BOARD.format if folded else None
        frame = Decoration(
            self._mark, self._details, self._more, self._footnote, board, readers=True
        )
        self.context = context.decorated(frame)
        self.history = note_history(self.context) if folded else NoteHistory()
        self.days = tuple(day_entries(visible_journal(self.context))) if folded else ()
        self.shared = CompositionContext(self.context, read, self.days)
        self.transcluder = Transcluder(self.shared)

    def composition(self) -> Composition:
        shared, names, cited = self.shared, self.shared.names, self.shared.references.cited
        text = self.transcluder.whole(shared.post)
        listed = Catalogue()
        if self.folded:
            text = "\n\n".join([text, *appendix(self.context, names)])
            listed = catalogue(self.context, names.notes, self.history)
        paths = tuple(dict.fromkeys((shared.post, *names.notes, *self.transcluder.embedded)))
        text = LinkResolver(shared, paths).resolved(shared.footnotes.merged(text))
        heading = self.config.publish.references
        text = reference_list(text, heading, cited) if heading and cited else text
        return Composition(
            self.title,
            text.strip() + "\n",
            (*paths, *self._unreadable()),
            shared,
            shared.images.files,
            frozenset((*names.notes.values(), *names.headings.values())),
            tuple(cited.values()),
            listed,
            self.history,
            about(self.context, self.days) if self.folded else About(),
        )

    def _unreadable(self) -> list[str]:
        return [
            path
            for path, document in sorted(self.context.vault.documents.items())
            if not is_readable(document) and self.config.type_name(path)
        ]

    def _mark(self, note: Note) -> str:
        """Mark a note's place in the post, which is where it is listed first."""
        return self.shared.names.mark_note(note.path)

    def _details(self, note: Note) -> str:
        if not self.folded:
            return ""
        place = self.shared.names.notes[note.path]
        return details(note, self.context, self._history(note), place, self._suggested(note))

    def _more(self, note: Note) -> str:
        return more(note, self._history(note), self._suggested(note)) if self.folded else ""

    def _suggested(self, note: Note) -> list[str]:
        """Return the notes of the post that are perhaps related to a note, as Markdown."""
        if not self.config.publish.suggestions or note.path not in self._search.wanted:
            return []
        return suggested(note.path, _MOST_SUGGESTED, self._search, self.context)

    @cached_property
    def _search(self) -> Search:
        """What finds suggestions among the notes that the post lists and that still hold."""
        plain = _Composer(self.context, self.read, folded=False)
        plain.transcluder.whole(plain.shared.post)
        search = self.context.current_search
        return search.among(search.wanted & plain.shared.names.notes.keys())

    def _history(self, note: Note) -> list[str]:
        """Return the days of a note, as Markdown."""
        days = groupby(self.history.on_page(note.path, self.context), lambda entry: entry.date)
        return [
            f"{format_day(date, with_year=True)}: {' · '.join(one.text for one in entries)}"
            for date, entries in days
        ]

    def _footnote(self, path: str, label: str) -> str:
        return self.transcluder.footnote(path, label)


def _post(context: Context) -> Document:
    path = context.config.publish.post
    document = context.vault.documents.get(path)
    if document is None:
        raise VaultError(
            f"{path}: there is no such note to publish: make it, or name another as "
            "`publish.post` in vaultsync.toml"
        )
    if document.error:
        raise VaultError(f"{path}: {document.error}")
    return document

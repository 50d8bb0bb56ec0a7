"""The vault as generated blocks read it, and the Markdown that they share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cached_property, partial

import msgspec

from vaultsync.blocks.quote import GeneratedBlock, authored_content, destination, quote
from vaultsync.core.config import Config
from vaultsync.core.memo import Memo
from vaultsync.core.model import Document, Vault
from vaultsync.core.text import printable, with_backslash
from vaultsync.markdown import parse
from vaultsync.notes.body import Item, Question, Relation
from vaultsync.notes.link_index import LinkIndex, index_of, wikilink
from vaultsync.notes.note import (
    RETIRED,
    Note,
    is_private,
    is_readable,
    note_of,
    stem,
    typed_notes,
)
from vaultsync.notes.source_lock import SourceLock
from vaultsync.related.facts import Facts, facts_of
from vaultsync.related.suggest import Search, search_of

_MARKUP = re.compile(r"[\\`*<\[\]~$]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)")
_BRACKETS = re.compile(r"[\[\]]")


class BlockError(Exception):
    """A block refers to something that does not exist; the message names what to write instead."""


class Decoration(msgspec.Struct, frozen=True):
    """Text put before and after each note of a list, and for a footnote's mark in what is quoted.

    `more` is put behind all that a note holds, where a list shows that. `board` encloses
    the tensions, where they are shown in full. A footnote is identified by
    the path of its note and its label. For `readers` outside the vault a draft is its title alone,
    and a picture is shown where others have a link.
    """

    before: Callable[[Note], str] = lambda _note: ""
    after: Callable[[Note], str] = lambda _note: ""
    more: Callable[[Note], str] = lambda _note: ""
    footnote: Callable[[str, str], str] = lambda _path, _label: ""
    board: Callable[[str], str] | None = None
    readers: bool = False


class Context:
    """The vault as blocks see it. `decoration` lets a publisher add to each listed note.

    `memo` is what is known from an earlier version of the vault, with the same settings, and
    `sources` what `sources.lock` knows.
    """

    def __init__(
        self,
        vault: Vault,
        config: Config,
        decoration: Decoration | None = None,
        memo: Memo | None = None,
        sources: SourceLock | None = None,
    ) -> None:
        """Bind the values; nothing is computed yet."""
        self.sources = sources or {}
        self.vault, self.config, self.decoration = vault, config, decoration or Decoration()
        self.memo = Memo() if memo is None else memo

    def decorated(self, decoration: Decoration) -> Context:
        """Return the same vault with another decoration. The notes are those of this context."""
        # What is computed of a copy is not known to the next.
        _ = self.index, self._seen
        decorated = copy(self)
        decorated.decoration = decoration
        return decorated

    @cached_property
    def index(self) -> LinkIndex:
        """The names of the vault's files."""
        return index_of(self.vault.files)

    @cached_property
    def notes(self) -> tuple[Note, ...]:
        """All typed notes that are not private, drafts among them, as their authors wrote them."""
        return tuple(
            self._authored(note)
            for note in typed_notes(self.vault, self.config)
            if not note.is_private
        )

    def _authored(self, note: Note) -> Note:
        document = self.memo.get(
            (authored_content, note.document), lambda: authored_content(note.document)
        )
        return self.kept(Note(document, note.type_name, note.type))

    def kept(self, note: Note) -> Note:
        """Return a note as it is known, with its body, if it is."""
        return self.memo.get((Note, note.document, note.type_name), lambda: note)

    @cached_property
    def published(self) -> tuple[Note, ...]:
        """The notes that readers see, retired ones among them."""
        return tuple(note for note in self.notes if not note.is_draft)

    @cached_property
    def withheld(self) -> Mapping[str, tuple[str, ...]]:
        """The private notes by path, each with its titles: its own, and its aliases.

        Where the settings declare types, only notes of a type count.
        """
        config, documents = self.config, self.vault.documents
        paths = [path for path in documents if not config.types or config.type_name(path)]
        self.vault.load(paths)
        return {
            path: (
                documents[path].text_property("title") or stem(path),
                *documents[path].list_property("aliases"),
            )
            for path in sorted(paths)
            if is_private(documents[path])
        }

    @cached_property
    def current(self) -> tuple[Note, ...]:
        """The notes that readers see and that still hold."""
        return tuple(note for note in self.published if not note.in_state(RETIRED))

    @cached_property
    def _seen(self) -> frozenset[str]:
        return frozenset(note.path for note in self.published)

    @cached_property
    def related(self) -> Mapping[str, list[tuple[Note, Note, Relation]]]:
        """The relations between notes that readers see, for each of the two by its path.

        Each has the other note, the one that names the relation, and the relation. They are in the
        order of the other notes; those that the note names itself come first.
        """
        notes = {note.path: note for note in self.published}
        found: dict[str, list[tuple[Note, Note, Relation]]] = {}
        for note in self.published:
            for relation in note.relations():
                paths = self.index.resolve(relation.target, note.path)
                other = notes.get(paths[0]) if paths else None
                if other and other is not note:
                    found.setdefault(note.path, []).append((other, note, relation))
                    found.setdefault(other.path, []).append((note, note, relation))
        for entries in found.values():
            entries.sort(key=lambda entry: (entry[0].path, entry[0] is entry[1]))
        return found

    @cached_property
    def search(self) -> Search:
        """What finds the notes that are perhaps related."""
        documents = self.vault.documents
        self.vault.load(documents)
        facts = {path: one for path in sorted(documents) for one in self.facts_at(path)}
        keeper = documents.get(self.config.related.dismissed)
        before = self.memo.find(Search)
        found = search_of(facts, self.index, self.config.related, keeper, before)
        return self.memo.keep(Search, found)

    @cached_property
    def current_search(self) -> Search:
        """What finds them among the notes that readers see and that still hold.

        Where notes have no types, these are all.
        """
        paths = frozenset(note.path for note in self.current)
        return self.search.among(paths) if self.config.types else self.search

    def facts_at(self, path: str) -> tuple[Facts, ...]:
        """Return what is compared of the note at a path; () where it is not compared.

        Where the settings declare types only notes of a type are, and private ones never.
        """
        document = self.vault.documents[path]
        return self.memo.get((facts_of, document), lambda: self._facts(document))

    def _facts(self, document: Document) -> tuple[Facts, ...]:
        path, config = document.path, self.config
        is_note = document.kind == "note" and path != config.related.dismissed
        if not is_note or (config.types and not config.type_name(path)):
            return ()
        if not is_readable(document) or is_private(document):
            return ()
        authored = authored_content(document)
        return (facts_of(authored, note_of(authored, config), config.related),)

    def is_visible(self, target: str, note: Note) -> bool:
        """Whether a link in a note leads to one that readers see."""
        return not self._seen.isdisjoint(self.index.resolve(target, note.path)[:1])

    def linked(self, text: str, source: str) -> tuple[str, ...]:
        """Return the paths that links in a piece of the note at `source` lead to, "" for nowhere.

        Links out of the vault are not among them.
        """
        links = parse("quote.md", text).links if "[" in text else ()
        found = (self.index.resolve(link.target, source) for link in links if not link.external)
        return tuple(next(iter(paths), "") for paths in found)

    @cached_property
    def property_names(self) -> frozenset[str]:
        """The properties that the settings name or a typed note has."""
        known = {name for note in self.notes for name in note.document.properties.data}
        for kind in self.config.types.values():
            known.update(kind.properties, kind.required, *kind.states.values())
        return frozenset(known)

    def link(self, note: Note) -> str:
        """Return a wikilink that shows the note's name."""
        return wikilink(note.path, self.index, note.name)

    def item(self, item: Item, note: Note) -> str | None:
        """Return a list item of a note as it can be shown elsewhere.

        A relation to a note that readers do not see is None, and such an answer is left out.
        """
        value, text = item.value, item.text
        if isinstance(value, Relation) and not self.is_visible(value.target, note):
            return None
        if isinstance(value, Question) and value.answer and not self.is_visible(value.answer, note):
            text = value.text
        return self.quote(text, note)

    def quote(self, text: str, note: Note) -> str:
        """Return a piece of a note as it can be shown elsewhere."""
        frame, path, index = self.decoration, note.path, self.index
        made = partial(quote, text, path, index, frame.footnote, pictures=frame.readers)
        # Which mark a footnote gets depends on those before it.
        if "[" not in text or "[^" in text:
            return made()
        return self.memo.get((quote, text, path, index, frame.readers), made)


class BlockRequest(msgspec.Struct, frozen=True):
    """One block to be filled: the block, the note that holds it, and the context.

    `checked`: all that matters is what is wrong with the block.
    """

    block: GeneratedBlock
    document: Document
    context: Context
    checked: bool = False

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute of the block."""
        return self.block.attributes.get(name, default)

    def choice(self, name: str, options: Iterable[str]) -> str:
        """Return an attribute that must be one of the options, the first being the default."""
        known = list(options)
        value = self.get(name, known[0])
        if value not in known:
            raise BlockError(f'`{name}="{value}"`: use one of {", ".join(known)}')
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """Return an attribute's values, which commas part."""
        return tuple(part.strip() for part in self.get(name).split(",") if part.strip())


def bullet_list(lines: Iterable[str]) -> str:
    """Return a Markdown list."""
    return "\n".join(f"- {line}" for line in lines)


def escape_markdown(text: str) -> str:
    """Return plain text, such as a title, as Markdown that shows it."""
    return _MARKUP.sub(with_backslash, text)


def capitalized(text: str) -> str:
    """Return a text with a capital at its beginning, but for one such as `iOS`."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def external_link(text: str, url: str) -> str:
    """Return a link to an address, from Markdown without links and an address of any form."""
    return f"[{_BRACKETS.sub(with_backslash, text)}]({destination(url)})"


def format_count(number: int, noun: str) -> str:
    """Return a number with its noun, such as "3 frames" or "1 query"."""
    # The name of a type may be any text.
    noun = printable(noun)
    if number == 1:
        return f"1 {noun}"
    ending = noun.removesuffix("y") + "ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {ending}"

"""What is compared of a note. It depends on nothing but the note and the settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from vaultsync.core.config import RelatedSettings
from vaultsync.core.model import Document
from vaultsync.notes.body import Item, Question, Relation
from vaultsync.notes.citation import Source, author_names
from vaultsync.notes.link_index import resolvable_links
from vaultsync.notes.note import Note, stem
from vaultsync.notes.similarity import telling_words, without_ending

# The scheme of an address, what a link to a file does not show, and HTML. The rest of an address is
# text: it often names a person or a project.
_NO_TEXT = re.compile(r"\w+://|\]\((?!\w+:)[^)\s]*\)|\[\[[^\[\]|]*\||<(?!\w+:)[^<>]*>")


class Words(msgspec.Struct, frozen=True, array_like=True):
    """The telling words of a text in order, and their stems, each with spaces between."""

    forms: str = ""
    stems: str = ""

    @classmethod
    def of(cls, *texts: str) -> Words:
        """Read texts, which may be Markdown."""
        forms = [word for text in texts for word in telling_words(_NO_TEXT.sub(" ", text))]
        return cls(" ".join(forms), " ".join(map(without_ending, forms)))

    def form(self, wanted: str) -> str:
        """Return the first word with a stem."""
        return self.forms.split()[self.stems.split().index(wanted)]


class Work(msgspec.Struct, frozen=True, array_like=True):
    """A source: the same text for all addresses of one work, its title, and its role."""

    identity: str
    title: str
    role: str


class Facts(msgspec.Struct, frozen=True, array_like=True):
    """What is compared of a note.

    `said` are all words of the claim, those among them that every text has. `properties` are those
    that the settings list, `authors` as they are cited, `links` the targets of links.
    """

    name: str
    names: tuple[tuple[str, Words], ...]
    text: Words
    claim: Words
    said: str
    questions: tuple[tuple[str, Words], ...] = ()
    works: tuple[Work, ...] = ()
    authors: tuple[str, ...] = ()
    properties: tuple[Words, ...] = ()
    links: tuple[str, ...] = ()

    def things(self) -> set[str]:
        """Return all that other notes may have too: stems, sources, authors, properties."""
        found = {*self.text.stems.split(), *self.cited_works(), *self.cited_authors()}
        for number in range(len(self.properties)):
            found.update(self.property_stems(number))
        return found

    def cited_works(self) -> dict[str, str]:
        """Return the sources, each with its title."""
        return {f"source {work.identity}": work.title for work in self.works}

    def cited_authors(self) -> dict[str, str]:
        """Return the authors of the sources, each with the name."""
        return {f"author {name}": name for name in self.authors}

    def property_stems(self, number: int) -> list[str]:
        """Return the stems of a property, each apart from those of other properties."""
        return [f"{number} {stem}" for stem in self.properties[number].stems.split()]


def facts_of(document: Document, note: Note | None, settings: RelatedSettings) -> Facts:
    """Return the facts of a note as its author wrote it, with its type if it has one.

    What a relation says is not compared: it is about the other note.
    """
    title = document.text_property("title") or stem(document.path)
    handle = note.handle or "" if note else ""
    names = tuple(dict.fromkeys(filter(None, (handle, title, *document.list_property("aliases")))))
    properties = tuple(Words.of(*document.list_property(name)) for name in settings.properties)
    parts = list(_texts(note)) if note else [document.text[document.body :]]
    lead = note.lead if note else title
    sources = note.sources() if note else ()
    asked = [question.text for question in note.questions()] if note else []
    said = (*document.list_property("tags"), *parts, *(one.forms for one in properties))
    return Facts(
        handle or title,
        tuple((name, Words.of(name)) for name in names),
        Words.of(*names, *said),
        Words.of(title, handle, lead),
        " ".join(re.findall(r"\w+", lead.lower())),
        tuple((text, Words.of(text)) for text in [*asked, *([lead] if _asks(lead) else [])]),
        tuple(Work(one.identity, one.title, one.role) for one in sources),
        tuple(dict.fromkeys(name for one in sources for name in author_names(one.authors)[0])),
        properties,
        tuple(dict.fromkeys(link.target for link in resolvable_links(document))),
    )


def _asks(lead: str) -> bool:
    return lead.rstrip().endswith("?")


def _texts(note: Note) -> Iterator[str]:
    body = note.body
    for paragraph in (body.lead, body.caveat, *body.prose, *body.others):
        yield paragraph.text if paragraph else ""
    for section in body.sections.values():
        yield from (text for item in section.items if (text := _item(item)))
        yield from (other.text for other in section.others)


def _item(item: Item) -> str:
    if isinstance(item.value, Relation):
        return ""
    if isinstance(item.value, Source):
        return item.value.title
    return f"{item.value.text if isinstance(item.value, Question) else item.text} {item.more}"

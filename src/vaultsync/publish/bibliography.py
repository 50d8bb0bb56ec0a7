"""The works that the post cites, as bibliographies tell of them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from vaultsync.notes.citation import Source, arxiv_id, canonical_url, doi_of

Kind = Literal["arxiv", "doi", "web"]
_ET_AL = re.compile(r",?\s+et al\.?$")
_AND = re.compile(r"\s*(?:,\s+and\s+|,\s+|\s+and\s+|\s+&\s+)")
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = re.compile(r"(?:an?|and|are|can|do|does|for|from|how|in|is|of|on|the|to|what|when|why)\Z")
_DIGITS = 6
# What decomposes into no letter of ASCII.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


class Author(msgspec.Struct, frozen=True):
    """An author: the surname, or the whole name of somebody that is no person."""

    name: str
    is_person: bool = True


class Work(msgspec.Struct, frozen=True):
    """A work under its key. `others` says that it has more authors than are named.

    `id` is what its kind is known by, an arXiv id, a DOI or an address.
    """

    key: str
    kind: Kind
    id: str
    title: str
    url: str
    authors: tuple[Author, ...] = ()
    others: bool = False
    year: int | None = None
    venue: str = ""


def works(sources: Iterable[Source]) -> tuple[Work, ...]:
    """Return works by key. Each source must be another work.

    A key is made of author, year and title alone, such as `arditi2024refusal`. Where two works
    have the same, both get a part that is made of what they are known by: whichever order they are
    cited in, keys stay.
    """
    made = [(source, _key(source)) for source in sources]
    count = Counter(key for _, key in made)
    found = (_work(source, _alone(key, source, count)) for source, key in made)
    return tuple(sorted(found, key=lambda work: work.key))


def _work(source: Source, key: str) -> Work:
    arxiv, doi, url = arxiv_id(source.url), doi_of(source.url), canonical_url(source.url)
    kind: Kind = "arxiv" if arxiv else "doi" if doi else "web"
    who = _ET_AL.sub("", source.who)
    names = [_author(name) for name in _AND.split(who) if name]
    return Work(
        key,
        kind,
        arxiv or doi or url,
        source.title,
        url,
        tuple(names),
        others=who != source.who,
        year=source.year,
        venue=source.venue,
    )


def _author(name: str) -> Author:
    # Of a person a citation has the surname, before which there may be particles.
    *before, _ = name.split()
    return Author(name, is_person=all(word[:1].islower() for word in before))


def _key(source: Source) -> str:
    first = _AND.split(_ET_AL.sub("", source.who))[0]
    author = "".join(_words(first.rpartition(" ")[2]))
    title = next((word for word in _words(source.title) if not _SMALL.match(word)), "")
    return f"{author}{source.year or ''}{title}" or "work"


def _words(text: str) -> list[str]:
    """Return the words of a text in small letters of ASCII."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return _WORD.findall("".join(one for one in letters if not unicodedata.combining(one)))


def _alone(key: str, source: Source, count: Mapping[str, int]) -> str:
    if count[key] == 1 and key != "work":
        return key
    return f"{key}-{hashlib.sha256(source.identity.encode()).hexdigest()[:_DIGITS]}"

"""The works that a post cites, under keys, and the BibTeX entry of each.

Sources: https://ctan.org/pkg/biblatex for entries and fields, which BibTeX's own styles share,
https://info.arxiv.org/help/hypertex/bibstyles for the fields of what is on arXiv.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from urllib.parse import quote

import msgspec

from vaultsync.notes.citation import Source, author_names, surname
from vaultsync.notes.source_address import arxiv_id, canonical_url, doi_of
from vaultsync.notes.source_lock import SourceLock
from vaultsync.publish.compose import Composition

_VENUE = re.compile(r"(?P<name>.+?),? (?P<year>(?:1[5-9]|20)\d{2})(?: \((?P<note>[^()]+)\))?")
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = re.compile(r"(?:an?|and|are|can|do|does|for|from|how|in|is|of|on|the|to|what|when|why)\Z")
_DIGITS = 6
# What decomposes into no letter of ASCII.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_NAMES = {"\\": "textbackslash", "~": "textasciitilde", "^": "textasciicircum"}
_LATEX = str.maketrans(
    {one: f"{{\\{name}}}" for one, name in _NAMES.items()} | {one: f"\\{one}" for one in "%&_#${}"}
)
# A brace counts in BibTeX, escaped or not, so that one without the other would end the value.
_LONE = str.maketrans({"{": r"{\textbraceleft}", "}": r"{\textbraceright}"})
_SPACES = re.compile(r"\s+")
# What an address may hold unquoted in a value that is read as it is.
_VERBATIM = "%/:?#[]@!$&'()*+,;=~"
# The field that names where a work of each type appeared.
_PLACE = {"article": "journal", "inproceedings": "booktitle", "misc": "howpublished"}


class Work(msgspec.Struct, frozen=True):
    """A work under its key.

    `type` is that of its BibTeX entry, `venue` where it appeared, without the year. `kind` is
    `arxiv`, `doi` or `web`, `id` what that is known by: an arXiv id, a DOI, an address.
    `names` are the full names of all authors, where `sources.lock` knows them.
    """

    key: str
    type: str
    source: Source
    venue: str
    year: int | None
    note: str
    kind: str
    id: str
    url: str
    names: tuple[str, ...] = ()

    @property
    def authors(self) -> tuple[str, ...]:
        """The authors that are known."""
        return author_names(self.source.authors)[0]

    @property
    def has_others(self) -> bool:
        """Whether it has more authors than are known."""
        return author_names(self.source.authors)[1]


def works(post: Composition) -> dict[str, Work]:
    """Return the works that a post cites, by the identity of their sources, in the order of keys.

    A key is made of author, year and title alone, such as `arditi2024refusal`. Where two works
    have the same, or one has no letter, they get a part that is made of what they are known by:
    whichever order they are cited in, keys stay.
    """
    journals = frozenset(post.context.config.publish.journals)
    made = partial(_works, post.references, journals, post.context.sources)
    return post.context.memo.get((works, post.references, journals), made)


def _works(
    sources: Sequence[Source], journals: Collection[str], lock: SourceLock
) -> dict[str, Work]:
    names = [*map(_key, sources)]
    count = Counter(names)
    found = []
    for source, name in zip(sources, names, strict=True):
        key = name
        has_letters = name.strip(string.digits)
        if count[name] > 1 or not has_letters:
            part = hashlib.sha256(source.identity.encode()).hexdigest()[:_DIGITS]
            key = f"{name}-{part}" if has_letters else f"work{name}-{part}"
        record = lock.get(source.identity)
        work = _work(key, source, journals)
        authors = record.authors if record else ()
        found.append(msgspec.structs.replace(work, names=authors))
    return {work.source.identity: work for work in sorted(found, key=lambda work: work.key)}


def _work(key: str, source: Source, journals: Collection[str]) -> Work:
    arxiv, doi, url = arxiv_id(source.url), doi_of(source.url), canonical_url(source.url)
    kind = "arxiv" if arxiv else "doi" if doi else "web"
    venue, year, note = source.venue, source.year, ""
    dated = _VENUE.fullmatch(venue)
    if dated:
        venue, year, note = dated["name"], int(dated["year"]), dated["note"] or ""
    if arxiv and venue.lower() == "arxiv":
        venue, dated = "", None
    # Without a year a venue may be any site, but what has a DOI and names one is mostly an article.
    is_article = venue in journals or (doi and venue and not dated)
    form = "article" if is_article else "inproceedings" if dated else "misc"
    return Work(key, form, source, venue, year, note, kind, arxiv or doi or url, url)


def is_person(name: str) -> bool:
    """Whether a name is a surname, before which there may be particles, rather than a group's."""
    return all(word[:1].islower() for word in name.split()[:-1])


def _key(source: Source) -> str:
    first = next(iter(author_names(source.authors)[0]), "")
    author = "".join(_words(first.rpartition(" ")[2] if is_person(first) else first))
    title = next((word for word in _words(source.title) if not _SMALL.match(word)), "")
    return f"{author}{source.year or ''}{title}"


def _words(text: str) -> list[str]:
    """Return the words of a text in small letters of ASCII."""
    small = text.lower()
    if not small.isascii():
        letters = unicodedata.normalize("NFKD", small.translate(_LETTERS))
        small = "".join(one for one in letters if not unicodedata.combining(one))
    return _WORD.findall(small)


def bibtex_entry(work: Work) -> str:
    """Return the BibTeX entry of a work."""
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(work) if value)
    return f"@{work.type}{{{work.key},\n{fields}}}\n"


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    """Yield names, and values as they are between braces."""
    names = [latex(name) if is_person(name) else f"{{{latex(name)}}}" for name in work.authors]
    names += ["others"] if work.has_others else []
    yield "author", " and ".join([*map(_inverted, work.names)] or names)
    title = latex(work.source.title)
    # The second pair of braces keeps the letter case, which styles change.
    yield "title", f"{{{title}}}" if title[1:] != title[1:].lower() else title
    yield _PLACE[work.type], latex(work.venue)
    yield "year", str(work.year or "")
    yield "note", latex(work.note)
    if work.kind == "arxiv":
        yield "eprint", work.id
        # biblatex takes it for its `eprinttype`.
        yield "archiveprefix", "arXiv"
    elif work.kind == "doi":
        yield "doi", quote(work.id, safe=f"{_VERBATIM}<>")
    yield "url", quote(work.url, safe=_VERBATIM)


def _inverted(name: str) -> str:
    family, given = family_and_given(name)
    return f"{latex(family)}, {latex(given)}" if given else f"{{{latex(family)}}}"


def family_and_given(name: str) -> tuple[str, str]:
    """Split a full name; the second part is "" for a name of one word."""
    family = surname(name)
    return family, name.removesuffix(family).strip()


def latex(text: str) -> str:
    """Return a text for LaTeX, in Unicode."""
    plain = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    braces = ((char == "{") - (char == "}") for char in plain)
    depths = list(itertools.accumulate(braces, initial=0))
    is_balanced = min(depths) == depths[-1] == 0
    return plain.translate(_LATEX if is_balanced else _LATEX | _LONE)

"""The works that the post cites, as BibTeX and as CSL JSON.

Sources: https://ctan.org/pkg/bibtex (btxdoc), https://info.arxiv.org/help/hypertex/bibstyles for
the fields of what is on arXiv, https://docs.citationstyles.org/en/stable/specification.html for the
names of CSL.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal
from urllib.parse import quote

import msgspec

from vaultsync.notes.citation import Source, arxiv_id, canonical_url, doi_of
from vaultsync.publish.targets.dialect import RenderJob

Kind = Literal["arxiv", "doi", "web"]
_ET_AL = re.compile(r",?\s+et al\.?$")
_AND = re.compile(r"\s*(?:,\s+and\s+|,\s+|\s+and\s+|\s+&\s+)")
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = re.compile(r"(?:an?|and|are|can|do|does|for|from|how|in|is|of|on|the|to|what|when|why)\Z")
_DIGITS = 6
# What decomposes into no letter of ASCII.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
# LaTeX's name of each combining mark.
_MARKS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0323": "d",
    "\u0327": "c",
    "\u0328": "k",
}
_COMPOSED = {
    unicodedata.normalize("NFC", letter + mark): f"{{\\{command}{{{letter}}}}}"
    for mark, command in _MARKS.items()
    for letter in string.ascii_letters
}
_NAMES = {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l"}
_NAMES |= {"Ł": "L", "ı": "i", "\\": "textbackslash", "~": "textasciitilde", "^": "textasciicircum"}
_LATEX = str.maketrans(
    {one: text for one, text in _COMPOSED.items() if len(one) == 1}
    | {one: f"{{\\{name}}}" for one, name in _NAMES.items()}
    | {one: f"\\{one}" for one in "%&_#${}"}
)
# A brace counts in BibTeX, escaped or not, so that one without the other would end the value.
_LONE = str.maketrans({"{": "\ufdd0", "}": "\ufdd1"})
_LONE_LATEX = str.maketrans({"\ufdd0": r"{\textbraceleft}", "\ufdd1": r"{\textbraceright}"})
_SPACES = re.compile(r"\s+")
# What an address may hold unquoted in a value that is read as it is.
_VERBATIM = "%/:?#[]@!$&'()*+,;=~"
_TYPES = {"arxiv": "article", "doi": "document", "web": "webpage"}


class Author(msgspec.Struct, frozen=True):
    """An author: the surname, or the whole name of an author that is not a person."""

    name: str
    is_person: bool = True


class Work(msgspec.Struct, frozen=True):
    """A work under its key. `others`: it has more authors than are named.

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
    named = _ET_AL.sub("", source.authors)
    names = [_author(name) for name in _AND.split(named) if name]
    return Work(
        key,
        kind,
        arxiv or doi or url,
        source.title,
        url,
        tuple(names),
        others=named != source.authors,
        year=source.year,
        venue=source.venue,
    )


def _author(name: str) -> Author:
    # Of a person a citation has the surname, before which there may be particles.
    *before, _ = name.split()
    return Author(name, is_person=all(word[:1].islower() for word in before))


def _key(source: Source) -> str:
    first = _AND.split(_ET_AL.sub("", source.authors))[0]
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


def bibtex(job: RenderJob) -> str:
    """Return the works, by key."""
    return "\n".join(_entry(work) for work in works(job.composition.references))


def _entry(work: Work) -> str:
    kind = "article" if work.kind == "doi" and work.venue else "misc"
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(work) if value)
    return f"@{kind}{{{work.key},\n{fields}}}\n"


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    """Yield names, and values as they are between braces."""
    authors = [_latex_author(author) for author in work.authors]
    yield "author", " and ".join([*authors, *(["others"] if work.others else [])])
    # The second pair of braces keeps the letter case.
    yield "title", f"{{{latex(work.title)}}}"
    yield "year", str(work.year or "")
    yield ("journal" if work.kind == "doi" else "howpublished"), latex(work.venue)
    if work.kind == "arxiv":
        yield "eprint", work.id
        yield "archiveprefix", "arXiv"
    elif work.kind == "doi":
        yield "doi", quote(work.id, safe=f"{_VERBATIM}<>")
    yield "url", quote(work.url, safe=_VERBATIM)


def _latex_author(author: Author) -> str:
    return latex(author.name) if author.is_person else f"{{{latex(author.name)}}}"


def latex(text: str) -> str:
    """Return a text for LaTeX, accents as commands; what has none stays in Unicode."""
    plain = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    if not _is_balanced(plain):
        plain = plain.translate(_LONE)
    return plain.translate(_LATEX).translate(_LONE_LATEX)


def _is_balanced(text: str) -> bool:
    depths = list(itertools.accumulate((char == "{") - (char == "}") for char in text))
    return not depths or (min(depths) >= 0 and depths[-1] == 0)


def csl_json(job: RenderJob) -> str:
    """Return the works, by key."""
    items = [_item(work) for work in works(job.composition.references)]
    return msgspec.json.format(msgspec.json.encode(items), indent=2).decode() + "\n"


def _item(work: Work) -> dict[str, Any]:
    kind = "article-journal" if work.kind == "doi" and work.venue else _TYPES[work.kind]
    item: dict[str, Any] = {"id": work.key, "type": kind, "title": work.title}
    names = [_name(author) for author in work.authors]
    # CSL has no word for "et al."; pandoc reads this one so.
    names += [{"literal": "others"}] if work.others else []
    if names:
        item["author"] = names
    if work.year:
        item["issued"] = {"date-parts": [[work.year]]}
    if work.venue:
        item["container-title"] = work.venue
    if work.kind == "arxiv":
        item |= {"publisher": "arXiv", "number": f"arXiv:{work.id}"}
    elif work.kind == "doi":
        item["DOI"] = work.id
    return item | {"URL": work.url}


def _name(author: Author) -> dict[str, str]:
    return {"family" if author.is_person else "literal": author.name}

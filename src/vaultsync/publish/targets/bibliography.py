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
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from vaultsync.notes.citation import Source, arxiv_id, canonical_url, doi_of
from vaultsync.publish.compose import Composition

_ET_AL = re.compile(r",?\s+et al\.?$")
_AND = re.compile(r"\s*(?:,\s+and\s+|,\s+|\s+and\s+|\s+&\s+)")
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = re.compile(r"(?:an?|and|are|can|do|does|for|from|how|in|is|of|on|the|to|what|when|why)\Z")
_DIGITS = 6
# What decomposes into no letter of ASCII.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
# Combining marks, and LaTeX's name of each.
_MARKS = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328"
_COMMANDS = "`'^~=u.\"rHvdck"
_COMPOSED = {
    unicodedata.normalize("NFC", letter + mark): f"{{\\{command}{{{letter}}}}}"
    for mark, command in zip(_MARKS, _COMMANDS, strict=True)
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
_LONE = str.maketrans({"{": r"{\textbraceleft}", "}": r"{\textbraceright}"})
_SPACES = re.compile(r"\s+")
# What an address may hold unquoted in a value that is read as it is.
_VERBATIM = "%/:?#[]@!$&'()*+,;=~"
_TYPES = {"arxiv": "article", "doi": "document", "web": "webpage"}


class Work(msgspec.Struct, frozen=True):
    """A work under its key.

    `kind` is `arxiv`, `doi` or `web`, `id` what that is known by: an arXiv id, a DOI, an address.
    """

    key: str
    kind: str
    id: str
    url: str
    source: Source

    @property
    def is_article(self) -> bool:
        """Whether it appeared in a journal."""
        return self.kind == "doi" and bool(self.source.venue)

    @property
    def authors(self) -> list[str]:
        """The names of authors, without "et al."."""
        return [name for name in _names(self.source) if name]

    @property
    def has_others(self) -> bool:
        """Whether it has more authors than are named."""
        return bool(_ET_AL.search(self.source.authors))


def _works(sources: Sequence[Source]) -> list[Work]:
    """Return works by key. Each source must be another work.

    A key is made of author, year and title alone, such as `arditi2024refusal`. Where two works
    have the same, both get a part that is made of what they are known by: whichever order they are
    cited in, keys stay.
    """
    found = []
    count = Counter(map(_key, sources))
    for source in sources:
        key = _key(source)
        if key == "work" or count[key] > 1:
            key += f"-{hashlib.sha256(source.identity.encode()).hexdigest()[:_DIGITS]}"
        arxiv, doi, url = arxiv_id(source.url), doi_of(source.url), canonical_url(source.url)
        kind = "arxiv" if arxiv else "doi" if doi else "web"
        found.append(Work(key, kind, arxiv or doi or url, url, source))
    return sorted(found, key=lambda work: work.key)


def _names(source: Source) -> list[str]:
    return _AND.split(_ET_AL.sub("", source.authors))


def _is_person(name: str) -> bool:
    # Of a person a citation has the surname, before which there may be particles.
    return all(word[:1].islower() for word in name.split()[:-1])


def _key(source: Source) -> str:
    author = "".join(_words(_names(source)[0].rpartition(" ")[2]))
    title = next((word for word in _words(source.title) if not _SMALL.match(word)), "")
    return f"{author}{source.year or ''}{title}" or "work"


def _words(text: str) -> list[str]:
    """Return the words of a text in small letters of ASCII."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return _WORD.findall("".join(one for one in letters if not unicodedata.combining(one)))


def bibtex(post: Composition) -> str:
    """Return the works, by key."""
    return "\n".join(map(_entry, _works(post.references)))


def _entry(work: Work) -> str:
    kind = "article" if work.is_article else "misc"
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(work) if value)
    return f"@{kind}{{{work.key},\n{fields}}}\n"


def _fields(work: Work) -> Iterator[tuple[str, str]]:
    """Yield names, and values as they are between braces."""
    names = [latex(name) if _is_person(name) else f"{{{latex(name)}}}" for name in work.authors]
    yield "author", " and ".join([*names, *(["others"] if work.has_others else [])])
    # The second pair of braces keeps the letter case.
    yield "title", f"{{{latex(work.source.title)}}}"
    yield "year", str(work.source.year or "")
    yield ("journal" if work.kind == "doi" else "howpublished"), latex(work.source.venue)
    if work.kind == "arxiv":
        yield "eprint", work.id
        yield "archiveprefix", "arXiv"
    elif work.kind == "doi":
        yield "doi", quote(work.id, safe=f"{_VERBATIM}<>")
    yield "url", quote(work.url, safe=_VERBATIM)


def latex(text: str) -> str:
    """Return a text for LaTeX, accents as commands; what has none stays in Unicode."""
    plain = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    braces = ((char == "{") - (char == "}") for char in plain)
    depths = list(itertools.accumulate(braces, initial=0))
    is_balanced = min(depths) == depths[-1] == 0
    return plain.translate(_LATEX if is_balanced else _LATEX | _LONE)


def csl_json(post: Composition) -> str:
    """Return the works, by key."""
    items = [_item(work) for work in _works(post.references)]
    return msgspec.json.format(msgspec.json.encode(items), indent=2).decode() + "\n"


def _item(work: Work) -> dict[str, Any]:
    source = work.source
    names = [{"family" if _is_person(name) else "literal": name} for name in work.authors]
    # CSL has no word for "et al."; pandoc reads this one so.
    names += [{"literal": "others"}] if work.has_others else []
    item: dict[str, Any] = {
        "id": work.key,
        "type": "article-journal" if work.is_article else _TYPES[work.kind],
        "title": source.title,
        "author": names,
        "issued": {"date-parts": [[source.year]]} if source.year else None,
        "container-title": source.venue,
        "publisher": "arXiv" if work.kind == "arxiv" else None,
        "number": f"arXiv:{work.id}" if work.kind == "arxiv" else None,
        "DOI": work.id if work.kind == "doi" else None,
        "URL": work.url,
    }
    return {name: value for name, value in item.items() if value}

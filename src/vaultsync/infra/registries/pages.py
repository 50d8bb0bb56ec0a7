"""What a web page shows of a work: whether it is there, and its bibliographic data.

The names of the data are those that Google Scholar reads
(https://scholar.google.com/intl/en/scholar/inclusion.html#indexing).
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import msgspec

_NOT_FOUND = re.compile(
    r"\W*(?:error\W*)?404\b\W*(?:error|not found|page not found|file not found)?\W*(?:[|–—:-].*)?"
    r"|\W*(?:sorry,? )?(?:the |this |your )?(?:requested )?(?:page|content|file|article|post|url)?"
    r" ?(?:was |could |can )?not (?:be )?found\b.*"
    r"|\W*page (?:does not|doesn['’]t) exist\b.*",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_DATES = ("citation_publication_date", "citation_date", "citation_online_date")
_HIDDEN = {"script", "style", "template", "noscript"}
# Inside a word; all other tags end one.
_INLINE = frozenset(
    re.findall(r"\w+", "a abbr b cite code em font i mark q s small span strong sub sup u")
)


class Page(msgspec.Struct, frozen=True):
    """A page: its title, the data of the work on it where it has them, and its text."""

    title: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    abstract: str = ""
    text: str = ""
    heading: str = ""

    @property
    def is_not_found(self) -> bool:
        """Whether the page is one for addresses that do not exist."""
        return bool(_NOT_FOUND.fullmatch(self.heading))


def parse_page(data: bytes) -> Page:
    """Read a page of HTML, whole or its beginning; text in an unknown encoding is replaced."""
    reader = _Reader()
    reader.feed(data.decode(errors="replace"))
    named = reader.named
    year = _YEAR.search(next((named[name][0] for name in _DATES if name in named), ""))
    heading = " ".join("".join(reader.title).split())
    return Page(
        named.get("citation_title", [""])[0],
        tuple(map(_in_order, named.get("citation_author", ()))),
        int(year[0]) if year else None,
        named.get("citation_abstract", [""])[0],
        " ".join("".join(reader.text).split()),
        heading,
    )


def _in_order(name: str) -> str:
    """Return "Ada Lovelace" for "Lovelace, Ada"."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma else name


def leads_home(wanted: str, shown: str) -> bool:
    """Whether an address with a path was answered by the home page of some host."""
    return len(urlsplit(wanted).path) > 1 and urlsplit(shown).path in {"", "/"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.named: dict[str, list[str]] = {}
        self.title: list[str] = []
        self.text: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            found = dict(attrs)
            name, content = found.get("name") or "", " ".join((found.get("content") or "").split())
            if name.startswith("citation_") and content:
                self.named.setdefault(name, []).append(content)
        elif tag in {"title", *_HIDDEN}:
            self._inside.append(tag)
        self._end_word(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            self._inside.remove(tag)
        self._end_word(tag)

    def _end_word(self, tag: str) -> None:
        if tag not in _INLINE:
            self.text.append(" ")

    def handle_data(self, data: str) -> None:
        if "title" in self._inside:
            self.title.append(data)
        elif not self._inside:
            self.text.append(data)

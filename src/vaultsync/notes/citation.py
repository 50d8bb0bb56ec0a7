"""The line of a source in a note, and how works and authors are cited."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from vaultsync.markdown.links import DESTINATION
from vaultsync.notes.source_address import identity

_LINE = re.compile(
    r"(?:(?P<role>[A-Za-z][\w -]*?)\s*:\s+)?"
    rf"\[(?P<title>(?:\\.|\[[^\[\]]*\]|[^\[\]\\])+)\]\((?P<url>{DESTINATION})\)"
    r"(?:,\s*(?P<authors>[^;]*?))?\s*(?:;\s*(?P<rest>.*))?",
    re.DOTALL,
)
_ET_AL = re.compile(r",?\s+et al\.?$")
_AND = re.compile(r"\s*(?:,\s+and\s+|,\s+|\s+and\s+|\s+&\s+)")
_DISPUTES = re.compile(r"disputes\s+(?P<name>.+)", re.IGNORECASE)
_YEAR = re.compile(r"(?P<authors>.*?)\s*\b(?P<year>(?:1[5-9]|20)\d{2})[a-z]?")


_QUOTE = re.compile(r"(?:^[ \t]*>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_QUOTE_MARK = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_QUOTED = re.compile(r"[\"“](?P<text>.+?)[\"”][^\"”“]*", re.DOTALL)


class Source(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """One line of a list of sources: `role: [title](url), authors year; detail; disputes name`.

    A work that it disputes is named as it is cited, such as "Lee 2021".
    """

    role: str
    title: str
    url: str
    authors: str = ""
    year: int | None = None
    details: tuple[str, ...] = ()
    disputes: tuple[str, ...] = ()

    @property
    def cite(self) -> str:
        """The short form of a reference, such as "Arditi et al. 2024"."""
        year = f" {self.year}" if self.authors and self.year else ""
        return (self.authors or self.title) + year

    @property
    def venue(self) -> str:
        """Where it appeared."""
        return venue_of(self.details)

    @property
    def identity(self) -> str:
        """What is the same for all ways to write the address of one work."""
        return identity(self.url)

    def is_cited_as(self, name: str) -> bool:
        """Whether one or more of its authors, and its year, are what a text names."""
        wanted, year = _dated(name.casefold())
        known = author_names(self.authors.casefold())[0] or (self.title.casefold(),)
        named = author_names(wanted)[0]
        return bool(named) and {*named} <= {*known} and year in {None, self.year}

    def disputed(self, sources: Iterable[Source]) -> list[Source]:
        """Return those of a note's sources that this one disputes."""
        others = [other for other in sources if other.identity != self.identity]
        return [other for other in others if any(map(other.is_cited_as, self.disputes))]


def venue_of(details: tuple[str, ...]) -> str:
    """Return the first detail, "" where it is alone and a place in the work, as "page 2" is."""
    first = details[0] if details else ""
    return first if len(details) > 1 or first[:1].isupper() else ""


def parse_source(text: str) -> Source | None:
    """Read the text of a list item as a source; None where it has no link in its place."""
    found = _LINE.fullmatch(" ".join(text.split()))
    if found is None:
        return None
    authors, year = _dated((found["authors"] or "").strip())
    parts = [part.strip() for part in (found["rest"] or "").split(";") if part.strip()]
    disputes = [match["name"] for part in parts if (match := _DISPUTES.fullmatch(part))]
    details = tuple(part for part in parts if not _DISPUTES.fullmatch(part))
    title = re.sub(r"\\([\[\]\\])", r"\1", found["title"])
    role = (found["role"] or "").strip().lower()
    url = found["url"].strip("<>")
    return Source(role, title, url, authors, year, details, tuple(disputes))


def _dated(authors: str) -> tuple[str, int | None]:
    """Return authors and the year behind them."""
    dated = _YEAR.fullmatch(authors)
    return (dated["authors"].rstrip(", "), int(dated["year"])) if dated else (authors, None)


def quotations(below: str) -> tuple[str, ...]:
    """Return the texts in quotation marks of the quotes (`> "..."`) below the line of a source."""
    quotes = (_QUOTE_MARK.sub("", quote).strip() for quote in _QUOTE.findall(below))
    found = map(_QUOTED.fullmatch, quotes)
    return tuple(" ".join(match["text"].split()) for match in found if match)


def source_line(source: Source) -> str:
    """Write a source as the text of a list item."""
    title = re.sub(r"([\[\]\\])", r"\\\1", source.title)
    url = f"<{source.url}>" if re.search(r"[()\s]", source.url) else source.url
    cite = " ".join(filter(None, [source.authors, str(source.year or "")]))
    role = f"{source.role}: " if source.role else ""
    link = f"{role}[{title}]({url})" + (f", {cite}" if cite else "")
    disputes = (f"disputes {name}" for name in source.disputes)
    return "; ".join([link, *source.details, *disputes])


def author_names(authors: str) -> tuple[tuple[str, ...], bool]:
    """Return the names of authors as they are cited, and whether there are more: "et al."."""
    named = _ET_AL.sub("", authors)
    return tuple(filter(None, _AND.split(named))), named != authors


def surname(name: str) -> str:
    """Return the surname in a full name: the last word and the particles before it."""
    words = name.split()
    start = max(len(words) - 1, 0)
    while start > 1 and words[start - 1][:1].islower():
        start -= 1
    return " ".join(words[start:])


def format_authors(authors: tuple[str, ...]) -> str:
    """Return how authors are cited: one or both of two, or the first of more with "et al."."""
    first, *others = map(surname, authors) if authors else ("",)
    return f"{first} et al." if len(others) > 1 else " & ".join([first, *others])

"""Crossref's records of works with a DOI (https://api.crossref.org/swagger-ui/index.html)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import quote

import msgspec

from vaultsync.infra.registries.http import LookupFailed, Response, whole_body

_MARKUP = re.compile(
    r"</?(?:i|b|em|strong|sub|sup|scp|sc|tt|u|span|(?:mml|jats):\w+)(?:\s[^<>]*)?/?>"
)


_NOT_FOUND = 404


class Update(msgspec.Struct, frozen=True):
    """A notice about a work, or the work that a notice is about: its kind, such as retraction."""

    type: str = ""
    doi: str = msgspec.field(default="", name="DOI")


class Publication(msgspec.Struct, frozen=True):
    """A work as Crossref has it, authors in order by full name.

    `notices` are those about it, and `is_notice_of` are the works that it is itself a notice of.
    """

    title: str
    authors: tuple[str, ...]
    year: int | None
    abstract: str = ""
    notices: tuple[Update, ...] = ()
    is_notice_of: tuple[Update, ...] = ()


class _Author(msgspec.Struct):
    given: str = ""
    family: str = ""
    name: str = ""


class _Date(msgspec.Struct, rename="kebab"):
    date_parts: list[list[int | None]] = []


class _Message(msgspec.Struct, rename="kebab"):
    title: list[str] = []
    author: list[_Author] = []
    issued: _Date = msgspec.field(default_factory=_Date)
    abstract: str = ""
    updated_by: tuple[Update, ...] = ()
    update_to: tuple[Update, ...] = ()


class _Answer(msgspec.Struct):
    message: _Message


def publication(doi: str, address: str, request: Callable[[str], Response]) -> Publication | None:
    """Return what Crossref has for a DOI, which is appended to the address; None for nothing.

    Raises `LookupFailed` where it sends something that is not a work.
    """
    response = request(address + quote(doi, safe=""))
    if response.status == _NOT_FOUND:
        return None
    data = whole_body(response)
    try:
        message = msgspec.json.decode(data, type=_Answer).message
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LookupFailed(f"Crossref answered something that is not a work: {error}") from None
    title = _plain(next(iter(message.title), ""))
    if not title:
        raise LookupFailed(f"Crossref has no title for {doi}")
    names = (_words(f"{one.given} {one.family}") or _words(one.name) for one in message.author)
    year = next((part for parts in message.issued.date_parts for part in parts[:1]), None)
    authors = tuple(filter(None, names))
    abstract = _plain(message.abstract)
    return Publication(title, authors, year, abstract, message.updated_by, message.update_to)


def _plain(text: str) -> str:
    """Return a text without the `<i>` and `&amp;` with which titles and abstracts come."""
    return _words(html.unescape(_MARKUP.sub("", text)))


def _words(text: str) -> str:
    return " ".join(text.split())

"""arXiv's records of preprints (https://info.arxiv.org/help/api/user-manual.html)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote
from xml.etree import ElementTree as ET

import msgspec

from vaultsync.infra.registries.http import LookupFailed

_ATOM = "{http://www.w3.org/2005/Atom}"
# http://www.opensearch.org/Specifications/OpenSearch/1.1
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_OWN = "{http://arxiv.org/schemas/atom}"
_ID = re.compile(r"https?://arxiv\.org/abs/(?P<id>.+?)(?:v(?P<version>\d+))?")


class Preprint(msgspec.Struct, frozen=True):
    """A preprint as arXiv has it, in its latest version, authors in order by full name."""

    id: str
    version: int | None
    title: str
    authors: tuple[str, ...]
    year: int | None
    abstract: str = ""
    comment: str = ""
    journal: str = ""


def preprints(
    ids: Sequence[str], address: str, get: Callable[[str], bytes]
) -> dict[str, Preprint | None]:
    """Return what arXiv has for ids, in lower case and without versions; None for nothing.

    The address takes a query string, and `get` returns the body behind an address. Raises
    `LookupFailed` where arXiv sends something else than a feed of them.
    """
    listed = quote(",".join(ids), safe=",/")
    found = {
        one.id.lower(): one
        for one in _parse(get(f"{address}?id_list={listed}&max_results={len(ids)}"))
    }
    return {identity.lower(): found.get(identity.lower()) for identity in ids}


def is_unknown(identity: str, address: str, get: Callable[[str], bytes]) -> bool:
    """Whether arXiv's own answer to a request for one id is that there is no such preprint."""
    feed = _feed(get(f"{address}?id_list={quote(identity, safe='/')}&max_results=1"))
    titles = [_words(entry.findtext(f"{_ATOM}title")) for entry in feed.iterfind(f"{_ATOM}entry")]
    return titles == ["Error"] or (not titles and feed.findtext(_TOTAL, "").strip() == "0")


def _parse(data: bytes) -> Iterator[Preprint]:
    for entry in _feed(data).iterfind(f"{_ATOM}entry"):
        found = _ID.fullmatch(_words(entry.findtext(f"{_ATOM}id")))
        title = _words(entry.findtext(f"{_ATOM}title"))
        if found and title not in {"", "Error"}:
            names = (_words(name.text) for name in entry.iterfind(f"{_ATOM}author/{_ATOM}name"))
            year = re.match(r"\d{4}", entry.findtext(f"{_ATOM}published") or "")
            yield Preprint(
                found["id"],
                int(found["version"]) if found["version"] else None,
                title,
                tuple(filter(None, names)),
                int(year[0]) if year else None,
                _words(entry.findtext(f"{_ATOM}summary")),
                _words(entry.findtext(f"{_OWN}comment")),
                _words(entry.findtext(f"{_OWN}journal_ref")),
            )


def _feed(data: bytes) -> ET.Element:
    """Parse Atom. A document type could define entities that grow without bound: none is read."""
    try:
        text = data.decode("utf-8")
        if "<!DOCTYPE" in text:
            raise LookupFailed("arXiv answered with a document type, which no feed has")
        feed = ET.fromstring(text)  # noqa: S314
    except (ET.ParseError, UnicodeDecodeError, ValueError) as error:
        raise LookupFailed(f"arXiv answered something that is not a feed: {error}") from None
    if feed.tag != f"{_ATOM}feed":
        raise LookupFailed("arXiv answered something that is not a feed")
    return feed


def _words(text: str | None) -> str:
    return " ".join((text or "").split())

"""Looking up a work at arXiv or Crossref over HTTP."""

from __future__ import annotations

import html
import ipaddress
import re
import socket
import threading
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

import msgspec

from vaultsync import __version__
from vaultsync.core.config import WebSettings
from vaultsync.core.errors import VaultsyncError
from vaultsync.notes.source_address import arxiv_id, canonical_url, doi_of

if TYPE_CHECKING:
    import httpx

_LIMIT = 1 << 20
# Seconds beyond the timeout in which its own message may come.
_GRACE = 1.0
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV_DOI = "10.48550/arxiv."
_MARKUP = re.compile(
    r"</?(?:i|b|em|strong|sub|sup|scp|sc|tt|u|span|(?:mml|jats):\w+)(?:\s[^<>]*)?/?>"
)


class LookupFailed(VaultsyncError):  # noqa: N818 - the name is the message
    """A registry could not be reached, does not know the work, or sent something else."""


class Work(msgspec.Struct, frozen=True):
    """A work as a registry has it: authors in order by full name, `url` the page to cite."""

    title: str
    authors: tuple[str, ...]
    year: int | None
    url: str


class _Author(msgspec.Struct):
    given: str = ""
    family: str = ""
    name: str = ""


class _Date(msgspec.Struct, rename="kebab"):
    date_parts: list[list[int | None]] = []


class _Message(msgspec.Struct):
    title: list[str] = []
    author: list[_Author] = []
    issued: _Date = msgspec.field(default_factory=_Date)


class _Answer(msgspec.Struct):
    message: _Message


def lookup(url: str, settings: WebSettings) -> Work:
    """Return what is known of the work at an arXiv address or with a DOI.

    The address of arXiv takes a query string, that of Crossref has the DOI appended. The timeout
    holds to connect, to the first byte, and for the response as a whole.
    Raises `LookupFailed`, whatever goes wrong, with a reason of one line.
    """
    doi = doi_of(url)
    # arXiv's own DOIs are registered elsewhere than at Crossref.
    arxiv = arxiv_id(url) or (doi and doi.startswith(_ARXIV_DOI) and doi[len(_ARXIV_DOI) :])
    if arxiv:
        return _at_arxiv(arxiv, settings)
    if doi:
        return _at_crossref(doi, settings)
    raise LookupFailed(f"{url}: neither an arXiv address nor a DOI")


def _at_arxiv(identity: str, settings: WebSettings) -> Work:
    """Query arXiv (https://info.arxiv.org/help/api/user-manual.html)."""
    data = _fetch(f"{settings.arxiv}?id_list={quote(identity)}&max_results=1", settings.timeout)
    entry = _feed(data).find(f"{_ATOM}entry")
    title = "" if entry is None else _words(entry.findtext(f"{_ATOM}title"))
    if entry is None or title in ("", "Error"):
        raise LookupFailed(f"arXiv knows no {identity}")
    names = (_words(name.text) for name in entry.iterfind(f"{_ATOM}author/{_ATOM}name"))
    year = re.match(r"\d{4}", entry.findtext(f"{_ATOM}published") or "")
    authors = tuple(filter(None, names))
    url = canonical_url(f"https://arxiv.org/abs/{identity}")
    return Work(title, authors, int(year[0]) if year else None, url)


def _feed(data: bytes) -> ET.Element:
    """Parse Atom. A document type could define entities that grow without bound: none is read."""
    try:
        text = data.decode("utf-8")
        if "<!DOCTYPE" in text:
            raise LookupFailed("arXiv answered with a document type, which no feed has")
        return ET.fromstring(text)  # noqa: S314
    except (ET.ParseError, UnicodeDecodeError, ValueError) as error:
        raise LookupFailed(f"arXiv answered something that is not a feed: {error}") from None


def _at_crossref(doi: str, settings: WebSettings) -> Work:
    """Query Crossref (https://api.crossref.org/swagger-ui/index.html, `/works/{doi}`)."""
    data = _fetch(settings.doi + quote(doi, safe=""), settings.timeout)
    try:
        message = msgspec.json.decode(data, type=_Answer).message
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LookupFailed(f"Crossref answered something that is not a work: {error}") from None
    # Titles come with `<i>` and `&amp;`.
    title = _words(html.unescape(_MARKUP.sub("", next(iter(message.title), ""))))
    if not title:
        raise LookupFailed(f"Crossref has no title for {doi}")
    names = (_words(f"{one.given} {one.family}") or _words(one.name) for one in message.author)
    year = next((part for parts in message.issued.date_parts for part in parts[:1]), None)
    return Work(title, tuple(filter(None, names)), year, canonical_url(f"https://doi.org/{doi}"))


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _fetch(address: str, timeout: float) -> bytes:
    """Return the body of the response to a GET; the thread of one that never ends is left."""
    answers: SimpleQueue[bytes | BaseException] = SimpleQueue()

    def get() -> None:
        try:
            answers.put(_get(address, timeout))
        except BaseException as error:  # noqa: BLE001 - raised in the other thread
            answers.put(error)

    threading.Thread(target=get, daemon=True).start()
    try:
        # A server that sends its headers byte by byte meets every timeout of a single read.
        answer = answers.get(timeout=timeout + _GRACE)
    except Empty:
        raise LookupFailed(f"{_host(address)}: the answer came too slowly") from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


def _get(address: str, timeout: float) -> bytes:
    import httpx

    headers = {"User-Agent": f"vaultsync/{__version__}", "Accept-Encoding": "identity"}
    deadline = time.monotonic() + timeout

    def refuse(request: httpx.Request) -> None:
        if request.url.host != httpx.URL(address).host and _is_private(request.url.host):
            raise LookupFailed(
                f"{_host(address)}: redirects to {request.url.host}, not a public host"
            )

    try:
        with (
            httpx.Client(
                headers=headers,
                timeout=timeout,
                follow_redirects=True,
                max_redirects=5,
                event_hooks={"request": [refuse]},
            ) as client,
            client.stream("GET", address) as response,
        ):
            return _body(response, deadline)
    except httpx.TimeoutException:
        raise LookupFailed(f"{_host(address)} gave no answer in {timeout:g} seconds") from None
    # Errors that a proxy or a certificate in the environment causes are not all httpx's own.
    except (httpx.HTTPError, httpx.InvalidURL, ImportError, OSError, ValueError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise LookupFailed(f"{_host(address)} was not reached ({reason})") from None


def _is_private(host: str) -> bool:
    """Whether a name leads to a machine that is not on the public network."""
    found = socket.getaddrinfo(host, None)
    return not all(ipaddress.ip_address(str(one[4][0])).is_global for one in found)


def _host(address: str) -> str:
    """Return the host that an address names; the address where it names none."""
    try:
        return urlsplit(address).netloc or address
    except ValueError:
        return address


def _body(response: httpx.Response, deadline: float) -> bytes:
    if not response.is_success:
        status = f"{response.status_code} {response.reason_phrase}".strip()
        raise LookupFailed(f"{response.url}: the answer was {status}")
    packed = response.headers.get("Content-Encoding", "identity")
    if packed.strip().lower() != "identity":
        # Unpacked, a few bytes may fill the memory.
        raise LookupFailed(f"{response.url}: the answer is packed ({packed}), as was not requested")
    data = bytearray()
    for part in response.iter_raw():
        data += part
        if len(data) > _LIMIT:
            raise LookupFailed(f"{response.url}: the answer is longer than {_LIMIT} bytes")
        if time.monotonic() > deadline:
            raise LookupFailed(f"{response.url}: the answer came too slowly")
    return bytes(data)

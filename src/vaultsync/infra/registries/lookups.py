"""Looking up the sources of a vault: at registries where there is one, else at their pages."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import groupby, islice
from queue import SimpleQueue
from urllib.parse import quote

import msgspec

from vaultsync.core.config import WebSettings
from vaultsync.infra.registries.arxiv import Preprint, is_unknown, preprints
from vaultsync.infra.registries.crossref import Publication, publication
from vaultsync.infra.registries.http import LookupFailed, host_of
from vaultsync.infra.registries.pages import Page, leads_home, parse_page
from vaultsync.infra.registries.polite import Client
from vaultsync.notes.source_address import arxiv_id, canonical_url, doi_of
from vaultsync.notes.source_lock import SourceRecord, quotation_digest
from vaultsync.notes.source_wording import Status, read_comment, read_title

# arXiv returns no more than so many with one request that is quick for it.
_BATCH = 50
_GONE = {404, 410}
# What a page is read of; of other files it is enough that they are there.
_READ = {"", "text/html", "application/xhtml+xml"}
# Not a setting: a vault from elsewhere must not choose who gets the user's key.
_OPENALEX_KEY, _OPENALEX_ADDRESS = "VAULTSYNC_OPENALEX_KEY", "VAULTSYNC_OPENALEX_ADDRESS"
_OPENALEX = "https://api.openalex.org/works/doi:"
_NOTICES = {
    "retraction": "retracted",
    "partial_retraction": "retracted",
    "removal": "retracted",
    "withdrawal": "withdrawn",
}


class Wanted(msgspec.Struct, frozen=True):
    """A source to look up: its identity, its address, and what notes quote from it."""

    id: str
    url: str
    quotations: tuple[str, ...] = ()


def look_up(
    sources: Sequence[Wanted],
    settings: WebSettings,
    *,
    private: bool = False,
    stops: bool = False,
) -> Iterator[SourceRecord]:
    """Yield what is found of each source, as it comes; "unknown" where that cannot be seen.

    Hosts are looked at side by side, each with the spacing of the settings. `private`: hosts that
    are not public, too. `stops`: raise `LookupFailed`, and yield nothing, where none of several
    hosts is reached; a single one may be gone.
    """
    hosts = {_first_host(one, settings) for one in sources}
    client = Client(settings, private=private, hosts=hosts if stops and len(hosts) > 1 else ())
    found: SimpleQueue[SourceRecord | None] = SimpleQueue()
    jobs = [*_jobs(sources, client, settings)]
    threads = [threading.Thread(target=_run, args=(job, found), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    held = list[SourceRecord]()
    try:
        for _ in threads:
            while record := found.get():
                held.append(record)
                if client.reached:
                    yield from held
                    held.clear()
        if client.offline:
            raise LookupFailed(
                f"no source was looked up: {client.offline}, nor any other host: check the "
                "network, then run the command again"
            )
        yield from held
    finally:
        client.stop()


def _first_host(source: Wanted, settings: WebSettings) -> str:
    """Return the host of the first request about a source."""
    if arxiv_id(source.url):
        return host_of(settings.arxiv).lower()
    return host_of(settings.handles if doi_of(source.url) else source.url).lower()


Job = Callable[[], Iterator[SourceRecord]]
Look = Callable[[Wanted, Client, WebSettings], SourceRecord]


def _run(job: Job, found: SimpleQueue[SourceRecord | None]) -> None:
    try:
        for record in job():
            found.put(record)
    finally:
        found.put(None)


def _jobs(sources: Iterable[Wanted], client: Client, settings: WebSettings) -> Iterator[Job]:
    """Yield one job for each host that is asked."""

    def host(source: Wanted) -> str:
        if arxiv_id(source.url):
            return settings.arxiv
        return settings.doi if doi_of(source.url) else host_of(source.url).lower()

    for name, group in groupby(sorted(sources, key=host), host):
        wanted = tuple(group)
        if name == settings.arxiv:
            yield partial(_preprints, wanted, client, settings)
        else:
            look = _registered if name == settings.doi else _page
            yield partial(_one_by_one, look, wanted, client, settings)


def _one_by_one(
    look: Look, sources: Iterable[Wanted], client: Client, settings: WebSettings
) -> Iterator[SourceRecord]:
    for source in sources:
        yield _safely(look, source, client, settings)


def _safely(look: Look, source: Wanted, client: Client, settings: WebSettings) -> SourceRecord:
    """Return what was found; "unknown" with the reason where it could not be looked up."""
    try:
        return look(source, client, settings)
    except LookupFailed as failure:
        return SourceRecord(source.id, "unknown", reason=str(failure))


def _record(source: Wanted, status: Status | None, **facts: object) -> SourceRecord:
    state, reason = status or ("ok", "")
    record = SourceRecord(source.id, state, reason=reason)
    return msgspec.structs.replace(record, **facts)


def _preprints(
    sources: Sequence[Wanted], client: Client, settings: WebSettings
) -> Iterator[SourceRecord]:
    rest = iter(sources)
    while batch := {str(arxiv_id(one.url)).lower(): one for one in islice(rest, _BATCH)}:
        try:
            known = preprints([*batch], settings.arxiv, client.body)
        except LookupFailed as failure:
            reason = str(failure)
            yield from (SourceRecord(one.id, "unknown", reason=reason) for one in batch.values())
            continue
        for identity, preprint in known.items():
            source = batch[identity]
            found = _preprint(source, preprint) if preprint else None
            yield found or _safely(_absent, source, client, settings)


def _absent(source: Wanted, client: Client, settings: WebSettings) -> SourceRecord:
    """Return the record of a preprint that was not in arXiv's answer: it was, or is, not there."""
    identity = str(arxiv_id(source.url))
    if is_unknown(identity, settings.arxiv, client.body):
        return SourceRecord(source.id, "dead", reason="arXiv does not know this id")
    return SourceRecord(source.id, "unknown", reason="arXiv's answer lacked this id")


def _preprint(source: Wanted, found: Preprint) -> SourceRecord:
    first = found.abstract.partition(". ")[0]
    status = read_comment(found.comment) or read_comment(first) or read_title(found.title)
    return _record(
        source,
        status,
        version=found.version,
        title=found.title,
        authors=found.authors,
        year=found.year,
        abstract=found.abstract,
    )


def _registered(source: Wanted, client: Client, settings: WebSettings) -> SourceRecord:
    doi = str(doi_of(source.url))
    handle = client.request(settings.handles + quote(doi))
    if handle.status in _GONE:
        return SourceRecord(source.id, "dead", reason="doi.org does not know this DOI")
    if not handle.is_success:
        answer = f"{handle.status} {handle.reason}".strip()
        raise LookupFailed(f"{host_of(settings.handles)}: the answer was {answer}")
    found = publication(doi, settings.doi, client.request)
    if found is None:
        return _record(source, None)
    status = _notice(found) or read_title(found.title) or _at_openalex(doi, client)
    return _record(
        source,
        status,
        title=found.title,
        authors=found.authors,
        year=found.year,
        digest=_digest(found.abstract),
        quotations=_quoted(source, f"{found.title}\n{found.abstract}"),
    )


def _notice(found: Publication) -> Status | None:
    """Return what notices say: those about the work, or the work that is one itself."""
    for notice in found.notices:
        if state := _NOTICES.get(notice.type.lower()):
            return Status(state, f"{notice.type} {notice.doi}".strip())  # type: ignore[arg-type]
    for about in found.is_notice_of:
        if state := _NOTICES.get(about.type.lower()):
            return Status(state, f"is itself the {about.type} of {about.doi}")  # type: ignore[arg-type]
    return None


def _at_openalex(doi: str, client: Client) -> Status | None:
    """Return whether OpenAlex counts a work as retracted, where the user has a key."""
    key = os.environ.get(_OPENALEX_KEY)
    address = os.environ.get(_OPENALEX_ADDRESS, _OPENALEX)
    if not key:
        return None
    response = client.request(f"{address}{quote(doi)}?api_key={quote(key)}")
    if not response.is_success:
        return None
    try:
        work = msgspec.json.decode(response.body, type=dict[str, object])
    except msgspec.DecodeError:
        return None
    return Status("retracted", "OpenAlex") if work.get("is_retracted") is True else None


def _page(source: Wanted, client: Client, _settings: WebSettings) -> SourceRecord:
    # Some servers refuse HEAD, or answer it as if nothing was there.
    with suppress(LookupFailed):
        head = client.request(source.url, "HEAD", foreign=True)
        if head.is_success and head.media not in _READ:
            return _record(source, None)
    response = client.request(source.url, foreign=True)
    if response.status in _GONE:
        return SourceRecord(source.id, "dead", reason=f"the answer was {response.status}")
    if not response.is_success:
        status = f"{response.status} {response.reason}".strip()
        return SourceRecord(source.id, "unknown", reason=f"the answer was {status}")
    if leads_home(source.url, response.url):
        return SourceRecord(source.id, "unknown", reason="it leads to the home page of its host")
    page = parse_page(response.body)
    if page.is_not_found:
        return SourceRecord(source.id, "dead", reason=f"its page is titled {page.heading!r}")
    return _of_page(source, page)


def _of_page(source: Wanted, page: Page) -> SourceRecord:
    return _record(
        source,
        read_title(page.title),
        title=page.title,
        authors=page.authors,
        year=page.year,
        digest=_digest(page.abstract),
        quotations=_quoted(source, page.text),
    )


def _digest(abstract: str) -> str:
    return hashlib.sha256(abstract.encode()).hexdigest()[:16] if abstract else ""


def _quoted(source: Wanted, text: str) -> tuple[str, ...]:
    """Return the digests of the quotations that are in a text."""
    whole = SourceRecord(source.id, abstract=text)
    found = {quotation_digest(one) for one in source.quotations if whole.quotes(one)}
    return tuple(sorted(found))


def archived(url: str, client: Client, settings: WebSettings) -> str | None:
    """Return the address of the Wayback Machine's copy of a page, None where it has none.

    Source: https://archive.org/help/wayback_api.php.
    """
    body = client.body(f"{settings.archive}{quote(canonical_url(url), safe='')}")
    try:
        answer = msgspec.json.decode(body, type=_Availability)
    except msgspec.DecodeError:
        raise LookupFailed("the Wayback Machine answered something else") from None
    closest = answer.archived_snapshots.get("closest")
    if closest is None or not closest.available:
        return None
    return f"https://{closest.url.partition('://')[2]}"


class _Snapshot(msgspec.Struct):
    url: str
    available: bool = False


class _Availability(msgspec.Struct):
    archived_snapshots: Mapping[str, _Snapshot] = {}

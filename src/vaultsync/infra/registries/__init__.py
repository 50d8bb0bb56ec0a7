"""Looking up a work at arXiv or Crossref over HTTP."""

from __future__ import annotations

from functools import partial

import msgspec

from vaultsync.core.config import WebSettings
from vaultsync.infra.registries.arxiv import preprints
from vaultsync.infra.registries.crossref import publication
from vaultsync.infra.registries.http import Limits, LookupFailed, fetch, whole_body
from vaultsync.notes.source_address import arxiv_id, canonical_url, doi_of

_ARXIV_DOI = "10.48550/arxiv."


class Work(msgspec.Struct, frozen=True):
    """A work as a registry has it: authors in order by full name, `url` the page to cite."""

    title: str
    authors: tuple[str, ...]
    year: int | None
    url: str


def lookup(url: str, settings: WebSettings) -> Work:
    """Return what is known of the work at an arXiv address or with a DOI.

    The address of arXiv takes a query string, that of Crossref has the DOI appended. The timeout
    holds to connect, to the first byte, and for the response as a whole.
    Raises `LookupFailed`, whatever goes wrong, with a reason of one line.
    """
    request = partial(fetch, limits=Limits(settings.timeout))
    doi = doi_of(url)
    # arXiv's own DOIs are registered elsewhere than at Crossref.
    if arxiv := arxiv_id(url) or (doi and doi.startswith(_ARXIV_DOI) and doi[len(_ARXIV_DOI) :]):
        listed = preprints([arxiv], settings.arxiv, lambda address: whole_body(request(address)))
        found = listed[arxiv.lower()]
        if found is None:
            raise LookupFailed(f"arXiv knows no {arxiv}")
        page = canonical_url(f"https://arxiv.org/abs/{arxiv}")
        return Work(found.title, found.authors, found.year, page)
    if doi:
        known = publication(doi, settings.doi, request)
        if known is None:
            raise LookupFailed(f"Crossref knows no {doi}")
        return Work(known.title, known.authors, known.year, canonical_url(f"https://doi.org/{doi}"))
    raise LookupFailed(f"{url}: neither an arXiv address nor a DOI")

"""Addresses of works: the canonical one of each, and what is the same for all of them.

The forms are those of arXiv (https://info.arxiv.org/help/arxiv_identifier.html), DOIs
(https://www.doi.org/doi-handbook/), OpenReview, LessWrong and the Alignment Forum, the ACL
Anthology (https://aclanthology.org/info/ids/) and PMLR; others are normalised as RFC 3986, section
6, has it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from urllib.parse import quote, unquote, urlsplit, urlunsplit

_ARXIV_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})"
_ARXIV = re.compile(
    r"(?:(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:\s*"
    r"|(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?10\.48550/arxiv\.)"
    rf"(?P<id>{_ARXIV_ID})(?:v(?P<version>\d+))?(?:\.pdf)?/?(?:[?#].*)?",
    re.IGNORECASE,
)
_DOI = re.compile(
    r"(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?(?P<doi>10\.\d{4,9}/[^\s?#]+)(?:[?#]\S*)?",
    re.IGNORECASE,
)
_DOI_MARKS = "/:;(),.-_"
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|ref_src", re.IGNORECASE)
_ACL_ID = r"[A-Z]\d{2}-\d{4,5}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+"
_POST = r"(?P<id>\w{17}(?!\w))(?P<slug>/[^/?#]+)?"
# A host and path that a work has, and its canonical form.
_HOMES = tuple(
    (re.compile(rf"(?:https?://)?(?:www\.)?{pattern}", re.IGNORECASE), canonical)
    for pattern, canonical in (
        (
            (
                r"openreview\.net/(?:forum|pdf|attachment|references/pdf)\?(?:[^#]*&)?"
                r"id=(?P<id>[\w-]+)(?P<slug>)(?:[&#].*)?"
            ),
            "https://openreview.net/forum?id={id}",
        ),
        (
            (
                r"(?:lesswrong\.com|greaterwrong\.com|alignmentforum\.org)/"
                rf"(?:posts|s/\w+/p)/{_POST}/?(?:[?#].*)?"
            ),
            "https://www.lesswrong.com/posts/{id}{slug}",
        ),
        (
            (
                rf"(?:aclanthology\.org|aclweb\.org/anthology|aclanthology\.info/papers)/(?:papers/)?"
                rf"(?P<id>{_ACL_ID})(?P<slug>)(?:v\d+)?(?:\.pdf)?(?:/[^?#]*)?(?:[?#].*)?"
            ),
            "https://aclanthology.org/{id}/",
        ),
        (
            (
                r"proceedings\.mlr\.press/v(?P<id>\d+/[\w-]+?)(?P<slug>)"
                r"(?:\.html|/[\w-]+\.pdf)(?:[?#].*)?"
            ),
            "https://proceedings.mlr.press/v{id}.html",
        ),
    )
)
# A copy of a page (https://archive.org/help/wayback_api.php).
_ARCHIVED = re.compile(r"^https?://web\.archive\.org/web/\d+[a-z_]*/(?=https?:)", re.IGNORECASE)
_ACL_DOI = re.compile(rf"10\.18653/v1/(?P<id>{_ACL_ID})", re.IGNORECASE)
_PORTS = {"http": ":80", "https": ":443"}
# https://www.rfc-editor.org/rfc/rfc3986#section-2.3
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")


def arxiv_id(text: str) -> str | None:
    """Return the arXiv id in an address or in `arXiv:...`, without its version."""
    found = _ARXIV.fullmatch(text.strip())
    return found["id"] if found else None


def arxiv_version(text: str) -> int | None:
    """Return the version that an address of arXiv names, if any."""
    found = _ARXIV.fullmatch(text.strip())
    return int(found["version"]) if found and found["version"] else None


def doi_of(text: str) -> str | None:
    """Return the DOI in an address, in `doi:...` or alone, in lower case."""
    found = _DOI.fullmatch(text.strip())
    return unquote(found["doi"]).lower() if found else None


def canonical_url(url: str) -> str:
    """Return the address to cite: a registry's page, or the address without tracking."""
    if arxiv := arxiv_id(url):
        return f"https://arxiv.org/abs/{arxiv}"
    if doi := doi_of(url):
        acl = _ACL_DOI.fullmatch(doi)
        return _acl(acl["id"]) if acl else f"https://doi.org/{quote(doi, safe=_DOI_MARKS)}"
    return next(_at_homes(url.strip()), None) or _normalized(url.strip())


def _at_homes(url: str) -> Iterator[str]:
    for pattern, canonical in _HOMES:
        if found := pattern.fullmatch(url):
            yield canonical.format(id=found["id"], slug=found["slug"] or "")


def _acl(identity: str) -> str:
    # The letter of an old id is a capital one.
    return f"https://aclanthology.org/{identity[:1].upper()}{identity[1:]}/"


def _normalized(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")
    except ValueError:
        return url
    if parts.scheme not in _PORTS or not host[2]:
        return url
    netloc = "".join(host[:2]) + host[2].lower().removesuffix(_PORTS[parts.scheme])
    pairs = parts.query.split("&")
    query = "&".join(one for one in pairs if not _TRACKING.fullmatch(one.partition("=")[0]))
    kept = parts._replace(netloc=netloc, query=query, path=_ESCAPE.sub(_escape, parts.path))
    return urlunsplit(kept)


def _escape(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if _UNRESERVED.fullmatch(character) else escape[0].upper()


# A work is cited by many notes, and each target of the post needs its identity.
@functools.lru_cache(maxsize=4096)
def identity(url: str) -> str:
    """Return a text that is equal for two addresses of one work, or of archived copies of it."""
    work = _ARCHIVED.sub("", url.strip())
    bare = re.sub(r"^https?://(?:www\.)?", "", canonical_url(work), flags=re.IGNORECASE)
    host, slash, path = bare.split("#")[0].rstrip("/").partition("/")
    host = host.lower()
    if host == "lesswrong.com":
        path = "/".join(path.split("/")[:2])
    # Elsewhere two works may differ in the case of the path only.
    return host + slash + (path.lower() if host in {"arxiv.org", "doi.org"} else path)


def is_archived(url: str) -> bool:
    """Whether an address is that of a copy at the Wayback Machine."""
    return bool(_ARCHIVED.match(url.strip()))


def loses_place(url: str) -> bool:
    """Whether an address has a version or a place in a work that its canonical form lacks."""
    wanted = canonical_url(url)
    version = arxiv_version(url) is not None
    place = "#" in url and "#" not in wanted
    return version or place or (bool(_COMMENT.search(url)) and not _COMMENT.search(wanted))


_COMMENT = re.compile(r"[?&](?:commentId|noteId)=", re.IGNORECASE)

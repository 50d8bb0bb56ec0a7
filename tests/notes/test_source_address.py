from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaultsync.notes.source_address import (
    arxiv_id,
    canonical_url,
    doi_of,
    identity,
    is_archived,
    loses_place,
)

ARXIV = [
    "https://arxiv.org/abs/2406.11717",
    "http://arxiv.org/abs/2406.11717v2",
    "https://arxiv.org/pdf/2406.11717v3.pdf",
    "https://www.arxiv.org/html/2406.11717#S3",
    "https://export.arxiv.org/abs/2406.11717/?context=cs",
    "arxiv.org/abs/2406.11717",
    "arXiv:2406.11717",
    "arxiv: 2406.11717v1",
    " arXiv:2406.11717\n",
    "https://doi.org/10.48550/arXiv.2406.11717",
    "10.48550/ARXIV.2406.11717",
]
DOIS = [
    "https://doi.org/10.1000/ABC.(1)",
    "http://dx.doi.org/10.1000/abc.(1)",
    "doi.org/10.1000/abc.%281%29",
    "doi:10.1000/abc.(1)",
    " doi:10.1000/abc.(1)\n",
    "10.1000/abc.(1)",
]


@pytest.mark.parametrize("text", ARXIV)
def test_every_address_of_an_arxiv_paper_is_one_work(text: str) -> None:
    assert arxiv_id(text) == "2406.11717"
    assert canonical_url(text) == "https://arxiv.org/abs/2406.11717"
    assert identity(text) == identity("https://arxiv.org/abs/2406.11717")


@pytest.mark.parametrize("text", ["hep-th/9901001v2", "math.GT/0309136"])
def test_old_arxiv_ids_have_a_slash(text: str) -> None:
    assert arxiv_id(f"https://arxiv.org/abs/{text}") == text.removesuffix("v2")
    assert identity(f"arXiv:{text}") == identity(f"https://arxiv.org/abs/{text.lower()}")


@pytest.mark.parametrize("text", DOIS)
def test_every_form_of_a_doi_is_one_work(text: str) -> None:
    assert doi_of(text) == "10.1000/abc.(1)"
    assert canonical_url(text) == "https://doi.org/10.1000/abc.(1)"


@pytest.mark.parametrize(
    "text", ["2406.11717", "https://example.org/2406.11717", "arXiv:24.1", "10.1/a", "", "doi:"]
)
def test_other_texts_have_no_id(text: str) -> None:
    assert arxiv_id(text) is None
    assert doi_of(text) is None


def test_a_doi_with_marks_gives_an_address_that_leads_to_it() -> None:
    url = canonical_url("doi:10.1002/(SICI)1:1<1::AID-A>3.0;2-%23")
    assert url == "https://doi.org/10.1002/(sici)1:1%3C1::aid-a%3E3.0;2-%23"
    assert doi_of(url) == "10.1002/(sici)1:1<1::aid-a>3.0;2-#"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (" https://x.org/A?b=%20c&d ", "https://x.org/A?b=%20c&d"),
        ("https://x.org/?utm_source=a&b=%2B&fbclid=1#c", "https://x.org/?b=%2B#c"),
        ("https://x.org/a?gclid=1", "https://x.org/a"),
        ("https://x.org/a?mc_cid=1&b&mc_eid=2&ref_src=c", "https://x.org/a?b"),
        ("https://x.org/?my_utm_x=1", "https://x.org/?my_utm_x=1"),
        (" http://[x.org/?utm_a=1 ", "http://[x.org/?utm_a=1"),
    ],
)
def test_an_address_is_cited_without_tracking(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HTTP://WWW.X.org/a/", "https://x.org/a"),
        ("https://x.org/a#b", "https://x.org/a"),
        ("https://doi.org/Short", "https://doi.org/short"),
        ("https://x.org", "https://x.org/?utm_source=b#c"),
    ],
)
def test_addresses_of_one_work(one: str, other: str) -> None:
    assert identity(one) == identity(other)


def test_the_case_of_a_path_may_tell_two_works_apart() -> None:
    assert identity("https://x.org/?v=aB") != identity("https://x.org/?v=ab")


@given(st.text(st.sampled_from("htps:/.?&=#[]%utm_10doi\ud800é "), max_size=20) | st.text())
def test_any_text_has_one_canonical_form(text: str) -> None:
    canonical = canonical_url(text)
    assert canonical_url(canonical) == canonical
    assert identity(canonical) == identity(text)


HOMES = [
    ("https://openreview.net/pdf?id=aB-1_c", "https://openreview.net/forum?id=aB-1_c"),
    ("openreview.net/forum?noteId=x&id=aB#page", "https://openreview.net/forum?id=aB"),
    (
        "https://www.alignmentforum.org/posts/4mtqQKvmHpQJ4dgj7/a-title",
        "https://www.lesswrong.com/posts/4mtqQKvmHpQJ4dgj7/a-title",
    ),
    (
        "https://lesswrong.com/s/xyz/p/4mtqQKvmHpQJ4dgj7#c",
        "https://www.lesswrong.com/posts/4mtqQKvmHpQJ4dgj7",
    ),
    ("https://www.aclweb.org/anthology/N13-1090.pdf", "https://aclanthology.org/N13-1090/"),
    ("https://aclanthology.org/N13-1090", "https://aclanthology.org/N13-1090/"),
    ("https://doi.org/10.18653/v1/n13-1090", "https://aclanthology.org/N13-1090/"),
    ("10.18653/v1/2020.acl-main.1", "https://aclanthology.org/2020.acl-main.1/"),
    (
        "http://proceedings.mlr.press/v119/chen20j/chen20j.pdf",
        "https://proceedings.mlr.press/v119/chen20j.html",
    ),
    ("HTTPS://X.org:443/%7ea%2fb?#c", "https://x.org/~a%2Fb#c"),
    ("http://user@X.org:80/", "http://user@x.org/"),
]


@pytest.mark.parametrize(("url", "canonical"), HOMES)
def test_a_work_has_one_address_at_its_registry(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical_url(canonical) == canonical
    assert identity(url) == identity(canonical)


@pytest.mark.parametrize(
    "url",
    [
        "https://openreview.net/forum",
        "https://openreview.net/group?id=ICLR.cc",
        "https://www.lesswrong.com/posts/short",
        "https://www.greaterwrong.com/posts/4mtqQKvmHpQJ4dgj7/a/comment/gFtDH9nmjwLKr4gWB",
        "https://aclanthology.org/venues/acl/",
        "https://proceedings.mlr.press/v119/",
        "mailto:A@X.org",
        "../Papers/A%7e.pdf",
        "https:///a",
    ],
)
def test_other_addresses_stay(url: str) -> None:
    assert canonical_url(url) == url


def test_a_copy_of_a_page_is_the_same_work() -> None:
    page = "https://X.org/a?b=c"
    copy = f"https://web.archive.org/web/20200101000000/{page}"
    assert identity(copy) == identity(page)
    assert canonical_url(copy) == copy
    assert (is_archived(copy), is_archived(page)) == (True, False)


def test_a_post_is_one_work_whatever_its_slug() -> None:
    post = "https://www.lesswrong.com/posts/4mtqQKvmHpQJ4dgj7"
    assert identity(f"{post}/one") == identity(f"{post}/two") == identity(post)
    assert identity(f"{post}/one") != identity("https://www.lesswrong.com/posts/5mtqQKvmHpQJ4dgj7")


@pytest.mark.parametrize(
    ("url", "is_lost"),
    [
        ("https://arxiv.org/abs/2406.11717v2", True),
        ("https://arxiv.org/pdf/2406.11717", False),
        ("https://arxiv.org/html/2406.11717#S3", True),
        ("https://x.org/?utm_source=a#b", False),
        ("https://openreview.net/forum?id=a&noteId=b", True),
        ("https://www.lesswrong.com/posts/4mtqQKvmHpQJ4dgj7/a?commentId=b", True),
    ],
)
def test_a_version_or_a_place_may_be_lost(url: str, is_lost: bool) -> None:  # noqa: FBT001
    assert loses_place(url) is is_lost

"""How to cite a note of the page."""

from __future__ import annotations

import pytest
from tests.blocks.sample import NOTES, TOML
from tests.publish.pages import rendered

from vaultsync.notes.citation import Source
from vaultsync.publish.compose.catalogue import Entry
from vaultsync.publish.targets.cite import citation

WORK = Source("original", "T", "https://arxiv.org/abs/2401.00001")
ENTRY = Entry("a-b", "handle", (), {}, "", claim="A & B", sources=(WORK, WORK))


@pytest.mark.parametrize(
    ("author", "day", "page", "text"),
    [
        ("", "", "", "“A &amp; B.” In: Post."),
        ("", "2026-01-02", "", "“A &amp; B.” In: Post, 2 Jan 2026."),
        ("Ada", "", "https://e.org/p", "“A &amp; B.” In: Post, Ada. https://e.org/p#a-b"),
    ],
)
def test_the_citation_has_what_is_known(author: str, day: str, page: str, text: str) -> None:
    assert citation(ENTRY, "Post", author, day, page, {}) == (f'<p class="cite">{text}</p>')


@pytest.mark.parametrize(("claim", "quoted"), [("Why?", "Why?"), ("So.", "So."), ("So", "So.")])
def test_a_claim_ends_once(claim: str, quoted: str) -> None:
    entry = Entry("a", "A", (), {}, "", claim=claim)
    assert f"“{quoted}” In" in citation(entry, "Post", "", "", "", {})


def test_works_are_named_by_their_keys() -> None:
    made = citation(ENTRY, "Post", "", "", "", {WORK.identity: "ada2024<"})
    assert made.endswith("</p><p>BibTeX: <code>ada2024&lt;</code></p>")
    other = citation(ENTRY, "Post", "", "", "", {"other": "key"})
    assert "BibTeX" not in other


def test_the_page_has_the_keys_of_the_bibliography_that_is_beside_it() -> None:
    files = {**NOTES, "Post.md": "<!-- vaultsync:notes -->\n\n<!-- /vaultsync -->\n"}
    for targets, has_keys in ((["html"], False), (["html", "bibliography"], True)):
        toml = f"{TOML}\n[publish]\ntargets = {targets}"
        made = rendered(files, toml, ("html", "bibliography"))
        page, bibliography = made["post.html"].decode(), made["references.bib"].decode()
        assert ("<code>ada2024bridges</code>" in page) == has_keys
        assert "{ada2024bridges," in bibliography


def test_a_mark_of_ours_that_an_author_wrote_is_nothing() -> None:
    files = {"Post.md": "a\ufdd7b\ufdd7c"}
    assert "<p>ac</p>" in rendered(files, "", ("html",))["post.html"].decode()

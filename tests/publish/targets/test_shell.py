"""What surrounds the text of the page."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import msgspec
import pytest
from tests.publish.pages import Page, framed, rendered

from vaultsync.publish.compose.about import About
from vaultsync.publish.compose.catalogue import Catalogue, Entry, Filter
from vaultsync.publish.targets.html import page
from vaultsync.publish.targets.items import Apart, Markup
from vaultsync.publish.targets.shell import Beside, Head

NOTE = Entry("a", "</script><script>alert(1)</script>", ("<!--",), {"status": ("<b>",)}, "")
FILTER = Filter("status", "Status", (("<b>", 2), ('"x', 1)))
ITEM = '- <a id="a"></a>A'


def parts(html: str) -> dict[str, list[str]]:
    """Return the directives of the policy, each with its values."""
    (policy,) = [text for text in Page(html).all("meta", "content") if "default-src" in text]
    return {words[0]: words[1:] for words in map(str.split, policy.split(";"))}


def digests(element: str, html: str) -> list[str]:
    """Return the hashes of the inline elements of a kind, as a policy names them."""
    texts = re.findall(rf"<{element}>(.*?)</{element}>", html, re.DOTALL)
    hashed = (hashlib.sha256(text.encode()).digest() for text in texts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in hashed]


def test_the_policy_allows_the_style_and_scripts_that_are_there_and_nothing_else() -> None:
    plain = framed("T", "Text.")
    full = framed("T", ITEM, Catalogue((NOTE,), (), (FILTER,)))
    for html, scripts in ((plain, 1), (full, 2)):
        assert len(digests("style", html)) == 1
        assert len(digests("script", html)) == scripts
        assert parts(html) == {
            "default-src": ["'none'"],
            "script-src": digests("script", html),
            "style-src": digests("style", html),
            "img-src": ["data:"],
            "connect-src": ["'none'"],
            "base-uri": ["'none'"],
            "form-action": ["'none'"],
            "require-trusted-types-for": ["'script'"],
            "trusted-types": ["'none'"],
        }


def test_what_the_scripts_know_ends_no_element() -> None:
    html = framed("T", ITEM, Catalogue((NOTE,), (), (FILTER,), (), {"B": "<b>"}))
    (data,) = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert "<" not in data
    assert json.loads(data) == {
        "notes": [
            {
                "id": "a",
                "also": ["</script><script>alert(1)</script>", "<!--"],
                "values": [[0]],
            }
        ],
        "abbreviations": {"B": "<b>"},
        "properties": {"status": ["<b>"]},
    }


def test_the_scripts_know_when_a_note_was_added_and_changed() -> None:
    note = msgspec.structs.replace(NOTE, added="2026-01-02", changed="2026-01-03")
    for one, days in ((NOTE, {}), (note, {"added": "2026-01-02", "changed": "2026-01-03"})):
        data = framed("T", ITEM, Catalogue((one,))).partition('<script type="application/json">')[2]
        (told,) = json.loads(data.partition("</script>")[0])["notes"]
        assert {name: told[name] for name in told.keys() - {"id", "also", "values"}} == days


def test_filters_are_there_with_their_counts() -> None:
    html = framed("T", ITEM, Catalogue((NOTE,), (), (FILTER,)))
    found = Page(html)
    boxes = [a for tag, a in found.elements if tag == "input" and a["type"] == "checkbox"]
    assert [(box["name"], box["value"]) for box in boxes] == [("status", "<b>"), ("status", '"x')]
    assert 'Status <b> 2 "x 1' in found.text


def test_without_filters_or_notes_there_is_none_of_it() -> None:
    html = framed("T", ITEM, Catalogue((NOTE,)))
    assert 'type="search"' in html
    assert "fieldset" not in html.partition("</style>")[2].partition("<script>")[0]
    assert 'class="find' not in framed("T", "Text.")


def test_what_needs_a_script_is_hidden_until_it_runs() -> None:
    found = Page(framed("T", ITEM, Catalogue((NOTE,), (), (FILTER,))))
    scripted = {"theme", "find", "find-filters", "find-clear", "since"}
    parts = [attributes for _, attributes in found.elements if attributes.get("class") in scripted]
    assert {attributes["class"] for attributes in parts} == scripted
    assert all("hidden" in attributes for attributes in parts)


def head(html: str) -> list[dict[str, str]]:
    """Return what the head of a page says of it, in order."""
    found = Page(html).elements
    return [a for tag, a in found if tag in {"meta", "link"} and not a.keys() & {"charset"}]


def test_the_head_describes_the_page_to_others() -> None:
    about = About("All of it.", "2026-01-02", "2026-02-03")
    beside = (Beside("Feed (Atom)", "feed.xml", "application/atom+xml"),)
    html = page(
        Head("T", "Ada & B", about, "https://e.org/p", beside),
        Apart("Words."),
        {},
        Markup(),
        Catalogue(),
    )
    said = {
        a["name"] if "name" in a else a.get("property", ""): a.get("content") for a in head(html)
    }
    assert (
        said
        | {
            "description": "All of it.",
            "author": "Ada & B",
            "twitter:card": "summary",
            "og:type": "article",
            "og:title": "T",
            "og:description": "All of it.",
            "og:url": "https://e.org/p",
            "article:published_time": "2026-01-02",
            "article:modified_time": "2026-02-03",
        }
        == said
    )
    links = [(a["rel"], a["href"], a.get("type")) for a in head(html) if "rel" in a]
    assert links[:-1] == [
        ("canonical", "https://e.org/p", None),
        ("alternate", "feed.xml", "application/atom+xml"),
    ]
    text = Page(html).text
    assert "Ada & B 2 Jan 2026 changed 3 Feb 2026" in text
    assert "Beside this page: Feed (Atom)" in text


def test_what_is_not_known_is_not_there() -> None:
    html = framed("T", "Words.")
    names = [a["name"] if "name" in a else a.get("property", "") for a in head(html)]
    known = ["viewport", "color-scheme", "description", "generator", "twitter:card"]
    assert names == ["", *known, "og:type", "og:title", "og:description", ""]
    assert 'class="byline"' not in html
    assert "Beside" not in Page(html).text
    same = page(
        Head("T", about=About("", "2026-01-02", "2026-01-02")), Apart(""), {}, Markup(), Catalogue()
    )
    assert "changed" not in Page(same).text


@pytest.mark.parametrize(
    ("targets", "files"),
    [
        (["html"], []),
        (
            ["html", "feed", "bibliography", "data"],
            ["feed.xml", "references.bib", "references.json", "encyclopedia.json"],
        ),
    ],
)
def test_the_page_links_to_what_is_published_beside_it(
    targets: list[str], files: list[str]
) -> None:
    toml = f'[publish]\ntargets = {targets}\nfeed-id = "urn:x"'
    made = rendered({"Post.md": "Words."}, toml, targets)
    found = Page(made["post.html"].decode())
    assert [href for href in found.all("a", "href") if not href.startswith("#")] == files
    assert made.keys() == {"post.html", *files}


def test_scripts_and_styles_are_as_short_as_they_can_be_read() -> None:
    html = framed("T", ITEM, Catalogue((NOTE,)))
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert '--serif:Charter,"Bitstream Charter",' in style
    assert ':root[data-theme="dark"]{color-scheme:dark;}' in style
    assert 'content:"· ";' in style, "it is a string"
    for text in (style, *re.findall(r"<script>(.*?)</script>", html, re.DOTALL)):
        assert not re.search(r"^\s|^//|/\*", text, re.MULTILINE)

"""Every link of every target, followed: what it leads to is there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import etree
from lxml.html import HtmlElement, fromstring
from markdown_it import MarkdownIt
from tests.blocks.sample import block, note
from tests.publish.pages import rendered
from tests.publish.pictures import png
from tests.publish.test_every_construct import SETTINGS, files

from vaultsync.notes.link_index import slugs
from vaultsync.publish.targets import TARGETS
from vaultsync.publish.targets.lesswrong_html import rendered as lesswrong_html

VAULT = Path(__file__).parents[2] / "vault"
PAGE = "https://example.org/page/"
POST = f"""---
title: Claims
---

See [[bridges]], [[ropes#Sources|ropes]], [[old]], [[idea|an idea]], [[private|it]], [[Loose]],
[[Loose#Part]], [[nowhere|nothing]], [the web](https://example.org) and [mail](mailto:a@b.org).
Below: [[#Grouped]], [[#Grouped & more|more]], [[#Deep]], [[#Folded]], [a](a.md), [b](#b).[^1]

![[a.png|A picture]]

## Grouped

{block('notes type="claim" group="area"')}
### Grouped & more

{block('notes type="claim" style="sections"')}
###### Deep

![[Loose]]

> [!note]- Folded
> ## Folded
> See [[bridges]] and [[#Deep]].

{block('items section="Open questions"')}
{block('todos text="TODO: “{title}”"')}
{block("sources")}
{block("toc")}
{block("tensions")}
{block("changelog")}
[^1]: A note on [[ropes]] and [[#Deep]].
"""
KNOTS = note(
    """A knot is a trick. See [[ropes|the ropes]].

## Related

- [[ropes]]: tension: ropes slip, see [[bridges]] / knots hold (crux: does [[old]] decide?)

## Open questions

- Why?
""",
    title="A knot is a trick",
    status="open",
    known="knot trick",
)
JOURNAL = """### 2026-05-04

- Added [[bridges|Bridges]]
- Reworded [[old]] and [[Loose]]

### 2026-05-03

- Retired [[old]]
- Words on [[ropes#Sources]] and [the web](https://example.org).
"""
Vault = tuple[dict[str, str | bytes], str]
Read = Callable[[bytes], tuple[set[str], list[str]]]
_EVERY = 'details = ["area"]\npermalinks = ["aliases"]\nmap = "area"\nreferences = "References"\n'
_HANDLE = '[types.claim]\nhandle = "known"'
_LINK = re.compile(r"(?<!\\)\]\(<?([^)\s>]+)>?\)")


def own_vault() -> Vault:
    notes = {path: path.read_bytes() for path in VAULT.rglob("*.md")}
    found: dict[str, str | bytes] = {
        path.relative_to(VAULT).as_posix(): text for path, text in notes.items()
    }
    return found, (VAULT / "vaultsync.toml").read_text()


def every_construct() -> Vault:
    """Return a vault with every construct in notes, and with every kind of link and place."""
    constructs = files("in a section of its own", 'type="claim"')
    found: dict[str, str | bytes] = {
        path: text.replace("[T](u)", "[T](https://example.org/t)")
        for path, text in constructs.items()
    }
    found |= {
        "Post.md": POST,
        "Loose.md": "Loose.\n\n## Part\n\nSee [[#Part]], [[bridges#Sources]].",
        "Changelog.md": block("changelog", JOURNAL.strip()),
        "Claims/knots.md": KNOTS,
        "a.png": png(),
    }
    return found, f"{SETTINGS.replace('[types.claim]', _HANDLE, 1)}\n[publish]\n{_EVERY}"


def html_of(text: str) -> HtmlElement:
    return fromstring(f"<main>{text}</main>")


def ids_and_links(html: HtmlElement) -> tuple[set[str], list[str]]:
    links = [*html.xpath("//a/@href"), *html.xpath("//img/@src"), *html.xpath("//area/@href")]
    return set(html.xpath("//@id")), links


def read_markdown(data: bytes) -> tuple[set[str], list[str]]:
    """Return the places of a text that GitHub shows, and the links in it."""
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    html = html_of(parser.render(data.decode()))
    headings = html.xpath("//h1|//h2|//h3|//h4|//h5|//h6")
    ids, links = ids_and_links(html)
    # What GitHub does not read, as footnotes, is not here: that is only words.
    return ids | set(slugs(heading.text_content() for heading in headings)), links


def lesswrong_name(heading: str) -> str:
    """Return what JavaScript makes of a heading, of which it sees pairs of bytes."""
    raw = heading.encode("utf-16-le")
    units = [int.from_bytes(raw[at : at + 2], "little") for at in range(0, len(raw), 2)]
    name = "".join(re.sub(r"[^A-Za-z0-9_]", "_", chr(unit)) for unit in units)
    return name if len(name) <= 300 else f"{name[:300]}___"


def read_lesswrong(data: bytes) -> tuple[set[str], list[str]]:
    return read_rich_text(lesswrong_html(data.decode()).encode())


def read_rich_text(data: bytes) -> tuple[set[str], list[str]]:
    """Return the places of a post on LessWrong: headings that are not folded, and footnotes."""
    html = html_of(data.decode().partition("<body>")[2] or data.decode())
    bold = "p[count(*)=1][strong[normalize-space()=normalize-space(..)]]"
    shown = html.xpath(f"//*[self::h1|self::h2|self::h3|self::h4|self::{bold}]")
    found: dict[str, None] = dict.fromkeys(("top", "comments"))
    for heading in shown:
        if not [*heading.iterancestors("details", "pre")]:
            name = lesswrong_name(heading.text_content())
            names = [name, *(f"{name}{number}" for number in range(1, 100))]
            found[next(free for free in names if free not in found)] = None
    ids, links = ids_and_links(html)
    return {*found, *ids}, links


def read_feed(data: bytes) -> tuple[set[str], list[str]]:
    feed = etree.fromstring(data)
    links = feed.xpath("//*[local-name()='link']/@href")
    for content in feed.xpath("//*[local-name()='content']/text()"):
        links += ids_and_links(html_of(content))[1]
    return set(), links


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    values = value.values() if isinstance(value, dict) else value
    for one in values if not isinstance(value, str) and isinstance(values, Iterable) else ():
        yield from texts(one)


def read_data(data: bytes) -> tuple[set[str], list[str]]:
    """Return the links in any text of the data; a note that is named by its path is there."""
    notes = json.loads(data)["notes"]
    paths = {one["path"] for one in notes}
    for one in notes:
        assert paths >= {relation["note"] for relation in one["relations"]}
        assert paths >= {asked["answer"] for asked in one["questions"] if asked["answer"]}

    found = [link for text in texts(notes) for link in _LINK.findall(text)]
    urls = [one["url"] for one in notes if one["url"]]
    return set(), [*found, *urls, *(source["url"] for one in notes for source in one["sources"])]


def read_bibtex(data: bytes) -> tuple[set[str], list[str]]:
    return set(), re.findall(r"^  url = \{(.*)\},$", data.decode(), re.MULTILINE)


def read_csl(data: bytes) -> tuple[set[str], list[str]]:
    return set(), [item["URL"] for item in json.loads(data)]


READERS: dict[str, Read] = {
    "post.md": read_markdown,
    "post.html": lambda data: ids_and_links(fromstring(data.decode())),
    "lesswrong.md": read_lesswrong,
    "lesswrong.html": read_rich_text,
    "feed.xml": read_feed,
    "references.bib": read_bibtex,
    "references.json": read_csl,
    "encyclopedia.json": read_data,
}


def dead(name: str, made: Mapping[str, bytes], page: set[str]) -> list[str]:
    """Return the links of a file that lead nowhere."""
    places, links = READERS[name](made[name])
    return [link for link in links if not leads(link, places, made, page)]


def leads(link: str, places: set[str], made: Mapping[str, bytes], page: set[str]) -> bool:
    if link.startswith("#"):
        return link in {"#", "#top"} or unquote(link[1:]) in places
    if urljoin(link, ".") == PAGE:
        path, fragment = urlsplit(link).path.removeprefix("/page/"), urlsplit(link).fragment
        return (not path or path in made) and (not fragment or unquote(fragment) in page)
    there = urlsplit(link)
    return link in made or there.scheme in {"http", "https", "mailto", "data"}


@pytest.mark.parametrize("vault", [own_vault, every_construct])
@pytest.mark.parametrize("page", ["", f'page = "{PAGE}"'])
def test_every_link_leads_somewhere(vault: Callable[[], Vault], page: str) -> None:
    notes, toml = vault()
    feed = "" if "feed-id" in toml else 'feed-id = "tag:example.org,2026:x"'
    made = rendered(notes, toml.replace("[publish]", f"[publish]\n{page}\n{feed}", 1), TARGETS)
    there = READERS["post.html"](made["post.html"])[0]
    assert {name: dead(name, made, there) for name in READERS} == {name: [] for name in READERS}
    without = {name for name in READERS if not READERS[name](made[name])[1]}
    assert without <= ({"feed.xml"} if not page else set())


@pytest.mark.parametrize("page", ["", f'page = "{PAGE}"'])
def test_a_tension_has_the_names_of_its_notes_in_every_target(page: str) -> None:
    notes, toml = every_construct()
    targets = ["markdown", "html", "lesswrong", "lesswrong-rich"]
    made = rendered(notes, toml.replace("[publish]", f"[publish]\n{page}", 1), targets)
    for name in ("post.md", "post.html", "lesswrong.md", "lesswrong.html"):
        text = made[name].decode()
        if name.endswith(".md"):
            text = MarkdownIt("commonmark").render(text)
        words = " ".join(html_of(text).text_content().split())
        if name == "post.html":
            assert "knot trick against Ropes hold Ropes hold: Ropes slip, see bridges." in words
            assert "Knot trick: Knots hold. What would decide: does old decide?" in words
        else:
            assert "knot trick against Ropes hold: does old decide?" in words, name


def test_a_link_that_leads_nowhere_is_seen() -> None:
    files = {
        "post.md": b"# A\n\n[x](#a) [y](#b) [z](c.md) ![d](images/d.png)",
        "lesswrong.md": b"# A b\n\n[x](#A_b) [y](#b)",
        "encyclopedia.json": b'{"notes": []}',
        "images/d.png": b"",
    }
    assert dead("post.md", files, set()) == ["#b", "c.md"]
    assert dead("lesswrong.md", files, set()) == ["#b"]
    assert not leads(f"{PAGE}#a", set(), files, {"b"})
    assert leads(f"{PAGE}#b", set(), files, {"b"})

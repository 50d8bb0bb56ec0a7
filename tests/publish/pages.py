"""Posts for the tests of the publisher, and what a page holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from html.parser import HTMLParser
from urllib.parse import unquote

from tests.blocks.sample import NOTES, TOML, block

from vaultsync.blocks.context import Context
from vaultsync.core.config.read import load_config
from vaultsync.core.model import Vault
from vaultsync.markdown import kind_of, parse
from vaultsync.notes.link_index import slugs
from vaultsync.publish import render
from vaultsync.publish.compose import compose
from vaultsync.publish.compose.catalogue import Catalogue
from vaultsync.publish.targets.html import page
from vaultsync.publish.targets.items import Apart, Markup
from vaultsync.publish.targets.shell import Head

POST = f"""---
title: The *post*
---

Slack matters, see [[bridges]] and [[ropes#Sources|ropes]], not [[idea|an idea]], [[private|it]],
[[Loose]], [[nowhere|nothing]] or [the web](https://example.org). Below: [[#Ropes & more|more]].

## Bridges

{block('notes type="claim" order="bridges" exclude="ropes"')}
## Ropes & more

{block('notes order="ropes" exclude="bridges"')}
## TODOs

{block('todos text="TODO: “{title}”"')}
"""
FILES = {**NOTES, "Post.md": POST, "Loose.md": "Loose."}


class Page(HTMLParser):
    """The elements of a page: each tag with its attributes, the text, and what is nested."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & {*self.open}:
            self.words.append(data)

    @property
    def text(self) -> str:
        """Return what is read on the page."""
        return " ".join("".join(self.words).split())

    def all(self, tag: str, attribute: str) -> list[str]:
        """Return the values of an attribute of one kind of element, "*" of all."""
        return [a[attribute] for name, a in self.elements if tag in {name, "*"} and attribute in a]

    def check_anchors(self) -> None:
        """Show that names are unique, and that every link within the page leads to one."""
        ids = self.all("*", "id")
        assert len(ids) == len(set(ids)), ids
        within = {unquote(href[1:]) for href in self.all("a", "href") if href.startswith("#")}
        assert within - {"top"} <= set(ids)


def check_anchors(markdown: str) -> None:
    """Show that every link within a Markdown text leads to an anchor or to a heading in it.

    No anchor stands twice, and none is there in vain.
    """
    anchors = re.findall(r'<a id="([^"]+)"></a>', markdown)
    assert len(anchors) == len(set(anchors)), anchors
    plain = (
        re.sub(r"\[([^\]]*)\]\([^)]*\)|[*`\\]|<[^>]*>", r"\1", h.text)
        for h in parse("a.md", markdown).headings
    )
    linked = set(re.findall(r"\]\(#([^)]*)\)", markdown))
    assert linked <= {*anchors, *slugs(plain)}
    assert set(anchors) <= linked


def reader(files: Mapping[str, str | bytes]) -> Callable[[str], bytes]:
    """Return what reads these files."""

    def read(path: str) -> bytes:
        data = files[path]
        return data.encode() if isinstance(data, str) else data

    return read


def vault(files: Mapping[str, str | bytes] = FILES) -> Vault:
    """Return a vault of these files."""
    documents = {path: parse(path, data) for path, data in files.items() if kind_of(path)}
    return Vault(documents, frozenset(files))


def rendered(
    files: Mapping[str, str | bytes] = FILES,
    toml: str = TOML,
    targets: Iterable[str] = ("markdown", "html"),
) -> dict[str, bytes]:
    """Return what is published, by name."""
    return render(Context(vault(files), load_config(toml)), targets, reader(files))[0]


def problems(
    files: Mapping[str, str | bytes], toml: str = TOML, targets: Iterable[str] = ("markdown",)
) -> list[str]:
    """Return what is wrong with a post, each as `path:line: message`."""
    _, compositions = render(Context(vault(files), load_config(toml)), targets, reader(files))
    found = sorted({problem for one in compositions for problem in one.problems})
    return [f"{problem.path}:{problem.line}: {problem.message}" for problem in found]


def published(files: Mapping[str, str | bytes] = FILES, toml: str = TOML) -> tuple[str, str]:
    """Return the post as Markdown and as a page."""
    made = rendered(files, toml)
    return made["post.md"].decode(), made["post.html"].decode()


def framed(title: str, text: str, catalogue: Catalogue | None = None) -> str:
    """Return the page of a Markdown text without pictures."""
    return page(Head(title), Apart(text), {}, Markup(), catalogue or Catalogue())


def composed(post: str, files: Mapping[str, str] = NOTES, *, folded: bool = False) -> str:
    """Return the text of a post beside the sample notes, as Markdown or, `folded`, for the page."""
    files = {**files, "Post.md": post}
    if not folded:
        return rendered(files)["post.md"].decode().partition("\n\n")[2]
    return compose(Context(vault(files), load_config(TOML)), reader(files), folded=True).text

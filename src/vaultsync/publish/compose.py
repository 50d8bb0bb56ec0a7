"""One Markdown text out of the post and the notes in its blocks.

Links between notes of the post become links within it; nothing private, no comment and no marker
of ours is left in the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Iterable

import msgspec

from vaultsync.blocks import Context, Frame, fill, plain, shown, uncommented, without_comments
from vaultsync.config import Config
from vaultsync.errors import VaultError
from vaultsync.links import find_heading
from vaultsync.model import Document, Heading, Link, Vault
from vaultsync.notes import Note, stem
from vaultsync.parse import parse
from vaultsync.publish.details import details
from vaultsync.text import Edit, Span, apply_edits

# The page has these for itself.
RESERVED = frozenset({"top", "page-text"})
_SLUG = re.compile(r"[^\w\- ]")
_MARKUP = re.compile(r"[\[\]<]")
_ATX = re.compile(r"#{1,6}[ \t]+")


class PublishProblem(msgspec.Struct, frozen=True):
    """What cannot be published, and in which note."""

    path: str
    message: str


class Composition(msgspec.Struct, frozen=True):
    """The post as one Markdown text with its title.

    `paths` are the notes in it, and those that might belong there but cannot be read.
    """

    title: str
    text: str
    paths: tuple[str, ...]
    problems: tuple[PublishProblem, ...] = ()


def compose(vault: Vault, config: Config, *, folded: bool) -> Composition:
    """Compose the post. `folded` puts what a note holds besides its claim under each bullet.

    Raises `VaultError` where the vault has no post.
    """
    return _Composer(vault, config, folded=folded).composition()


class _Composer:
    def __init__(self, vault: Vault, config: Config, *, folded: bool) -> None:
        self.vault, self.config, self.folded = vault, config, folded
        self.post = _post(vault, config)
        self.notes: dict[str, str] = {}
        self.headings: dict[Heading, str] = {}
        frame = Frame(self._anchor, self._details if folded else lambda _note: "", readers=True)
        self.context = Context(vault, config, frame)
        self.problems: list[PublishProblem] = []

    def composition(self) -> Composition:
        text = fill(uncommented(self.post), self.context, "tree", "history")
        filled = parse(self.post.path, text)
        body = without_comments(filled.text[filled.body :])
        # The line break keeps a rule `---` from opening a block of properties.
        text = self._with_links(parse(self.post.path, f"\n{body}"))
        # A page names every note, so that others can link to it; Markdown is to be read.
        text = text if self.folded else _only_used_anchors(text, self.notes.values())
        title = self.post.text_property("title") or stem(self.post.path)
        paths = (self.post.path, *self.notes, *self._unreadable())
        return Composition(title, text.strip() + "\n", paths, tuple(self.problems))

    def _unreadable(self) -> list[str]:
        return [
            path
            for path, document in sorted(self.vault.documents.items())
            if (document.error or document.properties.error) and self.config.type_name(path)
        ]

    def _anchor(self, note: Note) -> str:
        """Name a note's place in the post, which is where it is listed first."""
        if note.path in self.notes:
            return ""
        self.notes[note.path] = self._free_name(stem(note.path))
        return _anchor(self.notes[note.path])

    def _free_name(self, text: str) -> str:
        return free_name(text, {*RESERVED, *self.notes.values(), *self.headings.values()})

    def _details(self, note: Note) -> str:
        return details(note, self.context)

    def _with_links(self, document: Document) -> str:
        edits: list[Edit] = []
        end = 0
        for link in document.links:
            edits += self._link(document, link, nested=link.start < end)
            end = max(end, link.end)
        for heading, name in self.headings.items():
            mark = _ATX.match(document.text, heading.start)
            start = mark.end() if mark else heading.start
            edits.append(Edit(Span(start, start), _anchor(name)))
        return apply_edits(document.text, edits)

    def _link(self, document: Document, link: Link, *, nested: bool) -> list[Edit]:
        if link.external:
            return []
        if link.kind in {"embed", "image"}:
            message = f"the embed of `{shown(link)}` cannot be published: write a link instead"
            self.problems.append(PublishProblem(self.post.path, message))
            return []
        text = plain(shown(link)) if link.kind == "markdown" else _escaped(shown(link))
        anchor = None if nested else self._destination(document, link)
        return [Edit(link.span, f"[{text}](#{anchor})" if anchor else text)]

    def _destination(self, document: Document, link: Link) -> str | None:
        found = self.context.index.resolve(link.target, self.post.path)
        path = found[0] if found else ""
        if path != self.post.path:
            return self.notes.get(path)
        heading = find_heading(document.headings, link.subpath)
        if heading is None:
            return None
        if heading not in self.headings:
            self.headings[heading] = self._free_name(plain(heading.text))
        return self.headings[heading]


def _post(vault: Vault, config: Config) -> Document:
    path = config.publish.post
    document = vault.documents.get(path)
    if document is None:
        raise VaultError(
            f"{path}: there is no such note to publish: make it, or name another as "
            "`publish.post` in vaultsync.toml"
        )
    if document.error:
        raise VaultError(f"{path}: {document.error}")
    return document


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _anchor(name: str) -> str:
    return f'<a id="{name}"></a>'


def slug(text: str) -> str:
    """Return the anchor that GitHub gives a heading, without its count for repeated ones.

    Source: https://github.com/gjtorikian/html-pipeline (TableOfContentsFilter).
    """
    return _SLUG.sub("", text.strip().lower()).replace(" ", "-")


def free_name(text: str, taken: Container[str]) -> str:
    """Return the slug of a text, with a count where it is taken."""
    name = slug(text) or "part"
    numbered = (f"{name}-{number}" for number in itertools.count(1))
    return next(free for free in itertools.chain([name], numbered) if free not in taken)


def _only_used_anchors(text: str, names: Iterable[str]) -> str:
    """Leave out the anchors of notes that no link of the text leads to."""
    used = set(re.findall(r"\]\(#([^)\s]+)\)", text))
    for name in names:
        if name not in used:
            text = text.replace(_anchor(name), "", 1)
    return text

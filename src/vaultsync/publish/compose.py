"""One Markdown text out of the post and the notes in its blocks.

Links between notes of the post become links within it; nothing private, no comment and no marker
of ours is left in the text.
"""

from __future__ import annotations

import re

import msgspec

from vaultsync.blocks import Context, Frame, fill
from vaultsync.config import Config
from vaultsync.errors import VaultError
from vaultsync.links import find_heading
from vaultsync.model import Document, Link, Vault
from vaultsync.notes import Note, stem
from vaultsync.parse import parse
from vaultsync.publish.details import details
from vaultsync.publish.hidden import without_hidden
from vaultsync.text import Edit, apply_edits

_ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
_SLUG = re.compile(r"[^\w\- ]")


class PublishProblem(msgspec.Struct, frozen=True):
    """What cannot be published, and in which note."""

    path: str
    message: str


class Composition(msgspec.Struct, frozen=True):
    """The post as one Markdown text with its title, and the paths of the notes in it."""

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
        self.vault, self.config = vault, config
        self.post = _post(vault, config)
        self.anchors: dict[str, str] = {}
        frame = Frame(self._anchor, self._details if folded else lambda _note: "")
        self.context = Context(vault, config, frame)
        self.problems: list[PublishProblem] = []

    def composition(self) -> Composition:
        filled = parse(self.post.path, fill(self.post, self.context, "tree", "history"))
        body = without_hidden(filled.text[filled.body :])
        text = self._with_links(parse(self.post.path, body))
        text = _only_used_anchors(text)
        title = self.post.text_property("title") or stem(self.post.path)
        paths = (self.post.path, *self.anchors)
        return Composition(title, _tidy(text), paths, tuple(self.problems))

    def _anchor(self, note: Note) -> str:
        """Name a note's place in the post; called once for each note that is listed."""
        taken = set(self.anchors.values())
        name = slug(stem(note.path))
        while name in taken and self.anchors.get(note.path) != name:
            name += "-1"
        self.anchors[note.path] = name
        return f'<a id="{name}"></a>'

    def _details(self, note: Note) -> str:
        return details(note, self.context)

    def _with_links(self, document: Document) -> str:
        edits = [self._link(document, link) for link in document.links if not link.external]
        return apply_edits(document.text, [edit for edit in edits if edit])

    def _link(self, document: Document, link: Link) -> Edit | None:
        if link.kind in {"embed", "image"}:
            shown = link.target or link.subpath
            message = f"the embed of `{shown}` cannot be published: write a link instead"
            self.problems.append(PublishProblem(self.post.path, message))
            return None
        shown = link.display or _shown(link)
        anchor = self._destination(document, link)
        return Edit(link.span, f"[{shown}](#{anchor})" if anchor else shown)

    def _destination(self, document: Document, link: Link) -> str | None:
        found = self.context.index.resolve(link.target, self.post.path)
        path = found[0] if found else ""
        if path == self.post.path:
            heading = find_heading(document.headings, link.subpath)
            return slug(heading.text) if heading else None
        return self.anchors.get(path)


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


def _shown(link: Link) -> str:
    return link.target or link.subpath.lstrip("#")


def slug(text: str) -> str:
    """Return the anchor that GitHub gives a heading, without its count for repeated ones.

    Source: https://github.com/gjtorikian/html-pipeline (TableOfContentsFilter).
    """
    return _SLUG.sub("", text.strip().lower()).replace(" ", "-")


def _only_used_anchors(text: str) -> str:
    """Leave out the anchors that no link of the text leads to."""
    used = set(re.findall(r"\]\(#([^)\s]+)\)", text))
    return _ANCHOR.sub(lambda found: found.group() if found[1] in used else "", text)


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", text.replace("\r\n", "\n")).strip() + "\n"

"""Resolve the links of a vault, as the options of `vaultsync links` request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.core.model import Document
from vaultsync.core.text import Lines
from vaultsync.notes.link_index import has_subpath


class ResolvedLink(msgspec.Struct, frozen=True):
    """A link and its place in a note, `resolved` to the first of its `candidates`.

    `subpath_found` is None where there is no subpath or no note that could have it.
    """

    source: str
    line: int
    column: int
    kind: str
    text: str
    target: str
    subpath: str
    resolved: str | None
    subpath_found: bool | None
    external: bool
    candidates: tuple[str, ...]


def resolve_links(paths: Sequence[str], workspace: Workspace) -> list[ResolvedLink]:
    """Return the links in the notes at some paths, or without any in all notes."""
    wanted = workspace.select(paths)
    documents = workspace.vault.documents
    return [
        link
        for path in sorted(documents if wanted is None else wanted)
        for link in _resolved(workspace, documents[path])
    ]


def _resolved(workspace: Workspace, document: Document) -> Iterator[ResolvedLink]:
    index, lines = workspace.context.index, Lines(document.text)
    for link in document.links:
        found = () if link.external else tuple(index.resolve(link.target, document.path))
        target = workspace.vault.documents.get(found[0]) if found else None
        yield ResolvedLink(
            document.path,
            *lines.position(link.start),
            link.kind,
            link.span.of(document.text),
            link.target,
            link.subpath,
            found[0] if found else None,
            has_subpath(target, link.subpath) if link.subpath and target is not None else None,
            link.external,
            found,
        )

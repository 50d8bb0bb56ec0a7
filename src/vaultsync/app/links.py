"""Resolve the links of a vault, as the options of `vaultsync links` request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from vaultsync.app.workspace import Workspace
from vaultsync.core.model import Document, Link
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


def resolve_links(paths: Iterable[str], workspace: Workspace) -> list[ResolvedLink]:
    """Return the links in the notes at some paths, or without any in all notes."""
    wanted = workspace.select(paths)
    return list(_resolved(workspace, workspace.vault.documents if wanted is None else wanted))


def _resolved(workspace: Workspace, paths: Iterable[str]) -> Iterator[ResolvedLink]:
    for path in sorted(paths):
        document = workspace.vault.documents[path]
        lines = Lines(document.text)
        for link in document.links:
            yield _resolve(workspace, document, link, lines)


def _resolve(workspace: Workspace, document: Document, link: Link, lines: Lines) -> ResolvedLink:
    line, column = lines.position(link.start)
    index = workspace.context.index
    found = () if link.external else tuple(index.resolve(link.target, document.path))
    target = workspace.vault.documents.get(found[0]) if found else None
    return ResolvedLink(
        document.path,
        line,
        column,
        link.kind,
        link.span.of(document.text),
        link.target,
        link.subpath,
        found[0] if found else None,
        has_subpath(target, link.subpath) if link.subpath and target is not None else None,
        link.external,
        found,
    )

"""Read one file: note, canvas or base."""

from __future__ import annotations

import functools
from collections.abc import Callable

from vaultsync.core.model import Document, DocumentKind, Link, inward
from vaultsync.markdown.canvas import canvas_links
from vaultsync.markdown.frontmatter import read_properties
from vaultsync.markdown.limits import too_deep
from vaultsync.markdown.reader import read_facts

KINDS: dict[str, DocumentKind] = {".md": "note", ".canvas": "canvas", ".base": "base"}
_NAME = "vaultsync"
MAX_BYTES = 5_000_000


@functools.cache
def kind_of(path: str) -> DocumentKind | None:
    """Return what kind of document a path names, None for an attachment."""
    suffix = path[path.rfind(".") :]
    return KINDS.get(suffix) or KINDS.get(suffix.lower())


def parse(path: str, data: bytes | str, *, outward: bool = True) -> Document:
    """Return the facts of one file. Never raises: what cannot be read is the document's `error`.

    Without `outward`, the links of a body that lead out are read when somebody asks for them.
    """
    kind = kind_of(path) or "note"
    if isinstance(data, bytes):
        if len(data) > MAX_BYTES:
            size = f"{len(data) / 1e6:.1f} MB is more than the {MAX_BYTES / 1e6:.0f} MB"
            return Document(path, kind, "", error=f"{size} that a note may have")
        try:
            data = data.decode("utf-8")
        except UnicodeDecodeError as error:
            return Document(path, kind, "", error=f"not UTF-8 at byte {error.start}")
    if kind == "note":
        deep = too_deep(data)
        return Document(path, kind, "", error=deep) if deep else _note(path, data, outward)
    links = canvas_links(data) if kind == "canvas" else ()
    return Document(path, kind, data, inward=links, directives=_NAME in data)


def links_outward(path: str, content: str | Callable[[], str]) -> tuple[Link, ...]:
    """Return the links of a document's body that lead out, of its text or what returns it."""
    return parse(path, content if isinstance(content, str) else content()).external


def _note(path: str, text: str, outward: bool) -> Document:  # noqa: FBT001 - private
    properties = read_properties(text)
    start = properties.span.end if properties.span else int(text.startswith("\ufeff"))
    facts = read_facts(text, start, outward=outward)
    return Document(
        path,
        "note",
        text,
        properties,
        start,
        inward=inward(properties, facts.inward),
        outward=tuple(facts.outward) if outward else functools.partial(links_outward, path, text),
        headings=tuple(facts.headings),
        blocks=tuple(facts.blocks),
        tags=tuple(facts.tags),
        tasks=tuple(facts.tasks),
        footnotes=tuple(facts.footnotes),
        directives=_NAME in text,
    )

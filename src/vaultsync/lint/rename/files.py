"""Which links have to be written otherwise when files get other names, and how.

Every link that leads to a file leads to the same file afterwards. A link is written in the form
that it has (name, path, relative path, with or without `.md`) where that leads there, else in one
that does. What leads nowhere stays as it is.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from vaultsync.core.config import Config
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document, Link
from vaultsync.core.text import Edit
from vaultsync.lint.rename.kinds import ANOTHER, where
from vaultsync.lint.rename.names import Names
from vaultsync.lint.rename.spelling import spelled_in
from vaultsync.lint.retarget import is_wiki
from vaultsync.markdown.frontmatter.edit import add_to_list
from vaultsync.notes.link_index import full_linktext, linktext, name_key
from vaultsync.notes.note import stem


def link_edits(document: Document, names: Names) -> Iterator[Edit]:
    """Yield the edits to the targets of a document's links."""
    is_moved = document.path in names.moves
    for link in document.internal:
        if is_moved or names.concerns(link.target):
            old = names.shifted(link, document.path)
            if old is not None:
                yield _pointed(document, link, old, names)


def _pointed(document: Document, link: Link, old: str, names: Names) -> Edit:
    """Return the edit with which a link leads to the file that was at an old path."""
    for target in targets(document, link, old, names):
        written = spelled_in(document, link, target)
        if written is not None:
            return Edit(link.target_span, written)
    shown = link.span.of(document.text)
    place, new = where(document, link.start), names.moved(old)
    raise VaultError(f"{place}: `{shown}` cannot be written so that it leads to {new}: {ANOTHER}")


def targets(document: Document, link: Link, old: str, names: Names) -> Iterator[str]:
    """Yield targets with which a link leads to a file, first in the form that it has."""
    source, new = names.moved(document.path), names.moved(old)
    forms = [new] if link.kind == "canvas" else _forms(document, link, old, names)
    return (target for target in forms if names.leads(target, source, new))


def _forms(document: Document, link: Link, old: str, names: Names) -> Iterator[str]:
    source, new = names.moved(document.path), names.moved(old)
    short = new.removesuffix(".md")
    kept = new if link.target.lower().endswith(".md") else short
    for written in (kept, new):
        yield _alike(link.target, written, old, source)
    usual = linktext if is_wiki(document, link) else full_linktext
    yield from (usual(new, names.after), short, new, f"/{new}", _relative(new, source))


def _alike(target: str, written: str, old: str, source: str) -> str:
    """Return a path in the form that a target had: relative, whole, or its last parts."""
    if target.startswith(("./", "../")):
        return _relative(written, source)
    if target.startswith("/"):
        return f"/{written}"
    depth = target.count("/") + 1
    is_whole = depth > 1 and depth > old.count("/")
    return written if is_whole else "/".join(written.split("/")[-depth:])


def _relative(path: str, source: str) -> str:
    found = posixpath.relpath(f"/{path}", f"/{posixpath.dirname(source)}")
    return found if found.startswith("../") else f"./{found}"


def alias_edits(document: Document, names: Names, config: Config) -> tuple[Edit, ...]:
    """Return the edits that put the old name of a note that moves among its aliases."""
    if document.path not in names.moves or document.kind != "note":
        return ()
    old, new = stem(document.path), names.moves[document.path]
    if name_key(old) == name_key(stem(new)) or old in document.list_property("aliases"):
        return ()
    kind = config.types.get(config.type_name(document.path) or "")
    name = document.properties.key("aliases") or "aliases"
    order = tuple(kind.properties) if kind else ()
    edits = add_to_list(document.text, name, old, order=order)
    if not edits:
        raise VaultError(
            f"{document.path}: its properties cannot take the old name as one of the `aliases`: "
            "mend them"
        )
    return edits

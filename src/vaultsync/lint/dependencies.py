"""What the findings of a note depend on except the note, as keys, and what a change affects.

A note's findings can change when its own text does, or when a change elsewhere emits one of the
keys that the note depends on. Keys are `name:` for a file's folded name, `place:` for the headings
and blocks of the notes of that name, `title:` for a folded title, and `claims` and `blocks` for
what all typed notes, or all notes, are made of.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping

from vaultsync.blocks import find_blocks
from vaultsync.core.model import Document
from vaultsync.lint.context import Context, title_key
from vaultsync.lint.names import document_names
from vaultsync.lint.rule import Reach, Rule
from vaultsync.lint.rules.link_forms import spaced_targets
from vaultsync.notes.link_index import name_key, resolvable_links

CLAIMS, BLOCKS = "claims", "blocks"


def dependencies(document: Document, context: Context, reaches: frozenset[Reach]) -> frozenset[str]:
    """Return the keys that a document's findings depend on by its facts, for these reaches."""
    return frozenset(
        found
        for reach, keys in _DEPENDENCIES.items()
        if reach in reaches
        for found in keys(document, context)
    )


def in_text(document: Document, reaches: frozenset[Reach]) -> tuple[str, ...]:
    """Return the keys that a document's findings depend on and that only its text shows."""
    found = []
    if "text" in reaches:
        for target in spaced_targets(document):
            name = _last(name_key(target))
            found += [f"name:{name}", f"place:{name}"]
    if document.directives and any(find_blocks(document)):
        found.append(BLOCKS)
    return tuple(found)


def reaches_of(rules: Iterable[Rule]) -> frozenset[Reach]:
    """Return what the rules declare to reach them."""
    return frozenset(rule.reach for rule in rules if rule.reach)


def _of_links(document: Document, _context: Context) -> Iterator[str]:
    for link in resolvable_links(document):
        if link.target:
            name = _last(name_key(link.target))
            yield f"name:{name}"
            if link.subpath:
                yield f"place:{name}"


def _of_title(document: Document, context: Context) -> Iterator[str]:
    title = title_key(document) if context.note(document) else ""
    if title:
        yield f"title:{title}"


def _of_claim(document: Document, context: Context) -> Iterator[str]:
    if context.note(document):
        yield CLAIMS


_DEPENDENCIES: Mapping[Reach, Callable[[Document, Context], Iterable[str]]] = {
    "links": _of_links,
    "titles": _of_title,
    "claims": _of_claim,
}


def emitted(before: Context, after: Context, changed: Iterable[str]) -> frozenset[str]:
    """Return the keys that a change of documents and files emits.

    `changed` are the paths of all that differ between the two versions.
    """
    found = {BLOCKS}
    for path in changed:
        old, new = before.vault.documents.get(path), after.vault.documents.get(path)
        if (path in before.vault.files) != (path in after.vault.files):
            found |= {f"name:{name}" for name in names_of(path)}
        if _places(old) != _places(new):
            found |= {f"place:{name}" for name in names_of(path)}
        found |= {f"name:{_last(name)}" for name in document_names(old) ^ document_names(new)}
        found |= {f"title:{title_key(document)}" for document in (old, new) if document}
        if after.config.type_name(path) is not None:
            found.add(CLAIMS)
    for path in before.untracked ^ after.untracked:
        found |= {f"name:{name}" for name in names_of(path)}
    return frozenset(found)


def names_of(path: str) -> set[str]:
    """Return the names by which links can mean a file, folded, with `.md` and without."""
    name = name_key(posixpath.basename(path))
    return {name, name.removesuffix(".md")}


def beside(before: Context, after: Context) -> Iterator[str]:
    """Yield the files whose paths may now be like another's, or the first in their folder."""
    for path in before.vault.files ^ after.vault.files:
        yield from after.alike.get(name_key(path), ())
        parts = path.split("/")
        for end in range(1, len(parts)):
            yield after.folders.get("/".join(parts[:end]), path)


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _places(document: Document | None) -> tuple[object, ...]:
    if document is None:
        return ()
    headings = [(heading.level, heading.text) for heading in document.headings]
    blocks = [block.id for block in document.blocks]
    return headings, blocks, [note.label for note in document.footnotes], document.error

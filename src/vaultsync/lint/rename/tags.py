"""Tags with other names, and those below them, in texts and properties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from vaultsync.core import model
from vaultsync.core.errors import VaultError
from vaultsync.core.model import Document
from vaultsync.core.text import Edit, Span
from vaultsync.lint.rename.kinds import Tag, where
from vaultsync.markdown.document import canvas_tags
from vaultsync.markdown.events import is_tag
from vaultsync.markdown.frontmatter.edit import list_items, verified, write_scalar


def tag_edits(document: Document, tag: Tag) -> Iterator[Edit]:
    """Yield the edits that rename a tag in a note or canvas."""
    for one in _in_text(document):
        if (renamed := renamed_tag(one.name, tag)) is not None:
            yield Edit(Span(one.start + 1, one.end), renamed)
    yield from _in_properties(document, tag)


def renamed_tag(name: str, tag: Tag) -> str | None:
    """Return the new name of a tag, None where it is neither the one to rename nor below it."""
    parts, old = name.split("/"), tag.old.split("/")
    if [part.lower() for part in parts[: len(old)]] != [part.lower() for part in old]:
        return None
    return "/".join([tag.new, *parts[len(old) :]])


def names_of_tags(document: Document) -> Iterator[str]:
    """Yield the tags of a note or canvas as they are written, without `#`."""
    yield from (one.name for one in _in_text(document))
    yield from (value.strip().removeprefix("#") for value in document.list_property("tags"))


def _in_text(document: Document) -> tuple[model.Tag, ...]:
    return canvas_tags(document.text) if document.kind == "canvas" else document.tags


def refuse_tag(tag: Tag, names: Iterable[tuple[Document, str]]) -> None:
    """Raise `VaultError` where a tag cannot have its new name, or another has it."""
    if not (is_tag(tag.new) and all(tag.new.split("/"))):
        raise VaultError(f"#{tag.new}: this is not a tag of Obsidian: choose another name")
    known = list(names)
    if not any(renamed_tag(name, tag) for _, name in known):
        raise VaultError(f"#{tag.old}: no note has this tag")
    wanted = Tag(tag.new, tag.new)
    for document, name in known:
        if renamed_tag(name, wanted) and not renamed_tag(name, tag):
            raise VaultError(
                f"{document.path}: there is a tag #{name}, and to make one tag of two cannot be "
                "taken back: nothing was renamed: choose another name"
            )


def property_tags(document: Document) -> Iterator[tuple[str, Span]]:
    """Yield the tags in the properties of a note, and where each is written without `#`."""
    for value, span in _entries(document):
        name = value.strip().removeprefix("#") if isinstance(value, str) else ""
        start = document.text.find(name, span.start, span.end)
        if name and start >= 0:
            yield name, Span(start, start + len(name))


def _entries(document: Document) -> list[tuple[Any, Span]]:
    """Return the values of the property of tags, each with its place."""
    key = document.properties.key("tags")
    if key is None:
        return []
    value = document.properties.data[key]
    if isinstance(value, list):
        return list_items(document.text, key)
    return [(value, document.properties.values[key])]


def _in_properties(document: Document, tag: Tag) -> tuple[Edit, ...]:
    if not any(_value(one, tag) for one in document.list_property("tags")):
        return ()
    key = document.properties.key("tags") or "tags"
    data = document.properties.data
    items = [(old, _value(old, tag), span) for old, span in _entries(document)]
    values = [old if new is None else new for old, new, _ in items]
    wanted = {**data, key: values if isinstance(data[key], list) else values[0]}
    for spell in (_in_place, _whole):
        changed = ((old, new, span) for old, new, span in items if new is not None)
        edits = tuple(spell(document.text, *one) for one in changed)
        if verified(document.text, edits, wanted):
            return edits
    place = where(document, document.properties.keys[key].start)
    raise VaultError(f"{place}: the tag cannot be renamed in `{key}`: mend its value")


def _value(value: Any, tag: Tag) -> str | None:
    """Return what an entry of a list of tags becomes."""
    if not isinstance(value, str):
        return None
    bare = value.strip().removeprefix("#")
    renamed = renamed_tag(bare, tag)
    return None if renamed is None else value.replace(bare, renamed)


def _in_place(text: str, old: str, new: str, span: Span) -> Edit:
    written = span.of(text)
    start = span.start + max(written.find(old), 0)
    return Edit(Span(start, start + len(old)), new)


def _whole(text: str, _old: str, new: str, span: Span) -> Edit:
    flow = text[: span.start].rstrip().endswith(("[", ","))
    return Edit(span, write_scalar(new, flow=flow))

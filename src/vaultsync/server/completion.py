"""What may be written at a place: links, properties, tags, roles of sources, generated blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lsprotocol import types

from vaultsync.app.insert import roles_of
from vaultsync.blocks.fill import KINDS
from vaultsync.core.config import NoteType
from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.lint.context import Context
from vaultsync.markdown.frontmatter.edit import write_scalar
from vaultsync.notes.link_index import heading_subpath, wikilink
from vaultsync.notes.note import stem
from vaultsync.server.block_attributes import attributes_of, values_of
from vaultsync.server.names import search
from vaultsync.server.navigation import at
from vaultsync.server.session import Session

# The client sends another request while the name is typed.
_MOST = 50
TRIGGERS = ("[", "#", "^", ":", "-", "<", '"')
_NOTE = re.compile(r"\[\[(?P<typed>[^\[\]|#^\n]*)\Z")
_PLACE = re.compile(r"\[\[(?P<target>[^\[\]|#\n]*)(?P<typed>#[^\[\]|\n]*)\Z")
_KEY = re.compile(r"^(?P<typed>[\w-]*)\Z")
_VALUE = re.compile(r"^(?P<name>[\w -]+?)\s*:.*?(?P<typed>[^\s,\[\]\"':]*)\Z")
_ITEM = re.compile(r"^\s+-\s+(?P<typed>[^\"'\[\]]*)\Z")
_TAG = re.compile(r"(?:^|(?<=\s))#(?P<typed>[\w/-]*)\Z")
_ROLE = re.compile(r"^[-*+] (?P<typed>[\w -]*)\Z")
_IN_BLOCK = r'<!--\s*vaultsync:(?P<kind>\w+)(?P<before>(?:\s+[\w-]+="[^"]*")*)\s+'
_ATTRIBUTE = re.compile(rf"{_IN_BLOCK}(?P<typed>[\w-]*)\Z")
_ATTRIBUTE_VALUE = re.compile(rf'{_IN_BLOCK}(?P<name>[\w-]+)="(?P<typed>[^"]*)\Z')
_MARKER = re.compile(r"<!--\s*(?P<typed>[\w:]*)\Z")

# Where the cursor is put in a snippet.
_CURSOR = " $0"

Option = tuple[str, str, str]


def complete(session: Session, params: types.CompletionParams) -> types.CompletionList | None:
    """Return what may be written at a place."""
    found = at(session, params)
    if found is None:
        return None
    checked, document, offset = found
    line = document.text[document.text.rfind("\n", 0, offset) + 1 : offset]
    typed, kind, options = _options(checked.context, document, line, offset)
    takes = kind is types.CompletionItemKind.Snippet and _takes_snippets(session)
    place = session.positions(document).range(Span(offset - len(typed), offset))
    items = [
        types.CompletionItem(
            label,
            kind=kind,
            detail=detail or None,
            # So that the client does not sort out what begins otherwise, as an alias of a note.
            filter_text=typed,
            sort_text=f"{number:03}",
            insert_text_format=types.InsertTextFormat.Snippet if takes else None,
            text_edit=types.TextEdit(place, new if takes else new.replace(_CURSOR, "")),
        )
        for number, (label, new, detail) in enumerate(options)
    ]
    return types.CompletionList(is_incomplete=True, items=items[:_MOST])


def _takes_snippets(session: Session) -> bool:
    texts = session.server.client_capabilities.text_document
    item = texts.completion.completion_item if texts and texts.completion else None
    return bool(item and item.snippet_support)


def _options(
    context: Context, document: Document, line: str, offset: int
) -> tuple[str, types.CompletionItemKind, list[Option]]:
    """Return what is typed already, and what may be there: its kind; label, text and remark."""
    is_above = document.properties.span is not None and offset < document.body
    for pattern, kind, offer in _ABOVE if is_above else _BELOW:
        if found := pattern.search(line):
            options = offer(context, document, found, offset)
            typed = found["typed"]
            if pattern is _NOTE:
                return f"[[{typed}", kind, list(options)
            fitting = [one for one in options if typed.lower() in one[0].lower()]
            return typed, kind, fitting
    return "", types.CompletionItemKind.Text, []


def _notes(
    context: Context, document: Document, found: re.Match[str], offset: int
) -> Iterator[Option]:
    closed = document.text.startswith("]]", offset)
    for name, path in search(context, found["typed"], _MOST):
        link = wikilink(path, context.index, name)
        yield name, link.removesuffix("]]") if closed else link, path


def _places(
    context: Context, document: Document, found: re.Match[str], _offset: int
) -> Iterator[Option]:
    paths = context.index.resolve(found["target"].strip(), document.path)
    target = context.vault.documents.get(paths[0]) if paths else None
    if target is None:
        return
    if not found["typed"].startswith("#^"):
        for heading in target.headings:
            yield heading_subpath(heading.text), heading_subpath(heading.text), ""
    for block in target.blocks:
        yield f"#^{block.id}", f"#^{block.id}", ""


def _type_of(context: Context, document: Document) -> NoteType | None:
    name = context.config.type_name(document.path)
    return context.config.types[name] if name else None


def _keys(
    context: Context, document: Document, _found: re.Match[str], _offset: int
) -> Iterator[Option]:
    kind = _type_of(context, document)
    names = [*kind.required, *kind.properties] if kind else []
    for name in dict.fromkeys([*names, "aliases", "cssclasses", "tags"]):
        if name not in document.properties.data:
            yield name, f"{name}: ", ""


def _values(
    context: Context, document: Document, found: re.Match[str], offset: int
) -> Iterator[Option]:
    name = found.groupdict().get("name") or _key_above(document.text, offset)
    kind = _type_of(context, document)
    schema: dict[str, Any] = kind.properties.get(name, {}) if kind else {}
    values = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    if name == "tags":
        values = _tag_names(context)
    if schema.get("type") == "boolean":
        values = (True, False)
    for value in values:
        yield str(value), write_scalar(value), ""


def _key_above(text: str, offset: int) -> str:
    """Return the property whose list an offset is in."""
    keys = re.findall(r"^([\w -]+?)\s*:", text[:offset], re.MULTILINE)
    return keys[-1] if keys else ""


def _tag_names(context: Context) -> list[str]:
    found: set[str] = set()
    for document in context.vault.documents.values():
        found.update(tag.name for tag in document.tags)
        found.update(document.list_property("tags"))
    return sorted(found)


def _tags(
    context: Context, _document: Document, _found: re.Match[str], _offset: int
) -> Iterator[Option]:
    return ((name, name, "") for name in _tag_names(context))


def _roles(
    context: Context, document: Document, _found: re.Match[str], offset: int
) -> Iterator[Option]:
    kind, note = _type_of(context, document), context.note(document)
    above = [heading for heading in document.headings if heading.start < offset]
    section = kind.body.sections.get(above[-1].text) if kind and note and above else None
    if section and section.items == "source":
        for role in roles_of(section):
            yield role, f"{role}: ", ""
    elif section and section.items == "relation":
        for name, path in search(context, "", _MOST):
            if context.config.type_name(path) and path != document.path:
                yield name, f"{wikilink(path, context.index)}: ", stem(path)


def _markers(
    _context: Context, document: Document, _found: re.Match[str], offset: int
) -> Iterator[Option]:
    is_closed = "-->" in document.text[offset:].partition("\n")[0]
    rest = "" if is_closed else f"{_CURSOR} -->\n\n<!-- /vaultsync -->"
    for name, kind in KINDS.items():
        known = " ".join(kind.attributes or ())
        yield f"vaultsync:{name}", f"vaultsync:{name}{rest}", known


def _attributes(
    context: Context, _document: Document, found: re.Match[str], _offset: int
) -> Iterator[Option]:
    for name in attributes_of(found["kind"], context.config):
        if f' {name}="' not in found["before"]:
            yield name, f'{name}="', ""


def _attribute_values(
    context: Context, _document: Document, found: re.Match[str], _offset: int
) -> Iterator[Option]:
    values = values_of(found["kind"], found["name"], context.config)
    return ((value, value, "") for value in values)


Offer = Callable[[Context, Document, "re.Match[str]", int], Iterable[Option]]
_Kind = types.CompletionItemKind
_ABOVE: tuple[tuple[re.Pattern[str], types.CompletionItemKind, Offer], ...] = (
    (_NOTE, _Kind.File, _notes),
    (_ITEM, _Kind.Value, _values),
    (_VALUE, _Kind.Value, _values),
    (_KEY, _Kind.Property, _keys),
)
_BELOW: tuple[tuple[re.Pattern[str], types.CompletionItemKind, Offer], ...] = (
    (_NOTE, _Kind.File, _notes),
    (_PLACE, _Kind.Reference, _places),
    (_ATTRIBUTE, _Kind.Property, _attributes),
    (_ATTRIBUTE_VALUE, _Kind.Value, _attribute_values),
    (_MARKER, _Kind.Snippet, _markers),
    (_TAG, _Kind.Keyword, _tags),
    (_ROLE, _Kind.Keyword, _roles),
)

"""Where things are: definitions, references, symbols, links, folds, and what is at a place."""

from __future__ import annotations

from typing import Protocol

from lsprotocol import types

from vaultsync.app.note_view import backlinks
from vaultsync.blocks.quote import find_blocks
from vaultsync.core.model import Document, Link
from vaultsync.core.text import Span
from vaultsync.lint.context import Context
from vaultsync.lint.docs import find, rule_page
from vaultsync.lint.engine import Checked
from vaultsync.notes.citation import source_line
from vaultsync.notes.link_index import find_block, find_heading
from vaultsync.notes.note import Note
from vaultsync.server.names import search
from vaultsync.server.session import START, Session

# More symbols than anybody reads.
_MOST_SYMBOLS = 200


def folds(session: Session, params: types.FoldingRangeParams) -> list[types.FoldingRange] | None:
    """Return the generated blocks of a note."""
    found = session.document(params.text_document.uri)
    if found is None:
        return None
    positions = session.positions(found[1])
    ranges = [positions.range(block.span) for block in find_blocks(found[1])[0]]
    return [types.FoldingRange(place.start.line, place.end.line) for place in ranges]


def definition(session: Session, params: types.DefinitionParams) -> types.Location | None:
    """Return where the link at a place leads."""
    found = at(session, params)
    target = found and target_of(found[0].context, found[1], found[2])
    return session.location(*target) if target else None


def references(session: Session, params: types.ReferenceParams) -> list[types.Location] | None:
    """Return the links to the note that the link at a place leads to, or to the note itself."""
    found = at(session, params)
    if found is None:
        return None
    checked, document, offset = found
    target = target_of(checked.context, document, offset)
    path = target[0].path if target else document.path
    return [session.location(*place) for place in backlinks(checked, path)]


def symbols(
    session: Session, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | None:
    """Return the headings of a note, each with those below it."""
    found = session.document(params.text_document.uri)
    if found is None:
        return None
    document = found[1]
    positions, tops = session.positions(document), list[types.DocumentSymbol]()
    open_: list[tuple[int, list[types.DocumentSymbol]]] = []
    for number, heading in enumerate(document.headings):
        end = _end(document, number)
        place, below = positions.range(Span(heading.start, end)), list[types.DocumentSymbol]()
        name, kind = heading.text or "#", types.SymbolKind.String
        own = positions.range(heading.span)
        symbol = types.DocumentSymbol(name, kind, place, own, children=below)
        while open_ and open_[-1][0] >= heading.level:
            open_.pop()
        (open_[-1][1] if open_ else tops).append(symbol)
        open_.append((heading.level, below))
    return tops


def _end(document: Document, number: int) -> int:
    level, later = document.headings[number].level, document.headings[number + 1 :]
    return next((one.start for one in later if one.level <= level), len(document.text))


def workspace_symbols(
    session: Session, params: types.WorkspaceSymbolParams
) -> list[types.WorkspaceSymbol] | None:
    """Return the notes of which a text is a part of the name."""
    checked = session.checked()
    if checked is None:
        return None
    return [
        types.WorkspaceSymbol(
            types.Location(session.uri_of(path), START),
            name,
            types.SymbolKind.File,
            container_name=path,
        )
        for name, path in search(checked.context, params.query, _MOST_SYMBOLS)
    ]


def document_links(
    session: Session, params: types.DocumentLinkParams
) -> list[types.DocumentLink] | None:
    """Return the links of a note with the addresses that they lead to."""
    found = session.document(params.text_document.uri)
    if found is None:
        return None
    checked, document = found
    positions, index = session.positions(document), checked.context.index
    links = []
    for link in document.links:
        if link.external:
            links.append(types.DocumentLink(positions.range(link.span), link.target + link.subpath))
        elif paths := index.resolve(link.target, document.path):
            links.append(types.DocumentLink(positions.range(link.span), session.uri_of(paths[0])))
    return links


def hover(session: Session, params: types.HoverParams) -> types.Hover | None:
    """Return what a link leads to, or else the pages of the rules that are broken at a place."""
    found = at(session, params)
    if found is None:
        return None
    checked, document, offset = found
    target = target_of(checked.context, document, offset)
    note = target and checked.context.note(target[0])
    broken = [
        one.code
        for one in session.report(checked, [document.path])
        if one.path == document.path and one.span.start <= offset <= one.span.end
    ]
    rules = [rule for code in dict.fromkeys(broken) if (rule := find(code))]
    parts = [about(note)] if note else []
    parts += [rule_page(rule) for rule in rules]
    if not parts:
        return None
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, "\n\n---\n\n".join(parts)))


def about(note: Note) -> str:
    """Return a note's name, its claim, the properties that its stages are defined by, its sources.

    As Markdown.
    """
    names = {name for condition in note.type.states.values() for name in condition}
    values = [(name, note.document.text_property(name)) for name in sorted(names)]
    facts = [f"{name}: {value}" for name, value in values if value]
    sources = [f"- {source_line(source)}" for source in note.sources()]
    lines = [f"**{note.name}**", note.lead, ", ".join(facts), "\n".join(sources)]
    return "\n\n".join(line for line in lines if line)


class AtPlace(Protocol):
    """The parameters of a request about a place in a text."""

    text_document: types.TextDocumentIdentifier
    position: types.Position


def at(session: Session, params: AtPlace) -> tuple[Checked, Document, int] | None:
    """Return the state of now, a document and the offset of a place in it."""
    found = session.document(params.text_document.uri)
    if found is None:
        return None
    return *found, session.positions(found[1]).offset(params.position)


def link_at(document: Document, offset: int) -> Link | None:
    """Return the innermost link into the vault at a place."""
    around = [link for link in document.internal if link.start <= offset <= link.end]
    return max(around, key=lambda link: link.start, default=None)


def target_of(context: Context, document: Document, offset: int) -> tuple[Document, Span] | None:
    """Return the document and the place in it that the link at an offset leads to."""
    link = link_at(document, offset)
    paths = context.index.resolve(link.target, document.path) if link else ()
    target = context.vault.documents.get(paths[0]) if paths else None
    if link is None or target is None:
        return None
    return target, place_of(target, link.subpath)


def place_of(document: Document, subpath: str) -> Span:
    """Return the place that a subpath names; the beginning where there is none such."""
    if subpath.startswith("#^"):
        block = find_block(document, subpath)
        return Span(0, 0) if block is None else document.blocks[block].span
    number = find_heading(document, subpath) if subpath else None
    return Span(0, 0) if number is None else document.headings[number].span

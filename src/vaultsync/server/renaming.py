"""Renaming: what is at a place of a note, and files that the editor moves."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from vaultsync.app.move import Scope, changes, file_rename, moved_files, refuse_parts
from vaultsync.core.errors import VaultsyncError
from vaultsync.core.model import Document, Link
from vaultsync.core.text import Span
from vaultsync.lint.engine import Checked
from vaultsync.lint.rename.kinds import Files, Place, PlaceKind, Rename, Tag
from vaultsync.lint.rename.places import find_place, heading_text
from vaultsync.lint.rename.spelling import subpath_span
from vaultsync.lint.rename.tags import property_tags
from vaultsync.notes.link_index import index_of
from vaultsync.notes.note import stem
from vaultsync.server.edits import workspace_edit
from vaultsync.server.navigation import AtPlace, at, link_at
from vaultsync.server.positions import clean
from vaultsync.server.session import Session


class _Named(NamedTuple):
    """What can be renamed at a place: its name, where that is written, and what has it."""

    span: Span
    name: str
    what: Place | Tag | str


def prepare(
    session: Session, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder | None:
    """Return where the name at a place is and what it is; None where nothing can be renamed."""
    found = _at(session, params)
    if found is None:
        return None
    _, document, named = found
    return types.PrepareRenamePlaceholder(session.positions(document).range(named.span), named.name)


def rename(session: Session, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """Return the edits that give what is at a place another name, its file included."""
    found = _at(session, params)
    if found is None:
        return None
    checked, _, named = found
    try:
        scope = scope_of(session, checked)
        what = _with_name(named.what, clean(params.new_name).strip(), scope)
        edits = changes(what, scope).edits
    except VaultsyncError as error:
        raise _failed(error) from None
    edit = workspace_edit(session, checked, edits)
    for old, new in what.moves.items() if isinstance(what, Files) else ():
        edit.document_changes = [
            *(edit.document_changes or ()),
            types.RenameFile(session.uri_of(old), session.uri_of(new)),
        ]
    return edit


def will_rename(session: Session, params: types.RenameFilesParams) -> types.WorkspaceEdit | None:
    """Return the edits to links with which files that the editor moves are still found."""
    checked = session.checked()
    pairs = [(session.path_of(one.old_uri), session.path_of(one.new_uri)) for one in params.files]
    named = {old: new for old, new in pairs if old and new and old != new}
    if checked is None or not named:
        return None
    try:
        scope = scope_of(session, checked)
        edits = changes(moved_files(named, scope), scope).edits
    except VaultsyncError as error:
        raise _failed(error) from None
    return workspace_edit(session, checked, edits)


def _failed(error: VaultsyncError) -> JsonRpcException:
    return JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed.value)


def scope_of(session: Session, checked: Checked) -> Scope:
    """Return the vault as it is typed now, with its settings."""
    context = checked.context
    return Scope(session.root, context.vault, context.config, session.live.outside)


def _at(session: Session, params: AtPlace) -> tuple[Checked, Document, _Named] | None:
    found = at(session, params)
    if found is None:
        return None
    checked, document, offset = found
    link = link_at(document, offset)
    scope = scope_of(session, checked)
    named = _linked(document, link, offset, scope) if link else _written(document, offset)
    return (checked, document, named) if named else None


def _linked(document: Document, link: Link, offset: int, scope: Scope) -> _Named | None:
    """Return what a link leads to: its heading or block, except at the name of the note."""
    found = index_of(scope.vault.files).resolve(link.target, document.path)
    target = scope.vault.documents.get(found[0]) if found else None
    at_target = link.target != "" and link.target_start <= offset <= link.target_end
    place = find_place(target, link.subpath) if target and not at_target else None
    if target and place:
        span = subpath_span(document, link)
        is_there = span is not None and span.start <= offset <= span.end
        return _place(target, *place, span if span and is_there else link.span)
    if not found or link.target == "":
        return None
    span = link.target_span if at_target else link.span
    return _Named(span, stem(posixpath.basename(found[0])), found[0])


def _with_name(what: Place | Tag | str, new: str, scope: Scope) -> Rename:
    if isinstance(what, Tag):
        return Tag(what.old, new.removeprefix("#"))
    if isinstance(what, Place):
        name = new.removeprefix("^") if what.kind == "block" else new
        return msgspec.structs.replace(what, new=name)
    return _renamed_file(what, new, scope)


def _renamed_file(old: str, new: str, scope: Scope) -> Files:
    """Return the move of a file to a name in its folder, or with `/` to a path of the vault."""
    ending = posixpath.splitext(old)[1]
    path = new if "/" in new else posixpath.join(posixpath.dirname(old), new)
    path = path.removeprefix("/")
    path = path if path.lower().endswith(ending.lower()) else f"{path}{ending}"
    refuse_parts(path)
    return file_rename(old, path, scope)


def _written(document: Document, offset: int) -> _Named | None:
    """Return the tag, the block or the heading that is written at a place."""
    tags = [(one.name, Span(one.start + 1, one.end)) for one in document.tags]
    for name, span in (*tags, *property_tags(document)):
        if span.start - 1 <= offset <= span.end:
            return _Named(span, name, Tag(name, name))
    for number, block in enumerate(document.blocks):
        if block.start <= offset <= block.end:
            return _place(document, "block", number)
    for number, heading in enumerate(document.headings):
        if heading.text and heading.start <= offset <= heading.end:
            return _place(document, "heading", number)
    return None


def _place(document: Document, kind: PlaceKind, number: int, span: Span | None = None) -> _Named:
    """Return a heading or block of a document, whose name is written at `span` or there."""
    if kind == "block":
        block = document.blocks[number]
        own, name = Span(block.start + 1, block.end), block.id
    else:
        own, name = heading_text(document, number), document.headings[number].text
    return _Named(span or own, name, Place(document.path, kind, number, name))

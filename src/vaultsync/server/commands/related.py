"""The commands about notes that are not linked and perhaps should be."""

from __future__ import annotations

from typing import Any

import msgspec

from vaultsync.app.note_view import name_of
from vaultsync.app.related import dismissed
from vaultsync.server.commands.shared import OfNote, document_at, document_of, state
from vaultsync.server.edits import differences, workspace_edit
from vaultsync.server.session import Session


class Related(OfNote, frozen=True):
    """A note, and how many suggestions."""

    count: int = 10


class Dismiss(OfNote, frozen=True):
    """A note, the path of the one that is not to be suggested, and why."""

    target: str
    reason: str


def related(session: Session, wanted: Related) -> Any:
    """Return the suggestions for a note; none for one that is not compared."""
    checked = state(session)
    document, context = document_at(session, checked, wanted.uri), checked.context
    search = context.blocks.search
    if document.path not in search.model.facts:
        return []
    return [
        {
            "path": one.other,
            "uri": session.uri_of(one.other),
            "name": name_of(context.vault.documents[one.other], context),
            "score": one.score,
            "reasons": msgspec.to_builtins(one.reasons),
        }
        for one in search.of(document.path, wanted.count)
    ]


def dismiss(session: Session, wanted: Dismiss) -> Any:
    """Return the edit after which two notes are never suggested for each other."""
    checked = state(session)
    document, context = document_at(session, checked, wanted.uri), checked.context
    path, pair = context.config.related.dismissed, (document.path, wanted.target)
    document_of(checked, wanted.target)
    keeper = context.vault.documents.get(path)
    text = dismissed(keeper, path, pair, wanted.reason, context.index)
    if keeper is None:
        return {"edit": workspace_edit(session, checked, {}, (path, text))}
    return {"edit": workspace_edit(session, checked, differences(checked, {path: text}))}

"""Edits of notes as the protocol has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lsprotocol import types

from vaultsync.core.text import Edit, Span
from vaultsync.lint.engine import Checked
from vaultsync.server.session import START, Session


def workspace_edit(
    session: Session,
    checked: Checked,
    edits: Mapping[str, Sequence[Edit]],
    created: tuple[str, str] | None = None,
) -> types.WorkspaceEdit:
    """Return edits by path, and before them a file that is made: path and text."""
    changes: list[types.CreateFile | types.TextDocumentEdit] = []
    if created:
        uri, text = session.uri_of(created[0]), created[1]
        changes = [types.CreateFile(uri), _edit_of(uri, None, [types.TextEdit(START, text)])]
    for path, wanted in edits.items():
        document = checked.context.vault.documents.get(path)
        if document and wanted:
            opened = session.texts.get(path)
            version = opened.version if opened else None
            changes.append(_edit_of(session.uri_of(path), version, session.edits(document, wanted)))
    return types.WorkspaceEdit(document_changes=list(changes))


def _edit_of(uri: str, version: int | None, edits: list[types.TextEdit]) -> types.TextDocumentEdit:
    return types.TextDocumentEdit(
        types.OptionalVersionedTextDocumentIdentifier(uri, version), list(edits)
    )


def differences(checked: Checked, texts: Mapping[str, str]) -> dict[str, list[Edit]]:
    """Return the edits that lead to other texts of notes, by path."""
    documents = checked.context.vault.documents
    return {path: [_difference(documents[path].text, text)] for path, text in texts.items()}


def _difference(old: str, new: str) -> Edit:
    """Return the one edit that leads from a text to another."""
    most = min(len(old), len(new))
    start = next((at for at in range(most) if old[at] != new[at]), most)
    rest = range(most - start)
    end = next((at for at in rest if old[-1 - at] != new[-1 - at]), len(rest))
    return Edit(Span(start, len(old) - end), new[start : len(new) - end])

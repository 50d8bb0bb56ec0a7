"""What still has the old names after the editor gave files other ones by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from vaultsync.app.move import Scope, changes
from vaultsync.app.note_view import backlinks
from vaultsync.core.model import Document, Overlay, Vault
from vaultsync.core.text import Edit
from vaultsync.lint.engine import Checked
from vaultsync.lint.rename.kinds import Edits, Files
from vaultsync.markdown import parse
from vaultsync.notes.link_index import name_key
from vaultsync.notes.note import stem
from vaultsync.server.commands.shared import Arguments, state
from vaultsync.server.edits import workspace_edit
from vaultsync.server.renaming import scope_of
from vaultsync.server.session import Session


class Moved(Arguments, frozen=True):
    """The paths that files had, by those that they have."""

    names: dict[str, str]


def moved(session: Session, wanted: Moved) -> Any:
    """Return the edits that are left to make."""
    checked = state(session)
    files = checked.context.vault.files
    # A name that a file has again leads to that one.
    moves = {old: new for new, old in wanted.names.items() if new in files and old not in files}
    edits = changes(Files(moves), _before(scope_of(session, checked), moves)).edits
    found = {moves.get(path, path): ones for path, ones in edits.items()}
    return {"edit": workspace_edit(session, checked, _useful(checked, found, moves))}


def _before(scope: Scope, moves: Mapping[str, str]) -> Scope:
    """Return the vault with the texts of now and the names of before."""
    vault, new = scope.vault, frozenset(moves.values())
    documents = vault.documents
    back = {
        old: parse(old, documents[path].text) for old, path in moves.items() if path in documents
    }
    names = (vault.files - new).union(moves)
    return msgspec.structs.replace(scope, vault=Vault(Overlay(documents, back, new), names))


def _useful(checked: Checked, edits: Edits, moves: Mapping[str, str]) -> Edits:
    """Return the edits without aliases of names that nothing had, as of a note without a name."""
    documents = checked.context.vault.documents
    written = (edit.span.of(documents[path].text) for path in edits for edit in edits[path])
    named = {name_key(stem(one)) for one in written}
    idle = {new for old, new in moves.items() if name_key(stem(old)) not in named}
    return {
        path: found
        for path, found in edits.items()
        if path not in idle or _has_link(documents[path], found) or any(backlinks(checked, path))
    }


def _has_link(document: Document, edits: Iterable[Edit]) -> bool:
    targets = {link.target_span for link in document.internal}
    return any(edit.span in targets for edit in edits)

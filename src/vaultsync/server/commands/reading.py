"""The commands that return what is known."""

from __future__ import annotations

from typing import Any

import msgspec

from vaultsync.app.forms import forms
from vaultsync.app.insert import questions as questions_of
from vaultsync.app.insert import roles_of, section_for
from vaultsync.app.note_view import note_view, title_of
from vaultsync.blocks.quote import plain_text
from vaultsync.core.text import Span
from vaultsync.lint.context import Context
from vaultsync.server.commands.shared import Arguments, OfNote, document_at, note_at, state
from vaultsync.server.names import search
from vaultsync.server.session import Session

# The client sends another request while a name is typed.
_MOST = 50


def note(session: Session, wanted: OfNote) -> Any:
    """Return what is known about a note; None for a file that is not one."""
    checked = state(session)
    document = checked.context.vault.documents.get(session.path_of(wanted.uri) or "")
    if document is None or document.kind != "note":
        return None
    shown = msgspec.to_builtins(note_view(checked, document))
    for row in (shown, *shown["relations"], *shown["backlinks"]):
        row["uri"] = session.uri_of(row["path"])
    for row in shown["backlinks"]:
        other = checked.context.vault.documents[row["path"]]
        row["range"] = session.positions(other).range(Span(*row.pop("span")))
    return shown


def types(session: Session, _: Arguments) -> Any:
    """Return what a form for a new note needs, for each type."""
    return msgspec.to_builtins(forms(state(session).context.config, session.live.template))


class Notes(Arguments, frozen=True):
    """A part of a name, and the type of the notes."""

    query: str
    type: str | None = None


def notes(session: Session, wanted: Notes) -> Any:
    """Return the notes of which a text is a part of the name, each once, the best first."""
    context = state(session).context
    names: dict[str, str] = {}
    for name, path in search(context, wanted.query, 4 * _MOST, wanted.type):
        names.setdefault(path, name)
    return [_shown(session, context, name, path) for path, name in [*names.items()][:_MOST]]


def _shown(session: Session, context: Context, name: str, path: str) -> dict[str, str | None]:
    document = context.vault.documents[path]
    typed = context.note(document)
    return {
        "path": path,
        "uri": session.uri_of(path),
        "name": name,
        "title": title_of(document),
        "type": typed.type_name if typed else None,
        "detail": typed.lead if typed else path,
    }


def roles(session: Session, wanted: OfNote) -> Any:
    """Return the roles that a source of a note may have."""
    found = section_for(note_at(session, state(session), wanted.uri).type, "source")
    return roles_of(found[1]) if found else []


def questions(session: Session, wanted: OfNote) -> Any:
    """Return the questions in a note, and which of them are answered."""
    checked = state(session)
    document = document_at(session, checked, wanted.uri)
    typed, positions = checked.context.note(document), session.positions(document)
    return [
        {
            "text": plain_text(question.text),
            "range": positions.range(item.span),
            "isAnswered": bool(question.answer),
        }
        for item, question in (questions_of(typed) if typed else ())
    ]


def overview(session: Session, _: Arguments) -> Any:
    """Return how much is found in the whole vault."""
    return session.overview()

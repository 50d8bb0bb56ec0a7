"""The commands of `workspace/executeCommand`: what an editor needs that the protocol lacks.

Each has one object as its argument, and returns JSON.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from vaultsync.app.create import Value, idea_of
from vaultsync.app.forms import forms
from vaultsync.app.note_view import note_view, title_of
from vaultsync.core.errors import VaultError, VaultsyncError
from vaultsync.core.model import Document
from vaultsync.core.text import Span
from vaultsync.lint import engine
from vaultsync.lint.context import Context
from vaultsync.lint.engine import Checked
from vaultsync.server.edits import differences, workspace_edit
from vaultsync.server.names import search
from vaultsync.server.session import Session

PREFIX = "vaultsync."
# The client asks again while a name is typed.
_MOST = 50


class Arguments(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The object that a command is called with."""


class OfNote(Arguments, frozen=True):
    """A note."""

    uri: str


def state(session: Session) -> Checked:
    """Return the state of now; raise `VaultError` where the vault cannot be read."""
    checked = session.checked()
    if checked is None:
        raise VaultError(session.problem)
    return checked


def _note(session: Session, wanted: OfNote) -> Any:
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


def _types(session: Session, _: Arguments) -> Any:
    return msgspec.to_builtins(forms(state(session).context.config, session.live.template))


class _Create(Arguments, frozen=True):
    type: str
    subject: str
    values: dict[str, Value | None] = {}


async def _create(session: Session, wanted: _Create) -> Any:
    subject, config = " ".join(wanted.subject.split()), state(session).context.config
    given = {name: value for name, value in wanted.values.items() if value not in (None, "", [])}
    title = str(given.get("title", ""))
    if not (subject or title):
        raise VaultError("a note needs a title")
    # What is typed meanwhile is checked meanwhile.
    idea, failure = await asyncio.to_thread(idea_of, config, subject)
    idea = msgspec.structs.replace(idea, title=title or idea.title, given=given)
    made = session.live.new_note(wanted.type, idea)
    path = made.output.path
    return {
        "path": path,
        "uri": session.uri_of(path),
        "text": (made.output.data or b"").decode(),
        "isDraft": made.is_draft,
        "same": [
            {"path": other, "uri": session.uri_of(other), "reason": what}
            for other, what in made.same
        ],
        "failure": failure,
    }


class _Notes(Arguments, frozen=True):
    query: str
    type: str | None = None


def _notes(session: Session, wanted: _Notes) -> Any:
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


class _FixAll(Arguments, frozen=True):
    uris: list[str] | None = None


def _fix_all(session: Session, wanted: _FixAll) -> Any:
    checked = state(session)
    chosen = checked.context.vault.documents.keys() - session.live.outside
    if wanted.uris is not None:
        chosen &= {note(session, checked, uri).path for uri in wanted.uris}
    fixed = engine.fix(checked, sorted(chosen))
    before, after = (engine.known(engine.report(one, chosen)) for one in (checked, fixed.checked))
    edit = workspace_edit(session, checked, differences(checked, fixed.texts))
    return {"edit": edit, "count": (before - after).total()}


def note(session: Session, checked: Checked, uri: str) -> Document:
    """Return the note at an address; raise `VaultError` where there is none."""
    path = session.path_of(uri)
    document = checked.context.vault.documents.get(path) if path else None
    if document is None:
        raise VaultError(f"{path or uri}: there is no such note in the vault")
    return document


def _overview(session: Session, _: Arguments) -> Any:
    return session.overview(state(session))


class Command(NamedTuple):
    """What a command is called with, and what answers it."""

    arguments: type[Arguments]
    answer: Callable[[Session, Any], Any]


COMMANDS: Mapping[str, Command] = {
    "note": Command(OfNote, _note),
    "types": Command(Arguments, _types),
    "create": Command(_Create, _create),
    "notes": Command(_Notes, _notes),
    "fixAll": Command(_FixAll, _fix_all),
    "overview": Command(Arguments, _overview),
}


async def execute(session: Session | None, name: str, arguments: tuple[Any, ...]) -> Any:
    """Return the answer of a command; raise the error of the protocol where there is none."""
    command = COMMANDS[name]
    try:
        if session is None:
            raise VaultError("there is no vault here: open a folder that is one")
        wanted = msgspec.convert(_only(arguments), command.arguments)
        answer = command.answer(session, wanted)
        return await answer if inspect.isawaitable(answer) else answer
    except msgspec.ValidationError as error:
        raise JsonRpcException(
            f"{PREFIX}{name}: {error}", types.ErrorCodes.InvalidParams.value
        ) from None
    except VaultsyncError as error:
        raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed.value) from None


def _only(arguments: tuple[Any, ...]) -> Any:
    if len(arguments) > 1:
        raise msgspec.ValidationError("Expected one `object`")
    return arguments[0] if arguments else {}

"""The commands that return edits, and texts to be written."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from vaultsync.app.create import Value, idea_of
from vaultsync.app.insert import answer_edit, answered_edits, relation_edit, source_edit
from vaultsync.app.note_view import name_of
from vaultsync.core.errors import VaultError
from vaultsync.lint import engine
from vaultsync.notes.body import Relation
from vaultsync.notes.link_index import wikilink
from vaultsync.server.commands.shared import (
    Arguments,
    OfNote,
    Place,
    document_at,
    document_of,
    note_at,
    state,
)
from vaultsync.server.edits import differences, workspace_edit
from vaultsync.server.session import Session


class Create(Arguments, frozen=True):
    """A new note of a type: a title or an address, and values of properties."""

    type: str
    subject: str
    values: dict[str, Value | None] = msgspec.field(default_factory=dict)


async def create(session: Session, wanted: Create) -> Any:
    """Return a note, which is not written yet."""
    subject, config = _line(wanted.subject), state(session).context.config
    given = {name: value for name, value in wanted.values.items() if value not in (None, "", [])}
    title = _line(str(given.get("title", "")))
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


def _line(text: str) -> str:
    return " ".join(text.split())


class Link(OfNote, frozen=True):
    """A link in a note to the one at a path, by one of its names."""

    target: str
    name: str | None = None


def link(session: Session, wanted: Link) -> Any:
    """Return a link as it is written."""
    context = state(session).context
    if wanted.target not in context.vault.files | context.vault.documents.keys():
        raise VaultError(f"{wanted.target}: there is no such file in the vault")
    target = context.vault.documents.get(wanted.target)
    usual = name_of(target, context) if target else ""
    shown = usual if wanted.name is None else wanted.name
    return {"text": wikilink(wanted.target, context.index, shown)}


class AddSource(OfNote, frozen=True):
    """A source by its address; without a role it gets that of the first source."""

    address: str
    role: str = ""


async def source(session: Session, wanted: AddSource) -> Any:
    """Return the edit that adds a source to a note, and why it could not be looked up."""
    address, config = _line(wanted.address), state(session).context.config
    idea, failure = await asyncio.to_thread(idea_of, config, address)
    if idea.source is None:
        raise VaultError(f"{address}: this is not an address: it begins with https://")
    # The note may have changed meanwhile.
    checked = state(session)
    note = note_at(session, checked, wanted.uri)
    edit = source_edit(note, msgspec.structs.replace(idea.source, role=wanted.role))
    return {"edit": workspace_edit(session, checked, {note.path: [edit]}), "failure": failure}


class Relate(OfNote, frozen=True):
    """A relation to the note at a path: why, why from there, and what would decide a tension."""

    target: str
    reason: str = ""
    back: str | None = None
    is_tension: bool = False
    crux: str | None = None


def relate(session: Session, wanted: Relate) -> Any:
    """Return the edit that adds a relation to a note."""
    checked = state(session)
    note, target = note_at(session, checked, wanted.uri), document_of(checked, wanted.target)
    reason, back, crux = map(_line, (wanted.reason, wanted.back or "", wanted.crux or ""))
    relation = Relation(target.path, reason, wanted.is_tension, crux, back)
    context = checked.context
    marks = context.config.publish.tensions
    edit = relation_edit(note, target.path, context.index, relation, marks)
    return {"edit": workspace_edit(session, checked, {note.path: [edit]})}


class Answer(OfNote, frozen=True):
    """A question in a note, or without a place the note itself, and the note that answers it."""

    target: str
    range: Place | None = None
    reason: str = "the answer"


def answer(session: Session, wanted: Answer) -> Any:
    """Return the edits that close a question."""
    checked = state(session)
    note, target = note_at(session, checked, wanted.uri), document_of(checked, wanted.target)
    index = checked.context.index
    if wanted.range:
        place = session.positions(note.document).span(wanted.range.range)
        edits = [answer_edit(note, place, target.path, index)]
    else:
        edits = answered_edits(note, target.path, index, _line(wanted.reason))
    return {"edit": workspace_edit(session, checked, {note.path: edits})}


class FixAll(Arguments, frozen=True):
    """Some notes, or all."""

    uris: list[str] | None = None


def fix_all(session: Session, wanted: FixAll) -> Any:
    """Return the edits of all safe fixes, and how many findings are gone by them."""
    checked = state(session)
    chosen = checked.context.vault.documents.keys() - session.live.outside
    if wanted.uris is not None:
        chosen &= {document_at(session, checked, uri).path for uri in wanted.uris}
    fixed = engine.fix(checked, sorted(chosen))
    before, after = (engine.report(one, chosen) for one in (checked, fixed.checked))
    edit = workspace_edit(session, checked, differences(checked, fixed.texts))
    return {"edit": edit, "count": engine.gone(before, after)}
